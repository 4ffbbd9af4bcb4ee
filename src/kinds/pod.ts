// Pods as the engine, the sandbox and the console read them.

import { isRecord } from '../lib/deep.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';
import type { PodSpec } from './pod-template.js';

export type PodCondition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastProbeTime?: string | null | undefined;
  readonly lastTransitionTime?: string | undefined;
};

export type TerminatedState = {
  readonly exitCode: number;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
};

export type ContainerState = {
  readonly waiting?: { readonly reason?: string | undefined; readonly message?: string | undefined } | undefined;
  readonly running?: { readonly startedAt?: string | undefined } | undefined;
  readonly terminated?: TerminatedState | undefined;
};

export type ContainerStatus = {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string | undefined;
  readonly started?: boolean | undefined;
  readonly state?: ContainerState | undefined;
  readonly lastState?: ContainerState | undefined;
};

export type PodStatus = {
  readonly phase?: string | undefined;
  readonly conditions?: readonly PodCondition[] | undefined;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
  readonly hostIP?: string | undefined;
  readonly podIP?: string | undefined;
  readonly podIPs?: readonly { readonly ip: string }[] | undefined;
  readonly startTime?: string | undefined;
  readonly qosClass?: string | undefined;
  readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
  readonly containerStatuses?: readonly ContainerStatus[] | undefined;
};

export type Pod = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
  readonly status?: PodStatus | undefined;
};

export function podOf(object: KubeObject): Pod {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const containers = Array.isArray(spec['containers']) ? (spec['containers'] as PodSpec['containers']) : [];
  return { ...object, spec: { ...spec, containers }, status: isRecord(object['status']) ? object['status'] : undefined };
}

/** Whether the pod's Ready condition holds. */
export function isPodReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}

/** Since when the pod has been ready: the text of the condition's time. */
export function podReadySince(pod: Pod): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === 'Ready' && condition.status === 'True')?.lastTransitionTime;
}
