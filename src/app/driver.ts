// Who drives a cluster's rollouts: whose Lease it is, and of which make and version the engine is, as far as its pod tells.

import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { leaseNamespace, LEASE_NAME, leaseRef, type LeaseRecord, readRecord } from '../controllers/lease-record.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { LEASE, POD } from '../kinds/resource-type.js';
import type { Driver } from '../kinds/snapshot.js';
import { textAt } from '../lib/read.js';
import type { Instant } from '../lib/instant.js';

export type Make = Pick<Extract<Driver, { readonly type: 'other' }>, 'engine' | 'version'>;

export type FoundLease = { readonly ref: ObjectRef; readonly record: LeaseRecord | undefined; readonly make: Make };

/** A lease that was not renewed for as long as it says itself is free. */
export function driverFrom(record: LeaseRecord | undefined, asOf: Instant, make: Make = {}): Driver {
  const { holder, durationMs, renewedAt } = record ?? { holder: '', durationMs: 0, renewedAt: undefined };
  if (holder === '' || renewedAt === undefined) return { type: 'nobody', reason: `no engine holds the lease ${LEASE_NAME}` };
  const ageMs = asOf - renewedAt;
  if (ageMs > durationMs) return { type: 'nobody', reason: `${holder} last renewed the lease ${Math.round(ageMs / 1000)} s ago` };
  return { type: 'other', identity: holder, renewedAt, ...make };
}

/** Holders are named "<pod>_<uuid>", so the pod beside the Lease tells the image. */
export async function makeOf(cluster: Cluster, ref: ObjectRef, holder: string): Promise<Make> {
  const name = holder.replace(/_[^_]*$/, '');
  if (name === '' || name === holder) return {};
  const pod = await cluster.get({ type: POD, namespace: ref.namespace, name });
  const image = pod.ok ? textAt(pod.value, 'spec', 'containers', 0, 'image') : undefined;
  if (image === undefined) return {};
  const version = /:v?(\d[\w.+-]*)$/.exec(image)?.[1];
  const engine = /\bsluice\b/.test(image) ? 'sluice' : /argo-rollouts/.test(image) ? 'argo-rollouts' : undefined;
  return { ...(engine === undefined ? {} : { engine }), ...(version === undefined ? {} : { version }) };
}

/**
 * The Lease of the engine: where this program would keep its own, else where a namespaced install of that name keeps one.
 * Only the first place is asked when it has one that is held.
 */
export async function findLease(
  cluster: Cluster,
  environment: Readonly<Record<string, string | undefined>>,
  serviceAccount: string | undefined,
  watched: readonly string[],
): Promise<FoundLease> {
  const home = leaseRef(leaseNamespace(environment, serviceAccount));
  const at = async (ref: ObjectRef): Promise<FoundLease | undefined> => {
    const found = await cluster.get(ref);
    const record = found.ok ? readRecord(found.value) : undefined;
    return record === undefined || record.holder === '' ? undefined : { ref, record, make: await makeOf(cluster, ref, record.holder) };
  };
  const first = await at(home);
  if (first !== undefined) return first;
  for (const ref of await otherLeases(cluster, home, watched)) {
    const found = await at(ref);
    if (found !== undefined) return found;
  }
  return { ref: home, record: undefined, make: {} };
}

/** Leases of that name elsewhere: all of them where this person may list them, else those of the namespaces that are watched. */
export async function otherLeases(cluster: Cluster, home: ObjectRef, watched: readonly string[]): Promise<readonly ObjectRef[]> {
  const all = await cluster.list(LEASE, { fieldSelector: `metadata.name=${LEASE_NAME}` });
  const namespaces = all.ok ? all.value.items.map(({ metadata }) => metadata.namespace ?? '') : watched;
  return namespaces.filter((name) => name !== home.namespace).map(leaseRef);
}

/** Forbidden and missing are answers: the line is well. */
export const isAnswer = (error: ClusterError): boolean => error.code === 404 || error.code === 403;
