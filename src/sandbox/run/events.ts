// Kubernetes Events of the pretend world: what `kubectl describe` tells of pods, ReplicaSets and Deployments.
// Repeats are counted on the event that is there. Nobody waits for them, and when too many wait the oldest are given up.

import type { Cluster } from '../../cluster/cluster.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import { EVENT } from '../../kinds/resource-type.js';
import type { Clock } from '../../lib/clock.js';
import { formatTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import type { Announcement } from '../world.js';

export interface EventWriter {
  announce(announcement: Announcement): void;
  /** Nothing is written after what is being written now. */
  stop(): Promise<void>;
}

const MOST_WAITING = 500;
const MOST_KNOWN = 2000;

type Entry = Announcement & { readonly at: Instant };

export function createEventWriter(cluster: Cluster, clock: Clock): EventWriter {
  const waiting: Entry[] = [];
  const known = new Map<string, { readonly ref: ObjectRef; count: number }>();
  let stamp = 0n;
  let stopped = false;
  let worker: Promise<void> | undefined;

  const write = async (entry: Entry): Promise<void> => {
    const identity = [entry.about.metadata.uid, entry.about.kind, entry.about.metadata.name, entry.reporter, entry.note.reason, entry.note.message].join('\n');
    const before = known.get(identity);
    if (before !== undefined) {
      before.count += 1;
      const merged = await cluster.patch(before.ref, 'merge', { count: before.count, lastTimestamp: formatTime(entry.at) });
      if (merged.ok || merged.error.code !== 404) return;
    }
    const nanoseconds = BigInt(Math.floor(entry.at)) * 1_000_000n;
    stamp = nanoseconds > stamp ? nanoseconds : stamp + 1n;
    const ref: ObjectRef = { type: EVENT, namespace: entry.about.metadata.namespace ?? 'default', name: `${entry.about.metadata.name}.${stamp.toString(16)}` };
    // An event that can not be written (its namespace is going, say) is no loss worth a second try.
    const made = await cluster.create(ref, eventObject(ref, entry));
    if (made.ok) known.set(identity, { ref, count: 1 });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  };

  const work = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) await write(entry);
    worker = undefined;
  };

  return {
    announce(announcement) {
      if (stopped) return;
      if (waiting.length >= MOST_WAITING) waiting.shift();
      waiting.push({ ...announcement, at: clock.now() });
      worker ??= work();
    },
    async stop() {
      stopped = true;
      waiting.length = 0;
      await worker;
    },
  };
}

function eventObject(ref: ObjectRef, { about, note, reporter, host, at }: Entry): KubeObject {
  const { uid, resourceVersion, name, namespace } = about.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: ref.name, namespace: ref.namespace },
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid, resourceVersion },
    type: note.type,
    reason: note.reason,
    message: note.message,
    source: { component: reporter, ...(host === undefined ? {} : { host }) },
    reportingComponent: reporter,
    reportingInstance: host ?? '',
    firstTimestamp: formatTime(at),
    lastTimestamp: formatTime(at),
    count: 1,
  };
}
