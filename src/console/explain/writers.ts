// Who wrote a field, and when, as the server remembers it in managedFields.

import type { KubeObject } from '../../kinds/kube-object.js';
import { isRecord } from '../../lib/deep.js';
import type { Instant } from '../../lib/instant.js';
import { at, textAt, timeAt } from '../../lib/read.js';

export type Writer = { readonly manager: string; readonly at: Instant | undefined; readonly subresource: string | undefined };

const namesIn = (fields: unknown): readonly string[] => (isRecord(fields) ? Object.keys(fields).filter((key) => key.startsWith('f:')) : []);

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

/** What servers note for writers that do not say who they are. */
const NAMELESS = 'unknown';

/** ", with kubectl-edit": the program that wrote a field, where the server remembers it. */
export function writerClause(object: KubeObject, ...path: readonly string[]): string {
  const writer = writerOf(object, ...path);
  return writer === undefined || writer.manager === NAMELESS ? '' : `, with ${writer.manager}`;
}

/** When the field was written; undefined where its writer owns others beside it, since the time may be that of those. */
export function writtenAt(object: KubeObject, top: string, field: string): Instant | undefined {
  const beside = (fields: unknown): readonly string[] => namesIn(at(fields, `f:${top}`));
  const owners = writersOf(object).filter(({ fields }) => beside(fields).includes(`f:${field}`));
  const [newest] = owners.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
  return newest !== undefined && beside(newest.fields).length === 1 ? newest.at : undefined;
}

/** "spec.paused, spec.template": what an entry owns, two levels deep. */
export function fieldWords(fields: unknown): readonly string[] {
  return namesIn(fields).flatMap((top) => {
    const below = namesIn(at(fields, top));
    const path = top.slice(2);
    return below.length === 0 || path === 'status' ? [path] : below.map((name) => `${path}.${name.slice(2)}`);
  });
}
