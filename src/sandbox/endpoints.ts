// Endpoints: for each Service with a selector, the addresses of its ready and not yet ready pods.

import type { KubeObject } from '../kinds/kube-object.js';
import { isPodReady, podOf } from '../kinds/pod.js';
import type { Pod } from '../kinds/pod.js';
import { ENDPOINTS, POD } from '../kinds/resource-type.js';
import { endpointsOf, serviceOf } from '../kinds/service.js';
import type { EndpointAddress, ServicePort } from '../kinds/service.js';
import { deepEqual } from '../lib/deep.js';
import { hasLabels } from './label-match.js';
import { isActive } from './pod-ranking.js';
import { NOTHING } from './world.js';
import type { Step, World } from './world.js';

/** The real controller cuts here too. */
const MOST_ADDRESSES = 1000;

export function stepEndpoints(world: World, service: KubeObject): Step {
  const { selector, ports = [] } = serviceOf(service).spec;
  if (selector === undefined || Object.keys(selector).length === 0 || service.metadata.deletionTimestamp !== undefined) return NOTHING;
  const { namespace = '', name } = service.metadata;
  const pods = world
    .list(POD, namespace)
    .filter((pod) => hasLabels(pod.metadata.labels, selector))
    .map(podOf)
    .filter((pod) => isActive(pod) && pod.status?.podIP !== undefined);
  const subsets =
    pods.length === 0
      ? []
      : [
          subsetOf(
            pods.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
            ports,
          ),
        ];
  const ref = { type: ENDPOINTS, namespace, name };
  const before = world.get(ref);
  if (before === undefined) {
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: {
        name,
        namespace,
        labels: service.metadata.labels ?? {},
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid: service.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }],
      },
      subsets,
    };
    return { ...NOTHING, changes: [{ type: 'create', ref, object, why: 'new service' }] };
  }
  if (deepEqual(endpointsOf(before).subsets ?? [], subsets)) return NOTHING;
  return {
    ...NOTHING,
    changes: [{ type: 'patch', ref, patchType: 'merge', body: { subsets: subsets.length === 0 ? null : subsets }, why: 'pods behind the service' }],
  };
}

function subsetOf(pods: readonly Pod[], ports: readonly ServicePort[]): Readonly<Record<string, unknown>> {
  const addresses = pods.filter(isPodReady).slice(0, MOST_ADDRESSES).map(addressOf);
  const notReadyAddresses = pods
    .filter((pod) => !isPodReady(pod))
    .slice(0, MOST_ADDRESSES)
    .map(addressOf);
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
    ports: ports.map((port) => ({
      ...(port.name === undefined ? {} : { name: port.name }),
      port: targetPortOf(port, pods[0]),
      protocol: port.protocol ?? 'TCP',
    })),
  };
}

const addressOf = (pod: Pod): EndpointAddress => ({
  ip: pod.status?.podIP ?? '',
  nodeName: pod.spec.nodeName,
  targetRef: { kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
});

/** A named target port is looked up in the first pod's containers: one list of ports stands for all of them. */
export function targetPortOf(port: ServicePort, pod: Pod | undefined): number {
  if (typeof port.targetPort === 'number') return port.targetPort === 0 ? port.port : port.targetPort;
  const named = pod?.spec.containers.flatMap((container) => container.ports ?? []).find(({ name }) => name === port.targetPort);
  return named?.containerPort ?? port.port;
}
