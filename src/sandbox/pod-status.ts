// The status a kubelet writes: conditions and container states for each stage of a pod's life.

import type { KubeObject } from '../kinds/kube-object.js';
import { podOf } from '../kinds/pod.js';
import type { ContainerState, ContainerStatus, Pod, PodCondition } from '../kinds/pod.js';
import { fnv1a32 } from '../lib/fnv.js';
import { formatTime } from '../lib/instant.js';
import type { Instant } from '../lib/instant.js';
import { nodeAddress } from './node.js';

/** One container of the pod at one moment; all containers of a pod share it, as the sandbox tells them not apart. */
export type ContainerStage = {
  readonly ready: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly lastState?: ContainerState | undefined;
  /** Of its first init container, while that keeps the others from being started. */
  readonly init?: { readonly restarts: number; readonly state: ContainerState; readonly lastState: ContainerState };
  /** Of a pod that has ended for good. */
  readonly phase?: 'Succeeded' | 'Failed';
};

/** The body of a merge patch of the status subresource. It names the version read: a condition set by somebody else meanwhile is not lost. */
export function statusPatch(object: KubeObject, stage: ContainerStage, now: Instant): Readonly<Record<string, unknown>> {
  const pod = podOf(object);
  const started = hasStarted(stage);
  const ip = podAddress(object);
  return {
    metadata: { uid: object.metadata.uid, resourceVersion: object.metadata.resourceVersion },
    status: {
      phase: stage.phase ?? (started ? 'Running' : 'Pending'),
      conditions: conditionsOf(pod, stage, now),
      containerStatuses: pod.spec.containers.map((container) => containerStatus(pod, container.name, container.image ?? '', stage)),
      ...(stage.init === undefined ? {} : { initContainerStatuses: initStatuses(pod, stage.init) }),
      hostIP: nodeAddress(pod.spec.nodeName ?? ''),
      hostIPs: [{ ip: nodeAddress(pod.spec.nodeName ?? '') }],
      startTime: pod.status?.startTime ?? formatTime(now),
      qosClass: pod.status?.qosClass ?? qualityOf(pod),
      ...(started ? { podIP: ip, podIPs: [{ ip }] } : {}),
    },
  };
}

const hasStarted = (stage: ContainerStage): boolean => stage.state.running !== undefined || stage.state.terminated !== undefined || stage.restarts > 0;

/** Only the Ready condition, for pods whose readiness gates have opened or closed. */
export function readyPatch(object: KubeObject, ready: boolean, now: Instant): Readonly<Record<string, unknown>> {
  const pod = podOf(object);
  const others = (pod.status?.conditions ?? []).filter((condition) => condition.type !== 'Ready');
  return {
    metadata: { uid: object.metadata.uid, resourceVersion: object.metadata.resourceVersion },
    status: { conditions: [...others, condition(pod, 'Ready', ready, now, ready ? undefined : closedGate(pod))] },
  };
}

/** Whether every readiness gate's condition has been set to True by whoever keeps it. */
export function gatesOpen(pod: Pod): boolean {
  return (pod.spec.readinessGates ?? []).every(
    (gate) => pod.status?.conditions?.some(({ type, status }) => type === gate.conditionType && status === 'True') === true,
  );
}

/** The same pod has the same address all its life, another pod another one (but for chance). */
export function podAddress(object: KubeObject): string {
  const bits = fnv1a32(new TextEncoder().encode(object.metadata.uid ?? object.metadata.name));
  return `10.244.${(bits >>> 8) & 0xff}.${bits & 0xff || 1}`;
}

type Blame = { readonly reason: string; readonly message?: string };

const closedGate = (pod: Pod): Blame => ({
  reason: 'ReadinessGatesNotReady',
  message: (pod.spec.readinessGates ?? [])
    .map(({ conditionType }) => gateText(pod, conditionType))
    .filter((text) => text !== '')
    .join(', '),
});

function gateText(pod: Pod, type: string): string {
  const found = pod.status?.conditions?.find((one) => one.type === type);
  if (found === undefined) return `corresponding condition of pod readiness gate "${type}" does not exist.`;
  return found.status === 'True' ? '' : `the status of pod readiness gate "${type}" is not "True", but ${found.status}`;
}

const unready = (pod: Pod): Blame => ({
  reason: 'ContainersNotReady',
  message: `containers with unready status: [${pod.spec.containers.map(({ name }) => name).join(' ')}]`,
});

/** The condition with its time kept while its status stays the same. */
function condition(pod: Pod, type: string, holds: boolean, now: Instant, blame?: Blame): PodCondition {
  const status = holds ? 'True' : 'False';
  const before = pod.status?.conditions?.find((one) => one.type === type);
  const lastTransitionTime = before?.status === status && before.lastTransitionTime !== undefined ? before.lastTransitionTime : formatTime(now);
  return { type, status, lastProbeTime: null, lastTransitionTime, ...blame };
}

function readiness(pod: Pod, stage: ContainerStage, open: boolean): Blame | undefined {
  if (!stage.ready) return unready(pod);
  return open ? undefined : closedGate(pod);
}

function conditionsOf(pod: Pod, stage: ContainerStage, now: Instant): readonly PodCondition[] {
  const own = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']);
  const foreign = (pod.status?.conditions ?? []).filter(({ type }) => !own.has(type));
  const open = gatesOpen(pod);
  const ended: Blame | undefined = stage.phase === undefined ? undefined : { reason: stage.phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' };
  const blame = ended ?? readiness(pod, stage, open);
  return [
    ...foreign,
    condition(pod, 'PodReadyToStartContainers', stage.phase === undefined && hasStarted(stage), now),
    condition(pod, 'Initialized', stage.init === undefined, now, stage.init === undefined ? undefined : { reason: 'ContainersNotInitialized' }),
    condition(pod, 'Ready', stage.ready && open, now, blame),
    condition(pod, 'ContainersReady', stage.ready, now, ended ?? (stage.ready ? undefined : unready(pod))),
    condition(pod, 'PodScheduled', true, now),
  ];
}

function containerStatus(pod: Pod, name: string, image: string, stage: ContainerStage): ContainerStatus {
  const running = stage.state.running !== undefined;
  const identity = fnv1a32(new TextEncoder().encode(`${pod.metadata.uid ?? ''}/${name}/${stage.restarts}`))
    .toString(16)
    .padStart(8, '0');
  const known = hasStarted(stage);
  return {
    name,
    image,
    imageID: known ? `docker.io/${image.replace(/^docker\.io\//, '')}` : '',
    ...(known ? { containerID: `containerd://${identity.repeat(8)}` } : {}),
    ready: stage.ready,
    started: running,
    restartCount: stage.restarts,
    state: stage.state,
    lastState: stage.lastState ?? {},
  };
}

function initStatuses(pod: Pod, init: NonNullable<ContainerStage['init']>): readonly ContainerStatus[] {
  const [first] = pod.spec.initContainers ?? [];
  const { name, image = '' } = first ?? { name: 'init' };
  return [{ name, image, imageID: '', ready: false, started: false, restartCount: init.restarts, state: init.state, lastState: init.lastState }];
}

function qualityOf(pod: Pod): string {
  const resources = pod.spec.containers.map((container) => container.resources);
  if (resources.every((one) => one?.requests === undefined && one?.limits === undefined)) return 'BestEffort';
  const guaranteed = resources.every((one) =>
    ['cpu', 'memory'].every((key) => one?.limits?.[key] !== undefined && (one.requests?.[key] ?? one.limits[key]) === one.limits[key]),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
