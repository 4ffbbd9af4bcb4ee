// What the engine has done, counted since it began: passes, their time, what failed, events, and how its queues fare. What is counted of
// an object is told for a while after it has gone.

import { Counter, Histogram, type Registry } from 'prom-client';
import type { WorkFigures } from '../../controllers/figures.js';
import { instanceOf } from '../../controllers/instance.js';
import type { CacheReader } from '../../controllers/reconciler.js';
import { refKey, type ObjectRef } from '../../kinds/object-ref.js';
import { ANALYSIS_RUN, EXPERIMENT, ROLLOUT } from '../../kinds/resource-type.js';
import { createQueueFigures } from './queues.js';

/** So long after an object has gone its counts are still told: the last scrape must not miss the end. */
export const KEPT_MS = 65_000;

/** Beyond so many, those that come new are not counted, until a scrape has forgotten what is gone. */
export const MOST_COUNTED_OBJECTS = 20_000;

/** Distinct events of one rollout. Their reasons are the engine's own words, so this is far more than there are. */
const MOST_REASONS = 100;

const PASS_BUCKETS = [0.01, 0.15, 0.25, 0.5, 1];
/** Services are asked over the network, and again after a pause where they fail. */
const SEND_BUCKETS = [0.01, 0.1, 0.25, 0.5, 1, 5, 10, 30];
const PLACE = ['namespace', 'name'] as const;

export type WorkOptions = {
  readonly registry: Registry;
  /** What the engine knows; undefined while it does not lead. */
  readonly cache: () => CacheReader | undefined;
  readonly instanceId: string;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly mostObjects?: number;
};

export interface CountedWork extends WorkFigures {
  /** Before a scrape: forgets what is gone for long enough, and looks how long passes have been under way. */
  read(): void;
}

/** What is counted of the objects of one type. */
type Passes = { readonly seconds: Histogram<'namespace' | 'name'>; readonly errors: Counter<'namespace' | 'name'> };

function passesOf(registry: Registry, prefix: string, what: string): Passes {
  return {
    seconds: new Histogram({
      name: `${prefix}_reconcile`,
      help: `Seconds that passes for ${what} took.`,
      labelNames: PLACE,
      buckets: PASS_BUCKETS,
      registers: [registry],
    }),
    errors: new Counter({
      name: `${prefix}_reconcile_error`,
      help: `Passes for ${what} that had to be tried again.`,
      labelNames: PLACE,
      registers: [registry],
    }),
  };
}

function sendsOf(registry: Registry) {
  const labelNames = [...PLACE, 'type', 'reason'] as const;
  return {
    success: new Counter({ name: 'notification_send_success', help: 'Notifications that were sent.', labelNames, registers: [registry] }),
    error: new Counter({ name: 'notification_send_error', help: 'Notifications that could not be sent.', labelNames, registers: [registry] }),
    seconds: new Histogram({
      name: 'notification_send',
      help: 'Seconds that sending a notification took.',
      labelNames: PLACE,
      buckets: SEND_BUCKETS,
      registers: [registry],
    }),
  };
}

