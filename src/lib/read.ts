// Reading fields of objects that nobody has checked: an invalid rollout must be shown too, with its reason.
// Wrong or missing values read as undefined; nothing here throws.

import { isRecord } from './deep.js';
import { type Instant, parseTime } from './instant.js';

export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current: unknown = value;
  for (const key of path) {
    if (typeof key === 'number') current = Array.isArray(current) ? current[key] : undefined;
    else current = isRecord(current) && Object.hasOwn(current, key) ? current[key] : undefined;
    if (current === undefined || current === null) return undefined;
  }
  return current;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** A finite number, also when it is written as text. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function flagAt(value: unknown, ...path: readonly (string | number)[]): boolean {
  return at(value, ...path) === true;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function timeAt(value: unknown, ...path: readonly (string | number)[]): Instant | undefined {
  return parseTime(textAt(value, ...path));
}

export function hasAt(value: unknown, ...path: readonly (string | number)[]): boolean {
  return at(value, ...path) !== undefined;
}
