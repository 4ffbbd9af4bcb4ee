// The value of a key `template.<name>`: each text in it, however deep, is a template of its own.

import type { GoValue } from '../decide/expression/go-value.js';
import { compileTemplate, type TextTemplate } from '../go-template/template.js';
import { isRecord } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';
import { err, ok, type Result } from '../lib/result.js';
import type { Notification } from './service.js';

export type MessageTemplate = { render(data: GoValue, now: Instant): Result<Notification, string> };

type Leaf = { readonly path: string; readonly template: TextTemplate };

/** What is wrong with a text is told with the name of its field. */
export function compileMessage(source: unknown): Result<MessageTemplate, string> {
  if (!isRecord(source)) return err('it is no map of fields such as "message"');
  const leaves = new Map<string, Leaf>();
  const problem = compileLeaves(source, '', leaves);
  if (problem !== undefined) return err(problem);
  return ok({
    render(data, now) {
      let failed: string | undefined;
      const made = mapTexts(source, '', (path, text) => {
        const rendered = leaves.get(path)?.template.render(data, now) ?? ok(text);
        if (!rendered.ok) failed ??= `${path}: ${rendered.error}`;
        return rendered.ok ? rendered.value : '';
      });
      if (failed !== undefined) return err(failed);
      const { message, ...fields } = made as Readonly<Record<string, unknown>>;
      return ok({ message: typeof message === 'string' ? message : '', fields });
    },
  });
}

function compileLeaves(source: unknown, path: string, leaves: Map<string, Leaf>): string | undefined {
  let problem: string | undefined;
  mapTexts(source, path, (at, text) => {
    const template = compileTemplate(text);
    if (template.ok) leaves.set(at, { path: at, template: template.value });
    else problem ??= `${at}: ${template.error}`;
    return text;
  });
  return problem;
}

/** The same with each text changed. */
export function mapTexts(value: unknown, path: string, change: (path: string, text: string) => string): unknown {
  if (typeof value === 'string') return change(path, value);
  if (Array.isArray(value)) return value.map((item: unknown, index) => mapTexts(item, `${path}[${index}]`, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, path === '' ? key : `${path}.${key}`, change)]));
}

/** One message of several templates, as triggers send them: what a later one has to say of a field stands. */
export function merged(parts: readonly Notification[]): Notification {
  return parts.reduce<Notification>(
    (whole, part) => ({ message: part.message === '' ? whole.message : part.message, fields: overlaid(whole.fields, part.fields) }),
    { message: '', fields: {} },
  );
}

function overlaid(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const whole: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = whole[key];
    whole[key] = isRecord(before) && isRecord(value) ? overlaid(before, value) : value;
  }
  return whole;
}
