// The Lease object that says which engine drives the rollouts: what it holds, who may take it, what to write.
// Argo Rollouts' own controller reads and writes the same object, so that only one of them ever acts.

import type { Cluster, ClusterError } from '../cluster/cluster.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { LEASE } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { formatMicroTime, parseTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';

export const LEASE_NAME = 'argo-rollouts-controller-lock';
/** Where Argo Rollouts is installed unless somebody chose otherwise. */
export const DEFAULT_LEASE_NAMESPACE = 'argo-rollouts';
export const LEASE_DURATION_MS = 15_000;

export type LeaseRecord = {
  /** "" when nobody holds it. */
  readonly holder: string;
  readonly durationMs: number;
  readonly acquiredAt: Instant | undefined;
  readonly renewedAt: Instant | undefined;
  readonly transitions: number;
};

/** What anybody can see of who leads. By the clock of the reader: with clocks apart, `expired` is a guess. */
export type LeaseView = LeaseRecord & { readonly ageMs: number | undefined; readonly expired: boolean };

/** The namespace of the controller: as told by its pod, else by its service account, else Argo's default. */
export function leaseNamespace(environment: Readonly<Record<string, string | undefined>>, serviceAccountNamespace: string | undefined): string {
  return [environment['POD_NAMESPACE'], serviceAccountNamespace].find((name) => name !== undefined && name !== '') ?? DEFAULT_LEASE_NAMESPACE;
}

export const leaseRef = (namespace: string): ObjectRef => ({ type: LEASE, namespace, name: LEASE_NAME });

export function readRecord(lease: KubeObject): LeaseRecord {
  const spec = isRecord(lease['spec']) ? lease['spec'] : {};
  const text = (name: string): string => (typeof spec[name] === 'string' ? spec[name] : '');
  const number = (name: string, otherwise: number): number => (typeof spec[name] === 'number' ? spec[name] : otherwise);
  return {
    holder: text('holderIdentity'),
    durationMs: number('leaseDurationSeconds', LEASE_DURATION_MS / 1000) * 1000,
    acquiredAt: parseTime(text('acquireTime')),
    renewedAt: parseTime(text('renewTime')),
    transitions: number('leaseTransitions', 0),
  };
}

/** The lease as `identity` takes or renews it; carries the version it was read with, so that two can not both take it. */
export function heldLease(ref: ObjectRef, before: KubeObject | undefined, identity: string, now: Instant): KubeObject {
  const record = before === undefined ? undefined : readRecord(before);
  const mine = record?.holder === identity;
  const acquiredAt = mine && record.acquiredAt !== undefined ? record.acquiredAt : now;
  const transitions = record === undefined ? 0 : record.transitions + (mine ? 0 : 1);
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: before?.metadata ?? { name: ref.name, namespace: ref.namespace },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_DURATION_MS / 1000,
      acquireTime: formatMicroTime(acquiredAt),
      renewTime: formatMicroTime(now),
      leaseTransitions: transitions,
    },
  };
}

/** The lease with nobody in it: who comes next need not wait. */
export function releasedLease(held: KubeObject, now: Instant): KubeObject {
  const record = readRecord(held);
  return {
    ...held,
    spec: {
      holderIdentity: '',
      leaseDurationSeconds: 1,
      acquireTime: formatMicroTime(now),
      renewTime: formatMicroTime(now),
      leaseTransitions: record.transitions,
    },
  };
}

/** For those who only look: undefined when no engine has ever led there. */
export async function observeLease(cluster: Cluster, namespace: string, now: Instant): Promise<Result<LeaseView | undefined, ClusterError>> {
  const found = await cluster.get(leaseRef(namespace));
  if (!found.ok) return found.error.code === 404 ? ok(undefined) : err(found.error);
  const record = readRecord(found.value);
  const ageMs = record.renewedAt === undefined ? undefined : Math.max(0, now - record.renewedAt);
  return ok({ ...record, ageMs, expired: record.holder === '' || ageMs === undefined || ageMs > record.durationMs });
}
