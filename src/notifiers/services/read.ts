// Fields of settings and of rendered templates: of the wrong form is told with the field's name, never guessed.

import { isRecord } from '../../lib/deep.js';
import { at } from '../../lib/read.js';
import { err, ok, type Result } from '../../lib/result.js';

/** Text, or a number or bool that somebody wrote without quotes; "" when there is none. */
export function text(from: unknown, ...path: readonly string[]): string {
  const found = at(from, ...path);
  return typeof found === 'string' ? found : typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}

export const flag = (from: unknown, ...path: readonly string[]): boolean => text(from, ...path) === 'true';

/** The first of these settings that is missing, in a sentence. */
export function missing(settings: unknown, names: readonly string[]): string | undefined {
  const name = names.find((each) => text(settings, each) === '');
  return name === undefined ? undefined : `"${name}" is missing`;
}

/** A map of texts, such as names and addresses. */
export function textMap(from: unknown, name: string): Result<ReadonlyMap<string, string>, string> {
  const found = at(from, name);
  if (!isRecord(found)) return err(`"${name}" is missing: it is a map of names`);
  const [wrong] = Object.entries(found).find(([, value]) => typeof value === 'object' && value !== null) ?? [];
  return wrong === undefined ? ok(new Map(Object.keys(found).map((key) => [key, text(found, key)]))) : err(`"${name}.${wrong}" is not a text`);
}

export function chosen(map: ReadonlyMap<string, string>, recipient: string, name: string): Result<string, string> {
  const found = map.get(recipient);
  if (found !== undefined && found !== '') return ok(found);
  const known = map.size === 0 ? 'it is empty' : `it has ${[...map.keys()].join(', ')}`;
  return err(`the recipient ${JSON.stringify(recipient)} is not in "${name}": ${known}`);
}

/** JSON in a rendered text; undefined where there is no text. */
export function json(from: unknown, ...path: readonly string[]): Result<unknown, string> {
  const source = text(from, ...path).trim();
  if (source === '') return ok(undefined);
  try {
    return ok(JSON.parse(source) as unknown);
  } catch (fault) {
    return err(`${path.join('.')} of the template is no JSON: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}
