// How the engine's queues fare, in the words in which client-go tells it.

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { WorkFigures } from '../../controllers/figures.js';
import { refKey, type ObjectRef } from '../../kinds/object-ref.js';
import type { ResourceType } from '../../kinds/resource-type.js';

/** As client-go measures its queues, in seconds. */
const BUCKETS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10];

export interface QueueFigures extends Pick<WorkFigures, 'waits' | 'takes' | 'stops'> {
  retries(key: ObjectRef): void;
  /** Before a scrape: how much waits, and how long work has been under way. */
  read(): void;
}

/** `now`: milliseconds of a clock that never jumps. */
export function createQueueFigures(registry: Registry, now: () => number): QueueFigures {
  const shared = { labelNames: ['name'] as const, registers: [registry] };
  const adds = new Counter({ ...shared, name: 'workqueue_adds_total', help: 'Keys that came to wait for a worker.' });
  const depth = new Gauge({ ...shared, name: 'workqueue_depth', help: 'Keys that wait for a worker.' });
  const waited = new Histogram({ ...shared, name: 'workqueue_queue_duration_seconds', help: 'Seconds that a key waited for a worker.', buckets: BUCKETS });
  const worked = new Histogram({ ...shared, name: 'workqueue_work_duration_seconds', help: 'Seconds that a worker was busy with a key.', buckets: BUCKETS });
  const unfinished = new Gauge({ ...shared, name: 'workqueue_unfinished_work_seconds', help: 'Seconds of all work that is under way.' });
  const longest = new Gauge({
    ...shared,
    name: 'workqueue_longest_running_processor_seconds',
    help: 'Seconds of the work that has been under way for longest.',
  });
  const retried = new Counter({ ...shared, name: 'workqueue_retries_total', help: 'Keys that are tried again after a failure.' });
  /** When each key came to wait, and when each that is worked on was taken. */
  const waiting = new Map<string, { readonly name: string; readonly since: number }>();
  const running = new Map<string, { readonly name: string; readonly since: number }>();
  const names = new Set<string>();

  return {
    waits(key) {
      if (waiting.has(refKey(key))) return;
      const name = queueOf(key.type);
      names.add(name);
      waiting.set(refKey(key), { name, since: now() });
      adds.inc({ name });
    },
    takes(key) {
      const name = queueOf(key.type);
      const began = now();
      waited.observe({ name }, (began - (waiting.get(refKey(key))?.since ?? began)) / 1000);
      waiting.delete(refKey(key));
      running.set(refKey(key), { name, since: began });
      return () => {
        running.delete(refKey(key));
        worked.observe({ name }, (now() - began) / 1000);
      };
    },
    stops(type) {
      for (const [key, { name }] of waiting) if (name === queueOf(type)) waiting.delete(key);
    },
    retries: (key) => retried.inc({ name: queueOf(key.type) }),
    read() {
      const ages = [...running.values()].map(({ name, since }) => ({ name, seconds: (now() - since) / 1000 }));
      const queued = [...waiting.values()];
      for (const name of names) {
        const mine = ages.filter((age) => age.name === name).map(({ seconds }) => seconds);
        depth.set({ name }, queued.filter((each) => each.name === name).length);
        unfinished.set(
          { name },
          mine.reduce((sum, seconds) => sum + seconds, 0),
        );
        longest.set({ name }, Math.max(0, ...mine));
      }
    },
  };
}

/** "Rollouts", "Ingresses": the names that queues have in dashboards. */
const queueOf = ({ kind }: ResourceType): string => `${kind}${kind.endsWith('s') ? 'es' : 's'}`;
