// Who owns which field: the entries of `metadata.managedFields`, kept up to date by every write,
// and the conflicts that a server-side apply meets. Ownership is stored in the form in which it is shown.

import type { StructuralSchema } from '../../kinds/structural-schema.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { deepEqual, isRecord } from '../../lib/deep.js';
import { formatTime, type Instant } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus } from './api.js';
import { METADATA_SCHEMA } from './decode.js';
import { diffFields, fieldsOf, type Dots } from './field-diff.js';
import { intersect, pathsOf, subtract, union, type FieldSet } from './field-set.js';
import type { Draft, FieldPath } from './kind.js';
import { MOST_UPDATE_MANAGERS } from './limits.js';
import { failure } from './status.js';

export type Operation = 'Apply' | 'Update';

/** Who writes, how, and through which subresource ("" for the object itself). */
export type Writer = {
  readonly manager: string;
  readonly operation: Operation;
  readonly subresource: string;
  readonly apiVersion: string;
  readonly now: Instant;
};

export type ManagedEntry = {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldSet;
  readonly subresource?: string;
};

type Objectlike = Readonly<Record<string, unknown>>;

const ANCIENT = 'ancient-changes';

// What the server sets by itself, or what names the object, is nobody's.
const OWNERLESS_METADATA = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** The object without what nobody owns. */
function ownable(object: Objectlike): Objectlike {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...content } = object;
  if (!isRecord(metadata)) return content;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(metadata)) if (!OWNERLESS_METADATA.has(key)) kept[key] = metadata[key];
  return { metadata: kept, ...content };
}

const wholes = new WeakMap<StructuralSchema, StructuralSchema>();

/** The schema of the whole object, its metadata included. */
export function wholeSchema(schema: StructuralSchema | undefined): StructuralSchema {
  if (schema === undefined) return { properties: { metadata: METADATA_SCHEMA } };
  const known = wholes.get(schema);
  if (known !== undefined) return known;
  const made: StructuralSchema = { ...schema, properties: { ...schema.properties, metadata: METADATA_SCHEMA } };
  wholes.set(schema, made);
  return made;
}

export const entriesOf = (object: KubeObject | Draft | undefined): readonly ManagedEntry[] => (object?.metadata.managedFields ?? []) as readonly ManagedEntry[];

/** What somebody owns; the outermost node says nothing, nor does an empty `f:metadata`. */
const ownedFields = (schema: StructuralSchema, object: Objectlike, dots: Dots): FieldSet => {
  const { metadata, ...rest } = ownable(object);
  const { '.': _dot, ...set } = fieldsOf(schema, isRecord(metadata) && Object.keys(metadata).length > 0 ? { metadata, ...rest } : rest, dots);
  return set;
};

const isEmptySet = (set: FieldSet | undefined): boolean => set === undefined || Object.keys(set).length === 0;

const sameWriter = (entry: ManagedEntry, writer: Writer): boolean =>
  entry.manager === writer.manager &&
  entry.operation === writer.operation &&
  (entry.subresource ?? '') === writer.subresource &&
  (writer.operation === 'Apply' || entry.apiVersion === writer.apiVersion);

function entryOf(writer: Writer, fieldsV1: FieldSet): ManagedEntry {
  const { manager, operation, apiVersion, subresource } = writer;
  // Frozen at its root alone: sets are large, and nobody changes one in place.
  Object.freeze(fieldsV1);
  return { manager, operation, apiVersion, time: formatTime(writer.now), fieldsType: 'FieldsV1', fieldsV1, ...(subresource === '' ? {} : { subresource }) };
}

/** A creator owns everything: worked out when somebody looks, which for most objects nobody does. */
function lazyEntry(writer: Writer, make: () => FieldSet): ManagedEntry {
  let known: FieldSet | undefined;
  let pending: (() => FieldSet) | undefined = make;
  const { manager, operation, apiVersion, subresource } = writer;
  return Object.freeze({
    manager,
    operation,
    apiVersion,
    time: formatTime(writer.now),
    fieldsType: 'FieldsV1',
    get fieldsV1() {
      known ??= Object.freeze(pending?.() ?? {});
      pending = undefined;
      return known;
    },
    ...(subresource === '' ? {} : { subresource }),
  });
}

/** Appliers first, then by time and name. */
function ordered(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  return entries.toSorted((a, b) => {
    if (a.operation !== b.operation) return a.operation === 'Apply' ? -1 : 1;
    if (a.time !== b.time) return a.time < b.time ? -1 : 1;
    return a.manager < b.manager ? -1 : Number(a.manager > b.manager);
  });
}

