// The nodes of the pretend world: three that register themselves, and whichever others somebody adds. All are ready and have room.

import type { KubeObject } from '../kinds/kube-object.js';
import { IMITATED_VERSION } from '../kinds/imitated-version.js';
import { refOf } from '../kinds/object-ref.js';
import { NODE } from '../kinds/resource-type.js';
import { fnv1a32 } from '../lib/fnv.js';
import { formatTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import { mergeStatus, NOTHING, recordAt } from './world.js';
import type { Step } from './world.js';

export const NODE_NAMES: readonly string[] = ['sandbox-node-1', 'sandbox-node-2', 'sandbox-node-3'];

const ROOM = { cpu: '32', memory: '128Gi', 'ephemeral-storage': '512Gi', pods: '5000' };

/** The address under which a node is said to be reached. */
export function nodeAddress(nodeName: string): string {
  const index = NODE_NAMES.indexOf(nodeName);
  if (index >= 0) return `10.89.0.${index + 2}`;
  return `10.89.1.${fnv1a32(new TextEncoder().encode(nodeName)) & 0xff}`;
}

/** A node that is not there registers itself, as a kubelet does when it starts. */
export function registerNode(name: string, now: Instant): Step {
  if (!NODE_NAMES.includes(name)) return NOTHING;
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
  const object: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {}, status: nodeStatus(name, now) };
  return { ...NOTHING, changes: [{ type: 'create', ref: refOf(NODE, object), object, why: 'register' }] };
}

/** A node that nobody speaks for gets its status from here. */
export function stepNode(node: KubeObject, now: Instant): Step {
  const { conditions } = recordAt(node, 'status');
  const known = Array.isArray(conditions) && conditions.some((condition) => recordAt(condition)['type'] === 'Ready');
  if (known || node.metadata.deletionTimestamp !== undefined) return NOTHING;
  return { ...NOTHING, changes: [mergeStatus(NODE, node, nodeStatus(node.metadata.name, now), 'node is ready')] };
}

const CONDITIONS: readonly (readonly [type: string, status: string, reason: string, message: string])[] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

function nodeStatus(name: string, now: Instant): Readonly<Record<string, unknown>> {
  const time = { lastHeartbeatTime: formatTime(now), lastTransitionTime: formatTime(now) };
  return {
    capacity: ROOM,
    allocatable: ROOM,
    conditions: CONDITIONS.map(([type, status, reason, message]) => ({ type, status, ...time, reason, message })),
    addresses: [
      { type: 'InternalIP', address: nodeAddress(name) },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'sandbox://1.0.0',
      kernelVersion: '6.1.0-sandbox',
      kubeProxyVersion: IMITATED_VERSION,
      kubeletVersion: IMITATED_VERSION,
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'Sluice sandbox',
      systemUUID: '',
    },
  };
}
