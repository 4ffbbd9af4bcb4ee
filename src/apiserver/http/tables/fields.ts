// Reading objects of any shape for a table: what is absent or of another type reads as nothing, never as an error.

import { isRecord } from '../../../lib/deep.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The value at the end of the path, or undefined. */
export function dig(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isRecord(found)) return undefined;
    found = found[key];
  }
  return found;
}

export function record(value: unknown, ...path: readonly string[]): Fields {
  const found = dig(value, ...path);
  return isRecord(found) ? found : {};
}

export function records(value: unknown, ...path: readonly string[]): readonly Fields[] {
  const found = dig(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

/** Undefined when absent or empty. */
export function text(value: unknown, ...path: readonly string[]): string | undefined {
  const found = dig(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** 0 when absent. */
export function count(value: unknown, ...path: readonly string[]): number {
  const found = dig(value, ...path);
  return typeof found === 'number' ? found : 0;
}

export const NONE = '<none>';

/** "a=1,b=2", sorted. */
export function labelText(labels: Fields): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? NONE : pairs.toSorted().join(',');
}

const EXPRESSIONS: Readonly<Record<string, (key: string, values: string) => string>> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};

/** A label selector as one line, as `-l` would take it. */
export function selectorText(selector: Fields): string {
  const equal = Object.entries(record(selector, 'matchLabels')).map(([key, value]) => `${key}=${String(value)}`);
  const further = records(selector, 'matchExpressions').map((expression) => {
    const values = dig(expression, 'values');
    const write = EXPRESSIONS[text(expression, 'operator') ?? ''];
    return write?.(text(expression, 'key') ?? '', Array.isArray(values) ? values.map(String).toSorted().join(',') : '') ?? '';
  });
  const parts = [...equal.toSorted(), ...further];
  return parts.length === 0 ? NONE : parts.join(',');
}