/** Too many writers of updates: the oldest become one. */
function capped(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  const updates = entries.filter(({ operation }) => operation === 'Update');
  if (updates.length <= MOST_UPDATE_MANAGERS) return entries;
  const [first, second] = updates.toSorted((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
  if (first === undefined || second === undefined) return entries;
  const joined: ManagedEntry = { ...second, manager: ANCIENT, fieldsV1: union(first.fieldsV1, second.fieldsV1) ?? {} };
  return [...entries.filter((entry) => entry !== first && entry !== second), joined];
}

const dotsOf = (custom: boolean): Dots => (custom ? 'all' : 'new');

/** The object without those fields; shares all else. */
function without(object: Objectlike, [first = '', ...rest]: FieldPath): Objectlike {
  if (rest.length === 0) {
    const { [first]: _gone, ...kept } = object;
    return kept;
  }
  const inner = object[first];
  return isRecord(inner) ? { ...object, [first]: without(inner, rest) } : object;
}

/** The entry of whoever creates it: everything but what the server has set by itself. */
export function trackCreation(
  schema: StructuralSchema | undefined,
  custom: boolean,
  after: Draft,
  serverSet: readonly FieldPath[],
  writer: Writer,
): readonly ManagedEntry[] {
  const { metadata, ...content } = ownable(after);
  if (Object.keys(content).length === 0 && (!isRecord(metadata) || Object.keys(metadata).length === 0)) return [];
  return Object.freeze([lazyEntry(writer, () => ownedFields(wholeSchema(schema), serverSet.reduce<Objectlike>(without, after), dotsOf(custom)))]);
}

/** The entries after an ordinary write to what was there: who changes a field owns it, and nobody else any longer. */
export function trackWrite(schema: StructuralSchema | undefined, custom: boolean, before: KubeObject, after: Draft, writer: Writer): readonly ManagedEntry[] {
  const whole = wholeSchema(schema);
  // A client may have rewritten them in this very write.
  const entries = entriesOf(after);
  const dots = dotsOf(custom);
  const { changed, removed } = diffFields(whole, ownable(before), ownable(after), dots);
  if (changed === undefined && removed === undefined) return entries;
  const gone = union(changed, removed);
  let own: ManagedEntry | undefined;
  const others = entries.flatMap((entry) => {
    if (own === undefined && sameWriter(entry, writer)) {
      own = entry;
      return [];
    }
    return withFields(entry, subtract(entry.fieldsV1, gone));
  });
  const owned = union(subtract(own?.fieldsV1, removed), changed);
  if (owned === undefined || isEmptySet(owned)) return others;
  const mine = own !== undefined && deepEqual(own.fieldsV1, owned) ? own : entryOf(writer, owned);
  return ordered(capped([...others, mine]));
}

const withFields = (entry: ManagedEntry, fieldsV1: FieldSet | undefined): readonly ManagedEntry[] => {
  if (fieldsV1 === entry.fieldsV1) return [entry];
  return fieldsV1 === undefined || isEmptySet(fieldsV1) ? [] : [{ ...entry, fieldsV1: Object.freeze(fieldsV1) }];
};

export type Applied = { /** What this manager applied before. */ readonly last: FieldSet | undefined; readonly entries: readonly ManagedEntry[] };

/** The entries with what is now applied in the place of what was; conflicts are not looked at yet. */
export function trackApply(schema: StructuralSchema | undefined, live: KubeObject | undefined, config: Objectlike, writer: Writer): Applied {
  const entries = entriesOf(live);
  const own = entries.find((entry) => sameWriter(entry, writer));
  const applied = ownedFields(wholeSchema(schema), config, 'empty');
  const others = entries.filter((entry) => entry !== own);
  if (own !== undefined && own.apiVersion === writer.apiVersion && deepEqual(own.fieldsV1, applied)) return { last: own.fieldsV1, entries };
  return { last: own?.fieldsV1, entries: isEmptySet(applied) ? others : ordered([...others, entryOf(writer, applied)]) };
}

/** Fails with 409 when a changed field is another manager's, unless forced: then it is theirs no longer. */
export function settleConflicts(
  schema: StructuralSchema | undefined,
  live: KubeObject,
  next: Objectlike,
  entries: readonly ManagedEntry[],
  writer: Writer,
  force: boolean,
): Result<readonly ManagedEntry[], ApiStatus> {
  const { changed, removed } = diffFields(wholeSchema(schema), ownable(live), ownable(next), 'empty');
  const conflicts: Conflict[] = [];
  const settled = entries.flatMap((entry) => {
    if (sameWriter(entry, writer)) return [entry];
    const contested = intersect(entry.fieldsV1, changed);
    for (const path of pathsOf(contested)) conflicts.push({ entry, path });
    return withFields(entry, subtract(subtract(entry.fieldsV1, contested), removed));
  });
  return conflicts.length > 0 && !force ? err(conflictStatus(conflicts)) : ok(settled);
}

type Conflict = { readonly entry: ManagedEntry; readonly path: string };

function managerText({ manager, operation, subresource, apiVersion }: ManagedEntry): string {
  const name = `${JSON.stringify(manager)}${subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

function conflictStatus(conflicts: readonly Conflict[]): ApiStatus {
  const causes = conflicts.map(({ entry, path }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${managerText(entry)}`, field: path }));
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined) {
    return failure(409, 'Conflict', `Apply failed with 1 conflict: conflict with ${managerText(only.entry)}: ${only.path}`, { causes });
  }
  const lines = [...new Set(conflicts.map(({ entry }) => managerText(entry)))]
    .toSorted()
    .flatMap((text) => [`conflicts with ${text}:`, ...conflicts.filter(({ entry }) => managerText(entry) === text).map(({ path }) => `- ${path}`)]);
  return failure(409, 'Conflict', `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`, { causes });
}
