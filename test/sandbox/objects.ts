// Plain objects for the pure models' tests, and a world made of a list of them.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { DESTINATION_RULE, POD, REPLICA_SET, SERVICE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import type { World } from '../../src/sandbox/world.js';

const TYPES: readonly ResourceType[] = [POD, REPLICA_SET, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE];

export function worldOf(objects: readonly KubeObject[]): World {
  const list = (type: ResourceType, namespace?: string): readonly KubeObject[] =>
    objects.filter((object) => TYPES.find(({ kind }) => kind === object.kind) === type && (namespace === undefined || object.metadata.namespace === namespace));
  return {
    list,
    get: (ref) => list(ref.type, ref.namespace).find((object) => object.metadata.name === ref.name),
    ownedBy: (type, uid) => list(type).filter((object) => object.metadata.ownerReferences?.some((owner) => owner.uid === uid)),
  };
}

export const object = (kind: string, name: string, rest: Readonly<Record<string, unknown>>, metadata: Readonly<Record<string, unknown>> = {}): KubeObject =>
  ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'default', uid: `uid-${name}`, ...metadata }, ...rest });

export const service = (name: string, selector: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>> = {}): KubeObject =>
  object('Service', name, { spec: { selector, ports: [{ port: 80 }] } }, { annotations });

/** Pods of one version: label `app`, label `hash`, image `app:version`. */
export function pods(app: string, version: string, count: number, more: { readonly ready?: boolean; readonly annotations?: Readonly<Record<string, string>>; readonly replicaSet?: string } = {}): readonly KubeObject[] {
  const set = more.replicaSet ?? `${app}-${version}`;
  return Array.from({ length: count }, (_, index) => object('Pod', `${set}-${index}`, {
    spec: { nodeName: 'n', containers: [{ name: app, image: `${app}:${version}` }] },
    status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }] },
  }, {
    labels: { app, 'rollouts-pod-template-hash': version },
    annotations: more.annotations ?? {},
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set, uid: `uid-${set}`, controller: true }],
  }));
}

export const ownedSet = (name: string, owner: string): KubeObject =>
  object('ReplicaSet', name, { spec: {} }, { ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: owner, uid: `uid-${owner}`, controller: true }] });

type Destination = { readonly host: string; readonly subset?: string; readonly weight?: number };

export const virtualService = (name: string, hosts: readonly string[], destinations: readonly Destination[], more: Readonly<Record<string, unknown>> = {}, annotations: Readonly<Record<string, string>> = {}): KubeObject =>
  object('VirtualService', name, {
    spec: { hosts, http: [{ route: destinations.map(({ host, subset, weight }) => ({ destination: { host, ...(subset === undefined ? {} : { subset }) }, ...(weight === undefined ? {} : { weight }) })), ...more }] },
  }, { annotations });

export const destinationRule = (name: string, host: string, subsets: Readonly<Record<string, Readonly<Record<string, string>>>>): KubeObject =>
  object('DestinationRule', name, { spec: { host, subsets: Object.entries(subsets).map(([subset, labels]) => ({ name: subset, labels })) } });
