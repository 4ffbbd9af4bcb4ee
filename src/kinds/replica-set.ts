// ReplicaSets and Deployments: the built-in kinds that keep a number of pods of one template.

import { isRecord } from '../lib/deep.js';
import type { KubeObject, LabelSelector, ObjectMeta } from './kube-object.js';
import type { PodTemplateSpec } from './pod-template.js';

export type WorkloadCondition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastUpdateTime?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
};

export type ReplicaSetSpec = {
  readonly replicas?: number | undefined;
  readonly minReadySeconds?: number | undefined;
  readonly selector: LabelSelector;
  readonly template?: PodTemplateSpec | undefined;
};

export type ReplicaSetStatus = {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly terminatingReplicas?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly conditions?: readonly WorkloadCondition[] | undefined;
};

export type ReplicaSet = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: ReplicaSetSpec;
  readonly status?: ReplicaSetStatus | undefined;
};

export type DeploymentSpec = {
  readonly replicas?: number | undefined;
  readonly minReadySeconds?: number | undefined;
  readonly selector: LabelSelector;
  readonly template?: PodTemplateSpec | undefined;
  readonly paused?: boolean | undefined;
  readonly revisionHistoryLimit?: number | undefined;
  readonly progressDeadlineSeconds?: number | undefined;
  readonly strategy?:
    | {
        readonly type?: string | undefined;
        readonly rollingUpdate?: { readonly maxSurge?: number | string | undefined; readonly maxUnavailable?: number | string | undefined } | undefined;
      }
    | undefined;
};

export type DeploymentStatus = {
  readonly observedGeneration?: number | undefined;
  readonly replicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly collisionCount?: number | undefined;
  readonly conditions?: readonly WorkloadCondition[] | undefined;
};

export type Deployment = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: DeploymentSpec;
  readonly status?: DeploymentStatus | undefined;
};

/** The core kind that only holds a template; a rollout may refer to it. */
export type PodTemplate = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly template?: PodTemplateSpec | undefined;
};

type Selecting = { readonly selector: LabelSelector };

function selectingSpec(object: KubeObject): Selecting {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  return { ...spec, selector: isRecord(spec['selector']) ? spec['selector'] : {} };
}

export function replicaSetOf(object: KubeObject): ReplicaSet {
  return { ...object, spec: selectingSpec(object), status: isRecord(object['status']) ? { replicas: 0, ...object['status'] } : undefined };
}

export function deploymentOf(object: KubeObject): Deployment {
  return { ...object, spec: selectingSpec(object), status: isRecord(object['status']) ? object['status'] : undefined };
}

export function podTemplateOf(object: KubeObject): PodTemplate {
  return { ...object, template: isRecord(object['template']) ? object['template'] : undefined };
}
