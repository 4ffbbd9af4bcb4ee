// Watches: what each watcher sees of the log of a kind. An object that begins to match a selector is ADDED to its watcher,
// one that ceases to match is DELETED, as the real server does it.

import type { KubeObject } from '../../kinds/kube-object.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus, StoreEvent, WatchHandle, WatchRequest } from './api.js';
import { parseFieldSelector } from './field-selector.js';
import type { Kind, ServedVersion } from './kind.js';
import { textAt } from './kind.js';
import { parseLabelSelector } from '../../kinds/label-selector-text.js';
import { checkWatchOptions } from './list-options.js';
import type { LogEntry } from './object-table.js';
import type { Objects } from './objects.js';
import { badRequest, expired, failure, tooNew, wrongRevision } from './status.js';
import { inVersion } from './versions.js';

/** The test of one watcher or list; undefined when it takes everything. */
export type ObjectTest = (object: KubeObject) => boolean;

const NO_LABELS = {};

/** Fails with 400 when a selector can not be read or names a field that the kind is not selected by. */
export function objectTest(
  kind: Kind,
  options: { readonly labelSelector?: string; readonly fieldSelector?: string },
): Result<ObjectTest | undefined, ApiStatus> {
  const labels = parseLabelSelector(options.labelSelector);
  if (!labels.ok) return err(badRequest(labels.error));
  const fields = parseFieldSelector(options.fieldSelector, kind);
  if (!fields.ok) return err(badRequest(fields.error));
  const byLabel = labels.value;
  const byField = fields.value?.matches;
  if (byLabel === undefined) return ok(byField);
  if (byField === undefined) return ok((object) => byLabel(object.metadata.labels ?? NO_LABELS));
  return ok((object) => byField(object) && byLabel(object.metadata.labels ?? NO_LABELS));
}

const texts = new WeakMap<KubeObject, string>();

/** The object as JSON, made once however many watchers there are. Only for frozen objects. */
export function jsonOf(object: KubeObject): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  texts.set(object, text);
  return text;
}

function eventOf(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): StoreEvent {
  return {
    type,
    object,
    get json() {
      return jsonOf(object);
    },
  };
}

const withRevision = (object: KubeObject, revision: number): KubeObject => ({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });

/** What a watcher with that test sees of the entry; undefined when nothing. */
function visible(entry: LogEntry, test: ObjectTest | undefined, version: ServedVersion): StoreEvent | undefined {
  const { type, object, previous } = entry;
  if (test === undefined) return eventOf(type, inVersion(object, version));
  const matched = previous !== undefined && test(previous);
  const matches = type !== 'DELETED' && test(object);
  if (matches) return eventOf(matched ? 'MODIFIED' : 'ADDED', inVersion(object, version));
  if (!matched || previous === undefined) return undefined;
  return eventOf('DELETED', inVersion(type === 'DELETED' ? object : withRevision(previous, entry.revision), version));
}

const EXPIRED = (asked: number, newest: number): ApiStatus => expired(`too old resource version: ${asked} (${newest})`);

export function startWatch(
  objects: Objects,
  kind: Kind,
  version: ServedVersion,
  request: WatchRequest,
  listener: (event: StoreEvent) => void,
): Result<WatchHandle, ApiStatus> {
  const { options } = request;
  const namespace = version.type.namespaced ? request.namespace : undefined;
  const allowed = checkWatchOptions(options);
  if (!allowed.ok) return allowed;
  const selected = objectTest(kind, options);
  if (!selected.ok) return selected;
  const test = selected.value;
  const asked = options.resourceVersion ?? '';
  if (!/^\d*$/.test(asked)) return err(failure(500, '', wrongRevision(asked)));
  const fromNow = asked === '' || asked === '0' || options.sendInitialEvents === true;
  // Without a version, or from 0, the watcher first gets what there is, unless it says that it does not want it.
  const sendsInitial = fromNow && options.sendInitialEvents !== false;
  const start = fromNow ? objects.revision() : Number(asked);
  if (start > objects.revision()) return err(tooNew(start, objects.revision()));
  const table = objects.table(kind);
  const missed = table.since(start);
  if (missed === undefined) return err(EXPIRED(start, objects.revision()));

  let open = true;
  let seen = objects.revision();
  const pass = (entry: LogEntry): void => {
    if (!open || (namespace !== undefined && textAt(entry.object.metadata, 'namespace') !== namespace)) return;
    const event = visible(entry, test, version);
    if (event !== undefined) listener(event);
  };
  const stop = objects.subscribe(kind, (entry) => {
    // Entries that wait for delivery while this watch begins were replayed to it already.
    if (entry.revision > seen) {
      seen = entry.revision;
      pass(entry);
    }
  });
  if (sendsInitial)
    for (const object of table.list(namespace)) if (open && (test === undefined || test(object))) listener(eventOf('ADDED', inVersion(object, version)));
  for (const entry of missed) pass(entry);
  if (open && options.sendInitialEvents === true && options.allowWatchBookmarks === true)
    listener({ type: 'BOOKMARK', resourceVersion: String(start), initialEventsEnd: true });
  return ok({
    close() {
      open = false;
      stop();
    },
  });
}
