// What several routers need of objects: finding one, saying what is wrong with it, writing it, and weights in lists.

import type { Change } from '../kinds/change.js';
import { controllerOf } from '../kinds/kube-object.js';
import type { KubeObject, OwnerReference } from '../kinds/kube-object.js';
import { refKey, refOf } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { apiVersionOf, INGRESS, ROLLOUT } from '../kinds/resource-type.js';
import type { Rollout } from '../kinds/rollout.js';
import type { RouteProblem, RouteSplit, Traffic } from '../kinds/traffic.js';
import { isRecord } from '../lib/deep.js';
import { createMergePatch } from '../lib/merge-patch.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The parts of a whole, unless maxTrafficWeight says otherwise. */
export const DEFAULT_MAX_WEIGHT = 100;

export const ROUTING_FIELD = 'spec.strategy.canary.trafficRouting';

export const recordOf = (value: unknown): Fields => (isRecord(value) ? value : {});
export const recordsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export function findObject(objects: readonly KubeObject[], ref: ObjectRef): KubeObject | undefined {
  return objects.find(
    (object) => object.kind === ref.type.kind && object.apiVersion.startsWith(`${ref.type.group}/`) && refKey(refOf(ref.type, object)) === refKey(ref),
  );
}

export function routeProblem(field: string, value: string, reason: string): RouteProblem {
  return { type: 'route-problem', field: `${ROUTING_FIELD}.${field}`, value, reason };
}

/** The problem is that an object is not there, not what it says. */
export const absent = (problem: RouteProblem): RouteProblem => ({ ...problem, absent: true });

/** As an API server says it; of an Ingress, which Argo Rollouts reads by a typed client, as that client does. */
export function notFound({ type, name }: ObjectRef): string {
  return `${type === INGRESS ? 'ingress' : type.plural}.${type.group} "${name}" not found`;
}

export function ownerOf({ metadata }: Rollout): OwnerReference {
  return { apiVersion: apiVersionOf(ROLLOUT), kind: ROLLOUT.kind, name: metadata.name, uid: metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}

export function isOwnedBy(object: KubeObject, rollout: Rollout): boolean {
  return controllerOf(object)?.uid === (rollout.metadata.uid ?? '');
}

/** The smallest write between the two; undefined when they are equal. It holds only for the version that was read. */
export function writeChange(ref: ObjectRef, before: KubeObject, after: KubeObject, why: string): Change | undefined {
  const body = createMergePatch(before, after);
  if (body === undefined) return undefined;
  const { resourceVersion } = before.metadata;
  const metadata = { ...recordOf(body['metadata']), ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return { type: 'patch', ref, patchType: 'merge', body: { ...body, metadata }, why };
}

export type Shares = { readonly canary: string; readonly stable: string; readonly weights: ReadonlyMap<string, number> };

/** What each Service should get: the canary's first, then those of experiments, then stable with the rest. */
export function sharesOf(services: { readonly canary: string | undefined; readonly stable: string | undefined }, traffic: Traffic): Shares {
  const { canary = '', stable = '' } = services;
  const extra = traffic.additional.reduce((sum, { weight }) => sum + weight, 0);
  const rest = Math.max(0, traffic.maxWeight - traffic.weight - extra);
  const extras = traffic.additional.map(({ service, weight }) => [service, weight] as const);
  return { canary, stable, weights: new Map([[canary, traffic.weight], ...extras, [stable, rest]]) };
}

/** Parts of a whole that may be anything, as parts of `whole`. */
export function splitOf(where: Pick<RouteSplit, 'object' | 'place'>, parts: Omit<RouteSplit, 'object' | 'place'>, whole: number): RouteSplit {
  const sum = parts.canary + parts.stable + parts.other;
  const scale = (part: number): number => (sum === whole || sum === 0 ? part : Math.round((part * whole) / sum));
  return { ...where, canary: scale(parts.canary), stable: scale(parts.stable), other: scale(parts.other) };
}

/** A pattern for what begins so, to the letter: "v1." does not mean "v10". */
export function prefixPattern(prefix: string): string {
  return `^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}.*`;
}

/** True when everything that is wanted is there; servers add defaults, and others their fields. */
export function includes(present: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return Array.isArray(present) && present.length === wanted.length && wanted.every((item, index) => includes(present[index], item));
  if (isRecord(wanted)) return isRecord(present) && Object.entries(wanted).every(([key, value]) => includes(present[key], value));
  return present === wanted;
}
