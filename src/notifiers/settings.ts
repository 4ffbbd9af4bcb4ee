// The ConfigMap and the Secret of notifications as what they set: services, templates, triggers, subscriptions. A key that is wrong is told
// with its name and left out; the others stand.

import type { GoValue } from '../decide/expression/go-value.js';
import { fromObject } from '../go-template/values.js';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import { compileMessage, type MessageTemplate } from './message-template.js';
import { CONFIG_MAP_NAME, SECRET_NAME } from './names.js';
import type { ReadYaml, Service } from './service.js';
import { createService } from './services/registry.js';
import { type DefaultSubscription, type Defaults, defaultSubscriptions, namesOf } from './subscriptions.js';
import { type Condition, parseTrigger } from './triggers.js';

export type Texts = Readonly<Record<string, string>>;

/** Each by its name; one that is wrong with the reason. */
type Named<T> = ReadonlyMap<string, Result<T, string>>;

export type Settings = {
  readonly services: Named<Service>;
  readonly templates: Named<MessageTemplate>;
  readonly triggers: Named<readonly Condition[]>;
  readonly defaults: Defaults;
  readonly context: GoValue;
  readonly secrets: Texts;
  /** One sentence for each key that is wrong. */
  readonly problems: readonly string[];
};

export function readSettings(data: Texts, secrets: Texts, readYaml: ReadYaml): Settings {
  const problems: string[] = [];
  const services = new Map<string, Result<Service, string>>();
  const templates = new Map<string, Result<MessageTemplate, string>>();
  const triggers = new Map<string, Result<readonly Condition[], string>>();
  const ofService = new Map<string, readonly string[]>();
  let defaultTriggers: readonly string[] = [];
  let subscriptions: readonly DefaultSubscription[] = [];
  let context: unknown = {};
  const note = <T>(key: string, result: Result<T, string>): Result<T, string> => {
    if (!result.ok) problems.push(`${key} of the ConfigMap ${CONFIG_MAP_NAME}: ${result.error}`);
    return result;
  };
  const read = <T>(key: string, source: string, make: (value: unknown) => Result<T, string>): Result<T, string> => {
    const value = readYaml(source);
    return note(key, value.ok ? make(value.value) : value);
  };
  for (const [key, source] of Object.entries(data)) {
    const [kind = '', ...rest] = key.split('.');
    const name = rest.join('.');
    if (kind === 'service' && name !== '') {
      const [type = '', ...instance] = rest;
      const made = read(key, source, (value) => {
        const filled = filledIn(value ?? {}, secrets);
        for (const missing of filled.missing) note(key, err(`$${missing} is no key of the Secret ${SECRET_NAME}`));
        return createService(type, filled.value);
      });
      services.set(instance.length === 0 ? type : instance.join('.'), made);
    } else if (kind === 'template' && name !== '') {
      templates.set(name, read(key, source, compileMessage));
    } else if (kind === 'trigger' && name !== '') {
      triggers.set(name, read(key, source, parseTrigger));
    } else if (kind === 'defaultTriggers') {
      const names = read(key, source, namesOf);
      if (names.ok && name === '') defaultTriggers = names.value;
      else if (names.ok) ofService.set(name, names.value);
    } else if (key === 'subscriptions') {
      const found = read(key, source, defaultSubscriptions);
      if (found.ok) subscriptions = found.value;
    } else if (key === 'context') {
      const found = read(key, source, (value) => (isRecord(value) ? ok(value) : err('it is no map')));
      if (found.ok) context = found.value;
    }
  }
  for (const problem of danglingNames(triggers, templates)) problems.push(problem);
  return { services, templates, triggers, defaults: { subscriptions, triggers: defaultTriggers, ofService }, context: fromObject(context), secrets, problems };
}

/** Triggers that send what is not there. */
function danglingNames(triggers: Settings['triggers'], templates: Settings['templates']): readonly string[] {
  return [...triggers].flatMap(([trigger, conditions]) =>
    (conditions.ok ? conditions.value : [])
      .flatMap(({ send }) => send)
      .filter((name) => !templates.has(name))
      .map((name) => `trigger.${trigger} of the ConfigMap ${CONFIG_MAP_NAME} sends the template ${JSON.stringify(name)}, and there is no template.${name}`),
  );
}

/** `$key` in a text stands for a value of the Secret. In the values, not in the YAML: no secret can break it. */
const REFERENCE = /\$([-A-Za-z0-9_.]*[-A-Za-z0-9_])/g;

function filledIn(value: unknown, secrets: Texts): { readonly value: unknown; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const fill = (each: unknown): unknown => {
    if (typeof each === 'string')
      return each.replaceAll(REFERENCE, (whole, key: string) => {
        // What people store often ends with a line break.
        if (Object.hasOwn(secrets, key)) return (secrets[key] ?? '').replace(/[\r\n]+$/, '');
        missing.push(key);
        return whole;
      });
    if (Array.isArray(each)) return each.map(fill);
    return isRecord(each) ? Object.fromEntries(Object.entries(each).map(([key, item]) => [key, fill(item)])) : each;
  };
  return { value: fill(value), missing };
}
