// Taking, keeping and giving back the Lease. Whoever holds it may write; who can not renew it in time stops by its own clock,
// before anybody else may think it free, and then waits to lead again: the process does not end for it.

import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { describeError } from '../cluster/errors.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { apiVersionOf, NAMESPACE } from '../kinds/resource-type.js';
import { sleep } from '../lib/clock.js';
import type { Clock } from '../lib/clock.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import type { Rng } from '../lib/rng.js';
import { heldLease, LEASE_NAME, leaseRef, readRecord, releasedLease } from './lease-record.js';

/** Without a renewal for this long the holder stops writing; 5 s before others may take the lease. */
export const RENEW_DEADLINE_MS = 10_000;
export const RETRY_MS = 2000;
/** No more than this counts between two looks at the lease of another; they come every two seconds and a little. */
const LONGEST_LOOK_MS = 2 * RETRY_MS;
/** So that two that wait do not always ask in the same instant. */
const RETRY_JITTER = 0.2;

export type LeaseState =
  | { readonly type: 'waiting'; /** "" while nobody is known. */ readonly holder: string; readonly reason: string }
  | { readonly type: 'leading' };

export type LeaseOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly namespace: string;
  readonly identity: string;
  /** Makes the namespace if it is missing: right on the embedded server only, whose namespaces nobody else looks after. */
  readonly createNamespace: boolean;
  /** Called at each change. When it leaves `leading`, writes are refused already. */
  readonly onChange: (state: LeaseState) => void;
};

export interface Lease {
  state(): LeaseState;
  /** Asked before each write. */
  holds(): boolean;
  /** Gives the lease back if it is held, then resolves. Whoever calls this has stopped writing. */
  stop(): Promise<void>;
}

/** Begins to try at once. */
export function startLease(options: LeaseOptions): Lease {
  const { cluster, clock, identity, rng } = options;
  const ref = leaseRef(options.namespace);
  const stopping = new AbortController();
  let state: LeaseState = { type: 'waiting', holder: '', reason: 'the lease has not been asked for yet' };
  let held: KubeObject | undefined;
  /** Until then by this clock; counted from before the request, since nobody knows when in it the server took the time. */
  let holdsUntil: Instant = Number.NEGATIVE_INFINITY;
  /** What others hold, and for how long it has looked like that to us: their clocks are not to be trusted. */
  let watched: { readonly mark: string; readonly lookedAt: Instant; readonly forMs: number } | undefined;
  let cancelFence = (): void => undefined;

  const holds = (): boolean => state.type === 'leading' && clock.now() < holdsUntil;
  const become = (next: LeaseState): void => {
    const same =
      next.type === state.type && (next.type === 'leading' || (state.type === 'waiting' && next.holder === state.holder && next.reason === state.reason));
    state = next;
    if (!same) options.onChange(next);
  };
  const lose = (reason: string, holder = ''): void => {
    cancelFence();
    holdsUntil = Number.NEGATIVE_INFINITY;
    held = undefined;
    become({ type: 'waiting', holder, reason });
  };
  const won = (lease: KubeObject, askedAt: Instant): void => {
    held = lease;
    holdsUntil = askedAt + RENEW_DEADLINE_MS;
    cancelFence();
    cancelFence = clock.after(holdsUntil - clock.now(), () => {
      if (!stopping.signal.aborted) lose(`the lease could not be renewed for ${RENEW_DEADLINE_MS / 1000} s`);
    });
    become({ type: 'leading' });
  };

  const mayTake = (lease: KubeObject, now: Instant): boolean => {
    const record = readRecord(lease);
    if (record.holder === '' || record.holder === identity) return true;
    const mark = `${record.holder} ${record.renewedAt ?? ''} ${record.transitions} ${lease.metadata.resourceVersion ?? ''}`;
    // Nor is this one: set forward between two looks, it would make a lease that is renewed look old.
    const passedMs = watched?.mark === mark ? Math.min(Math.max(0, now - watched.lookedAt), LONGEST_LOOK_MS) : 0;
    watched = { mark, lookedAt: now, forMs: watched?.mark === mark ? watched.forMs + passedMs : 0 };
    return watched.forMs > record.durationMs;
  };

  const refused = async (error: ClusterError, doing: string): Promise<void> => {
    const hint = error.code === 404 ? `; create the namespace ${options.namespace}, or name the engine's own in POD_NAMESPACE` : '';
    if (!holds()) lose(`can not ${doing} the lease ${options.namespace}/${LEASE_NAME}: ${describeError(error)}${hint}`);
  };

  const createFirst = async (wanted: KubeObject): Promise<Result<KubeObject, ClusterError>> => {
    const made = await cluster.create(ref, wanted);
    if (made.ok || made.error.code !== 404 || !options.createNamespace) return made;
    await createNamespace(cluster, options.namespace);
    return cluster.create(ref, wanted);
  };

  const acquire = async (): Promise<void> => {
    const askedAt = clock.now();
    const found = await cluster.get(ref);
    if (!found.ok && found.error.code !== 404) return refused(found.error, 'read');
    if (found.ok && !mayTake(found.value, clock.now())) return lose('another engine leads', readRecord(found.value).holder);
    const before = found.ok ? found.value : undefined;
    const wanted = heldLease(ref, before, identity, clock.now());
    const taken = before === undefined ? await createFirst(wanted) : await cluster.update(ref, wanted);
    if (stopping.signal.aborted) {
      if (taken.ok) held = taken.value;
      return;
    }
    if (taken.ok) won(taken.value, askedAt);
    // Another was quicker; the next look tells who.
    else if (taken.error.code !== 409) await refused(taken.error, 'take');
  };

  const renew = async (current: KubeObject): Promise<void> => {
    const askedAt = clock.now();
    const renewed = await cluster.update(ref, heldLease(ref, current, identity, askedAt));
    if (stopping.signal.aborted) {
      if (renewed.ok) held = renewed.value;
      return;
    }
    // The fence may have fallen while the answer was on its way: then it must be taken anew, visibly.
    if (renewed.ok && holds()) return won(renewed.value, askedAt);
    if (renewed.ok || (renewed.error.code !== 409 && renewed.error.code !== 404)) return;
    const found = await cluster.get(ref);
    if (!found.ok && found.error.code !== 404) return;
    const holder = found.ok ? readRecord(found.value).holder : '';
    if (found.ok && holder === identity) held = found.value;
    else lose(found.ok ? 'another engine has taken the lease' : 'the lease was deleted', holder);
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await (held !== undefined && holds() ? renew(held) : acquire());
      await sleep(clock, RETRY_MS * (1 + RETRY_JITTER * rng.next()), stopping.signal);
    }
  };
  const running = run();

  return {
    state: () => state,
    holds,
    async stop() {
      stopping.abort();
      cancelFence();
      await running;
      holdsUntil = Number.NEGATIVE_INFINITY;
      if (held !== undefined) await cluster.update(ref, releasedLease(held, clock.now()));
      held = undefined;
      state = { type: 'waiting', holder: '', reason: 'stopped' };
    },
  };
}

async function createNamespace(cluster: Cluster, name: string): Promise<void> {
  // A failure shows when the lease is made in it.
  await cluster.create({ type: NAMESPACE, namespace: '', name }, { apiVersion: apiVersionOf(NAMESPACE), kind: 'Namespace', metadata: { name } });
}
