// Which controllers have something to look at: keys that watch events have touched, and keys whose time has come.

import type { CacheChange } from '../../cluster/cache.js';
import { typeKey } from '../../cluster/cache.js';
import { controllerOf } from '../../kinds/kube-object.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { podOf } from '../../kinds/pod.js';
import {
  DEPLOYMENT,
  ENDPOINTS,
  HORIZONTAL_POD_AUTOSCALER,
  INGRESS,
  INGRESS_CLASS,
  JOB,
  NODE,
  POD,
  POD_DISRUPTION_BUDGET,
  REPLICA_SET,
  SERVICE,
} from '../../kinds/resource-type.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import { serviceOf } from '../../kinds/service.js';
import type { Instant } from '../../lib/instant.js';
import { hasLabels } from '../label-match.js';
import type { World } from '../world.js';

export type Key = { readonly type: ResourceType; readonly namespace: string; readonly name: string };

/** In the order in which a pass takes them: owners before what they own, so that one pass carries a change far. */
const ORDER: readonly ResourceType[] = [NODE, HORIZONTAL_POD_AUTOSCALER, DEPLOYMENT, REPLICA_SET, JOB, POD, SERVICE, POD_DISRUPTION_BUDGET, INGRESS];

export interface Dirt {
  /** Touches all keys that a change concerns. */
  take(change: CacheChange, world: World): void;
  touch(key: Key): void;
  wakeAt(key: Key, at: Instant): void;
  /** The keys to look at now, in order; they are clean afterwards. */
  collect(now: Instant): readonly Key[];
  isEmpty(): boolean;
  /** The earliest instant at which a key wants to be looked at. */
  next(): Instant | undefined;
}

const textOf = (key: Key): string => `${typeKey(key.type)}/${key.namespace}/${key.name}`;

export function createDirt(): Dirt {
  const dirty = new Map<string, Key>();
  const wakes = new Map<string, { readonly key: Key; readonly at: Instant }>();
  const touch = (key: Key): void => {
    dirty.set(textOf(key), key);
  };
  const touchOwner = (object: KubeObject | undefined, type: ResourceType): void => {
    const owner = object === undefined ? undefined : controllerOf(object);
    if (owner?.kind === type.kind) touch({ type, namespace: object?.metadata.namespace ?? '', name: owner.name });
  };
  const touchPodNeighbours = (pod: KubeObject, world: World): void => {
    const { namespace = '', labels } = pod.metadata;
    if (controllerOf(pod) === undefined) for (const set of world.list(REPLICA_SET, namespace)) touch({ type: REPLICA_SET, namespace, name: set.metadata.name });
    for (const budget of world.list(POD_DISRUPTION_BUDGET, namespace)) touch({ type: POD_DISRUPTION_BUDGET, namespace, name: budget.metadata.name });
    for (const service of world.list(SERVICE, namespace)) {
      const { selector } = serviceOf(service).spec;
      if (selector !== undefined && hasLabels(labels, selector)) touch({ type: SERVICE, namespace, name: service.metadata.name });
    }
  };
  return {
    touch,
    take({ type, before, after }, world) {
      const object = after ?? before;
      if (object === undefined) return;
      const { namespace = '', name } = object.metadata;
      if (ORDER.some(({ kind }) => kind === type.kind)) touch({ type, namespace, name });
      if (type.kind === POD.kind) {
        for (const version of [before, after]) {
          touchOwner(version, REPLICA_SET);
          touchOwner(version, JOB);
          if (version !== undefined) touchPodNeighbours(version, world);
        }
      }
      if (type.kind === REPLICA_SET.kind) for (const version of [before, after]) touchOwner(version, DEPLOYMENT);
      // Pods that nobody took may have a place now.
      if (type.kind === NODE.kind)
        for (const pod of world.list(POD))
          if (podOf(pod).spec.nodeName === undefined) touch({ type: POD, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name });
      if (type.kind === INGRESS_CLASS.kind)
        for (const { metadata } of world.list(INGRESS)) touch({ type: INGRESS, namespace: metadata.namespace ?? '', name: metadata.name });
      if (type.kind === ENDPOINTS.kind) touch({ type: SERVICE, namespace, name });
    },
    wakeAt: (key, at) => {
      const before = wakes.get(textOf(key));
      if (before === undefined || at < before.at) wakes.set(textOf(key), { key, at });
    },
    collect(now) {
      for (const [text, { key, at }] of wakes) {
        if (at > now) continue;
        wakes.delete(text);
        dirty.set(text, key);
      }
      const keys = [...dirty.values()].toSorted((a, b) => rank(a) - rank(b));
      dirty.clear();
      return keys;
    },
    isEmpty: () => dirty.size === 0,
    next: () => [...wakes.values()].reduce<Instant | undefined>((earliest, { at }) => (earliest === undefined || at < earliest ? at : earliest), undefined),
  };
}

const rank = (key: Key): number => ORDER.findIndex(({ kind }) => kind === key.type.kind);
