// Who else has a rollout open: each console that has says so by a short-lived Lease beside it, and takes it away again. One
// that could not (a killed process) runs out by itself, and whoever comes next takes it away.

import type { Cluster } from '../cluster/cluster.js';
import { readRecord } from '../controllers/lease-record.js';
import type { Need } from '../console/need.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { type ObjectRef, refOf } from '../kinds/object-ref.js';
import { apiVersionOf, LEASE, ROLLOUT } from '../kinds/resource-type.js';
import type { Cancel, Clock } from '../lib/clock.js';
import { formatMicroTime, type Instant } from '../lib/instant.js';
import type { Rng } from '../lib/rng.js';

/** The uid of the rollout. */
const LABEL = 'sluice.dev/presence';

/** Whoever only passes by is not announced. */
const SETTLE_MS = 3000;
const BEAT_MS = 10_000;
const DURATION_MS = 35_000;

/** One that ran out so long ago belongs to nobody any more. */
const ABANDONED_MS = 600_000;

/** More names than this nobody reads. */
const MOST_OTHERS = 20;

export type PresenceOptions = {
  readonly clock: Clock;
  readonly rng: Rng;
  /** "ana@jump-2" */
  who(): string;
  /** The others, each time when they were read. */
  onOthers(names: readonly string[]): void;
};

type PresenceNeed = Need & { readonly type: 'presence' };

function leaseOf(ref: ObjectRef, { name, uid }: PresenceNeed, who: string, now: Instant): KubeObject {
  return {
    apiVersion: apiVersionOf(LEASE),
    kind: LEASE.kind,
    metadata: {
      name: ref.name,
      namespace: ref.namespace,
      labels: { [LABEL]: uid },
      // It goes with the rollout, whoever forgets it.
      ownerReferences: [{ apiVersion: apiVersionOf(ROLLOUT), kind: ROLLOUT.kind, name, uid }],
    },
    spec: { holderIdentity: who, leaseDurationSeconds: DURATION_MS / 1000, acquireTime: formatMicroTime(now), renewTime: formatMicroTime(now) },
  };
}

/** Returns what takes this console's own Lease away; it resolves when that is done, or can not be. */
export function keepPresence(need: PresenceNeed, cluster: Cluster, { clock, rng, who, onOthers }: PresenceOptions): () => Promise<void> {
  const newRef = (): ObjectRef => ({ type: LEASE, namespace: need.namespace, name: `sluice-presence-${rng.suffix(8)}` });
  let ref = newRef();
  let own: KubeObject | undefined;
  let refused = false;
  let stopped = false;
  let cancel: Cancel = () => {};
  let beating: Promise<void> = Promise.resolve();
  const now = (): Instant => clock.now() + (cluster.skewMs?.() ?? 0);

  const announce = async (): Promise<void> => {
    const lease = leaseOf(ref, need, who(), now());
    const answer = own === undefined ? await cluster.create(ref, lease) : await cluster.patch(ref, 'merge', { spec: lease['spec'] });
    if (answer.ok) own = answer.value;
    // Taken away by somebody: made anew with the next beat. No right to have one: nothing more is tried.
    else if (answer.error.code === 404) own = undefined;
    else if (answer.error.code === 409) ref = newRef();
    else if (answer.error.code === 403) refused = true;
  };

  const look = async (): Promise<void> => {
    const answer = await cluster.list(LEASE, { namespace: need.namespace, labelSelector: `${LABEL}=${need.uid}` });
    if (!answer.ok || stopped) return;
    const others = answer.value.items
      .filter(({ metadata }) => own === undefined || metadata.uid !== own.metadata.uid)
      .map((lease) => ({ lease, ...readRecord(lease) }));
    const ageOf = (renewedAt: Instant | undefined): number => now() - (renewedAt ?? 0);
    onOthers([...new Set(others.filter(({ renewedAt, durationMs }) => ageOf(renewedAt) <= durationMs).map(({ holder }) => holder))].slice(0, MOST_OTHERS));
    if (refused) return;
    for (const { lease } of others.filter(({ renewedAt }) => ageOf(renewedAt) > ABANDONED_MS)) {
      const { uid } = lease.metadata;
      await cluster.delete(refOf(LEASE, lease), uid === undefined ? {} : { uid });
    }
  };

  const beat = async (): Promise<void> => {
    if (!refused) await announce();
    await look();
    if (!stopped) cancel = clock.after(BEAT_MS, begin);
  };
  const begin = (): void => {
    beating = beat();
  };
  cancel = clock.after(SETTLE_MS, begin);

  return async () => {
    stopped = true;
    cancel();
    await beating;
    if (own !== undefined) await cluster.delete(ref, own.metadata.uid === undefined ? {} : { uid: own.metadata.uid });
  };
}
