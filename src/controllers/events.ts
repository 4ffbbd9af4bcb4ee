// Kubernetes Events: what `kubectl describe` tells of a rollout. Written beside the passes and never waited for,
// because a decision must not fail or be late for want of its announcement.

import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { describeError } from '../cluster/errors.js';
import type { Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { EVENT } from '../kinds/resource-type.js';
import { sleep } from '../lib/clock.js';
import type { Clock } from '../lib/clock.js';
import { formatTime } from '../lib/instant.js';
import { err } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Rng } from '../lib/rng.js';
import { NOT_LEADING } from './apply.js';
import type { WorkFigures } from './figures.js';

export interface EventRecorder {
  record(about: KubeObject, note: Note): void;
  /** Events that are not written yet. */
  pending(): number;
  /** Writes what waits, without pauses; nothing is taken any more. */
  stop(): Promise<void>;
}

export type EventRecorderOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: (message: string) => void;
  readonly mayWrite: () => boolean;
  readonly figures?: WorkFigures | undefined;
  /** Told of each event as it is recorded. */
  readonly onRecord?: ((about: KubeObject, note: Note) => void) | undefined;
};

/** The name that Argo Rollouts' own controller gives: what reads events looks for it. */
export const EVENT_SOURCE = 'rollouts-controller';
/** More than this waiting means that the server is slow or gone; the oldest are given up. */
const MOST_PENDING = 1000;
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 250;
/** How many distinct events are known for merging. */
const MOST_KNOWN = 4096;

export type EventEntry = { readonly about: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>; readonly note: Note; readonly at: number };
type Known = { readonly ref: ObjectRef; count: number };

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { cluster, clock, log } = options;
  const waiting: EventEntry[] = [];
  const known = new Map<string, Known>();
  let lastStamp = 0n;
  const stopping = new AbortController();
  let worker: Promise<void> | undefined;

  const identity = ({ about, note }: EventEntry): string =>
    [about.metadata.uid ?? '', about.kind, about.metadata.namespace ?? '', about.metadata.name, note.type, note.reason, note.message].join('\n');

  /**
   * As the client library names them: the object's name and the time in nanoseconds. What the clock does not give of it is chance:
   * others name events of an object of the same name, such as a rollout's Deployment, in the same millisecond.
   */
  const freshName = (name: string, at: number): string => {
    const now = BigInt(Math.floor(at)) * 1_000_000n + BigInt(options.rng.int(1_000_000));
    lastStamp = now > lastStamp ? now : lastStamp + 1n;
    return `${name}.${lastStamp.toString(16)}`;
  };

  /** Asks again, a few times, what the server may answer better a moment later. By then another engine may lead. */
  const patiently = async (ask: () => Promise<Result<KubeObject, ClusterError>>): Promise<Result<KubeObject, ClusterError>> => {
    for (let tries = 1; options.mayWrite(); tries += 1) {
      const answer = await ask();
      if (answer.ok || !isPassing(answer.error) || tries === MOST_TRIES) return answer;
      await sleep(clock, Math.max(FIRST_PAUSE_MS * 2 ** tries, answer.error.retryAfterMs ?? 0), stopping.signal);
    }
    return err(NOT_LEADING);
  };

  const create = async (entry: EventEntry): Promise<void> => {
    const { about } = entry;
    const namespace = about.metadata.namespace ?? 'default';
    const ref: ObjectRef = { type: EVENT, namespace, name: freshName(about.metadata.name, entry.at) };
    const made = await patiently(() => cluster.create(ref, eventObject(ref, entry)));
    // A 409 is an earlier try whose answer was lost: the name is nobody else's.
    if (!made.ok && made.error.code !== 409) {
      log(`event ${entry.note.reason} of ${namespace}/${about.metadata.name} is lost: ${describeError(made.error)}`);
      return;
    }
    known.set(identity(entry), { ref, count: 1 });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  };

  const write = async (entry: EventEntry): Promise<void> => {
    if (!options.mayWrite()) return;
    const key = identity(entry);
    const before = known.get(key);
    if (before === undefined) return create(entry);
    before.count += 1;
    // The one used last is forgotten last.
    known.delete(key);
    known.set(key, before);
    const merged = await patiently(() => cluster.patch(before.ref, 'merge', { count: before.count, lastTimestamp: formatTime(entry.at) }));
    if (merged.ok) return;
    known.delete(key);
    // Servers drop events after an hour; then it begins anew.
    if (merged.error.code === 404) return create(entry);
    log(`event ${entry.note.reason} of ${before.ref.namespace}/${entry.about.metadata.name} is lost: ${describeError(merged.error)}`);
  };

  const work = async (): Promise<void> => {
    for (let entry = waiting[0]; entry !== undefined; entry = waiting[0]) {
      await write(entry);
      waiting.shift();
    }
    worker = undefined;
  };

  return {
    record(about, note) {
      if (stopping.signal.aborted) return;
      options.figures?.records(about, note);
      options.onRecord?.(about, note);
      if (waiting.length >= MOST_PENDING) {
        const [lost] = waiting.splice(1, 1);
        log(`event ${lost?.note.reason ?? ''} is given up: ${MOST_PENDING} wait already`);
      }
      waiting.push({ about, note, at: clock.now() });
      worker ??= work();
    },
    pending: () => waiting.length,
    async stop() {
      stopping.abort();
      await worker;
    },
  };
}

const isPassing = ({ code }: ClusterError): boolean => code === 0 || code === 429 || code >= 500;

/** `source` is the name of the component that tells it. */
export function eventObject(ref: ObjectRef, { about, note, at }: EventEntry, source = EVENT_SOURCE): KubeObject {
  const { uid, resourceVersion, name } = about.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: ref.name, namespace: ref.namespace },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name,
      ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type: note.type,
    reason: note.reason,
    message: note.message,
    source: { component: source },
    reportingComponent: source,
    firstTimestamp: formatTime(at),
    lastTimestamp: formatTime(at),
    count: 1,
  };
}
