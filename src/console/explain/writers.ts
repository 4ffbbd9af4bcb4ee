// Who wrote a field, and when, as the server remembers it in managedFields.

import type { KubeObject } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';
import type { Instant } from '../../lib/instant.js';
import { at, textAt, timeAt } from '../../lib/read.js';

export type Writer = { readonly manager: string; readonly at: Instant | undefined; readonly subresource: string | undefined };

export type WriterEntry = Writer & { readonly fields: unknown };

export function writersOf(object: KubeObject): readonly WriterEntry[] {
  return (object.metadata.managedFields ?? []).map((entry) => ({
    manager: textAt(entry, 'manager') ?? 'unknown',
    at: timeAt(entry, 'time'),
    subresource: textAt(entry, 'subresource'),
    fields: at(entry, 'fieldsV1'),
  }));
}

/** The newest writer that owns the field ("spec", "paused"). */
export function writerOf(object: KubeObject, ...path: readonly string[]): Writer | undefined {
  const owners = writersOf(object).filter(({ fields }) => at(fields, ...path.map((name) => `f:${name}`)) !== undefined);
  return owners.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
}

/** "spec.paused, spec.template": what an entry owns, two levels deep. */
export function fieldWords(fields: unknown): readonly string[] {
  const names = (value: unknown): string[] => (isRecord(value) ? Object.keys(value).filter((key) => key.startsWith('f:')) : []);
  return names(fields).flatMap((top) => {
    const below = names(at(fields, top));
    const path = top.slice(2);
    return below.length === 0 || path === 'status' ? [path] : below.map((name) => `${path}.${name.slice(2)}`);
  });
}