export function createWorkFigures(options: WorkOptions): CountedWork {
  const { registry, now } = options;
  const byType = new Map([
    [ROLLOUT.plural, passesOf(registry, 'rollout', 'a rollout')],
    [EXPERIMENT.plural, passesOf(registry, 'experiment', 'an experiment')],
    [ANALYSIS_RUN.plural, passesOf(registry, 'analysis_run', 'an analysis run')],
  ]);
  const events = new Counter({
    name: 'rollout_events_total',
    help: 'Events of rollouts.',
    labelNames: [...PLACE, 'type', 'reason'],
    registers: [registry],
  });
  const queues = createQueueFigures(registry, now);
  const sends = sendsOf(registry);
  const counted = createCountedObjects(options, ({ ref, reasons, sent }) => {
    const { namespace, name } = ref;
    byType.get(ref.type.plural)?.seconds.remove({ namespace, name });
    byType.get(ref.type.plural)?.errors.remove({ namespace, name });
    for (const { type, reason } of reasons.values()) events.remove({ namespace, name, type, reason });
    for (const { type, reason } of sent.values()) for (const counter of [sends.success, sends.error]) counter.remove({ namespace, name, type, reason });
    if (ref.type === ROLLOUT) sends.seconds.remove({ namespace, name });
  });

  return {
    ...queues,
    passes(ref) {
      const passes = byType.get(ref.type.plural);
      const begin = now();
      return (failed) => {
        if (failed) queues.retries(ref);
        if (passes === undefined || counted.of(ref) === undefined) return;
        const { namespace, name } = ref;
        passes.seconds.observe({ namespace, name }, (now() - begin) / 1000);
        // From 0 on, so that the first failure is seen to be an increase.
        passes.errors.inc({ namespace, name }, Number(failed));
      };
    },
    records({ kind, metadata: { namespace = '', name } }, { type, reason }) {
      if (kind !== ROLLOUT.kind) return;
      if (isRoomFor(counted.of({ type: ROLLOUT, namespace, name })?.reasons, { type, reason })) events.inc({ namespace, name, type, reason });
    },
    sends({ metadata: { namespace = '', name } }, { type, reason }) {
      const begin = now();
      return (failed) => {
        if (!isRoomFor(counted.of({ type: ROLLOUT, namespace, name })?.sent, { type, reason })) return;
        sends.seconds.observe({ namespace, name }, (now() - begin) / 1000);
        sends.success.inc({ namespace, name, type, reason }, Number(!failed));
        // From 0 on, so that the first failure is seen to be an increase.
        sends.error.inc({ namespace, name, type, reason }, Number(failed));
      };
    },
    read() {
      counted.sweep();
      queues.read();
    },
  };
}

type Reason = { readonly type: string; readonly reason: string };
type Reasons = Map<string, Reason>;
/** `reasons` are those of its events, `sent` those of its notifications. */
type Entry = { readonly ref: ObjectRef; readonly reasons: Reasons; readonly sent: Reasons; goneAt: number | undefined };

/** Whether it is to be counted; what is counted is remembered, to be forgotten with its object. */
function isRoomFor(reasons: Reasons | undefined, why: Reason): boolean {
  const key = `${why.type}/${why.reason}`;
  if (reasons === undefined || (reasons.size >= MOST_REASONS && !reasons.has(key))) return false;
  reasons.set(key, why);
  return true;
}

/** The objects of which something is counted. */
function createCountedObjects({ cache, instanceId, now, mostObjects = MOST_COUNTED_OBJECTS }: WorkOptions, forget: (entry: Entry) => void) {
  const entries = new Map<string, Entry>();
  /** Whether it is there, as far as is known. An engine that does not lead, or has not listed yet, knows nothing. */
  const isGone = (ref: ObjectRef): boolean => cache()?.has(ref.type) === true && cache()?.get(ref) === undefined;
  const sweep = (): void => {
    for (const [key, entry] of entries) {
      entry.goneAt = isGone(entry.ref) ? (entry.goneAt ?? now()) : undefined;
      if (entry.goneAt === undefined || now() - entry.goneAt < KEPT_MS) continue;
      entries.delete(key);
      forget(entry);
    }
  };
  return {
    sweep,
    /** What is counted of it; undefined: nothing is to be. */
    of(ref: ObjectRef): Entry | undefined {
      const key = refKey(ref);
      const known = entries.get(key);
      if (known !== undefined) {
        if (isGone(ref)) known.goneAt ??= now();
        return known;
      }
      const object = cache()?.get(ref);
      if (object === undefined || instanceOf(object) !== instanceId) return undefined;
      if (entries.size >= mostObjects) return undefined;
      const entry: Entry = { ref, reasons: new Map(), sent: new Map(), goneAt: undefined };
      entries.set(key, entry);
      return entry;
    },
  };
}
