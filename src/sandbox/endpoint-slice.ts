// EndpointSlices: the newer form of a Service's Endpoints, from which newer clients read. One slice for each Service.

import type { KubeObject } from '../kinds/kube-object.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import type { Pod } from '../kinds/pod.js';
import { ENDPOINT_SLICE, POD } from '../kinds/resource-type.js';
import { serviceOf } from '../kinds/service.js';
import { deepEqual } from '../lib/deep.js';
import { fnv1a32 } from '../lib/fnv.js';
import { targetPortOf } from './endpoints.js';
import { hasLabels } from './label-match.js';
import { mergeInto, NOTHING } from './world.js';
import type { Step, World } from './world.js';

const SERVICE_LABEL = 'kubernetes.io/service-name';
const MANAGER = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };

/** The real controller begins another slice there. */
const MOST_ENDPOINTS = 100;

const LONGEST_NAME_BASE = 57;

export function stepEndpointSlice(world: World, service: KubeObject): Step {
  const { selector, ports = [] } = serviceOf(service).spec;
  if (selector === undefined || Object.keys(selector).length === 0 || service.metadata.deletionTimestamp !== undefined) return NOTHING;
  const { namespace = '', name, uid } = service.metadata;
  const pods = world
    .list(POD, namespace)
    .filter((pod) => hasLabels(pod.metadata.labels, selector))
    .map(podOf)
    .filter((pod) => pod.status?.podIP !== undefined && !['Succeeded', 'Failed'].includes(pod.status.phase ?? ''))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .slice(0, MOST_ENDPOINTS);
  const endpoints = pods.map(endpointOf);
  const slicePorts =
    pods.length === 0 ? [] : ports.map((port) => ({ name: port.name ?? '', port: targetPortOf(port, pods[0]), protocol: port.protocol ?? 'TCP' }));
  const before = world.list(ENDPOINT_SLICE, namespace).find((slice) => slice.metadata.ownerReferences?.some((owner) => owner.uid === uid));
  if (before !== undefined) {
    if (deepEqual(before['endpoints'] ?? [], endpoints) && deepEqual(before['ports'] ?? [], slicePorts)) return NOTHING;
    return { ...NOTHING, changes: [mergeInto(ENDPOINT_SLICE, before, { endpoints, ports: slicePorts }, 'pods behind the service')] };
  }
  const base = name.slice(0, LONGEST_NAME_BASE);
  const sliceName = `${base}-${suffixOf(uid ?? name)}`;
  const object: KubeObject = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: sliceName,
      generateName: `${base}-`,
      namespace,
      labels: { ...service.metadata.labels, [SERVICE_LABEL]: name, ...MANAGER },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid: uid ?? '', controller: true, blockOwnerDeletion: true }],
    },
    addressType: 'IPv4',
    endpoints,
    ports: slicePorts,
  };
  return { ...NOTHING, changes: [{ type: 'create', ref: { type: ENDPOINT_SLICE, namespace, name: sliceName }, object, why: 'new service' }] };
}

/** From the service alone, so that chance elsewhere is not moved. */
const suffixOf = (uid: string): string => fnv1a32(new TextEncoder().encode(uid)).toString(36).padStart(5, '0').slice(-5);

function endpointOf(pod: Pod): Readonly<Record<string, unknown>> {
  const ready = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: ready && !terminating, serving: ready, terminating },
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
  };
}
