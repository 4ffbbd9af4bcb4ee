// The pod template inside rollouts, workloads and jobs: the parts of it that the program looks into, typed.
// The whole of it, field by field, stands in pod-template-fields.ts.

import type { LabelSelector } from './kube-object.js';

export type Labels = Readonly<Record<string, string>>;

export type ContainerPort = {
  readonly name?: string | undefined;
  readonly containerPort: number;
  readonly hostPort?: number | undefined;
  readonly protocol?: string | undefined;
};

export type EnvVar = { readonly name: string; readonly value?: string | undefined; readonly valueFrom?: Readonly<Record<string, unknown>> | undefined };

export type Resources = {
  readonly requests?: Readonly<Record<string, string | number>> | undefined;
  readonly limits?: Readonly<Record<string, string | number>> | undefined;
};

export type HttpGetAction = {
  readonly path?: string | undefined;
  readonly port: number | string;
  readonly host?: string | undefined;
  readonly scheme?: string | undefined;
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[] | undefined;
};

export type Probe = {
  readonly httpGet?: HttpGetAction | undefined;
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string | undefined } | undefined;
  readonly exec?: { readonly command?: readonly string[] | undefined } | undefined;
  readonly grpc?: { readonly port: number; readonly service?: string | null | undefined } | undefined;
  readonly initialDelaySeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly periodSeconds?: number | undefined;
  readonly successThreshold?: number | undefined;
  readonly failureThreshold?: number | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
};

/** What a container does right after its start or before its end. */
export type LifecycleHandler = {
  readonly exec?: { readonly command?: readonly string[] | undefined } | undefined;
  readonly sleep?: { readonly seconds: number } | undefined;
};

export type Container = {
  readonly name: string;
  readonly image?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly ports?: readonly ContainerPort[] | undefined;
  readonly env?: readonly EnvVar[] | undefined;
  readonly resources?: Resources | undefined;
  readonly livenessProbe?: Probe | undefined;
  readonly readinessProbe?: Probe | undefined;
  readonly startupProbe?: Probe | undefined;
  readonly lifecycle?: { readonly postStart?: LifecycleHandler | undefined; readonly preStop?: LifecycleHandler | undefined } | undefined;
  readonly imagePullPolicy?: string | undefined;
  readonly [field: string]: unknown;
};

export type PodAffinityTerm = {
  readonly labelSelector?: LabelSelector | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly topologyKey: string;
  readonly [field: string]: unknown;
};

export type WeightedPodAffinityTerm = { readonly weight: number; readonly podAffinityTerm: PodAffinityTerm };

export type PodAntiAffinity = {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[] | undefined;
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[] | undefined;
};

export type Affinity = { readonly podAntiAffinity?: PodAntiAffinity | undefined; readonly [field: string]: unknown };

export type PodSpec = {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[] | undefined;
  readonly ephemeralContainers?: readonly Container[] | undefined;
  readonly restartPolicy?: string | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
  readonly nodeName?: string | undefined;
  readonly serviceAccountName?: string | undefined;
  readonly affinity?: Affinity | undefined;
  readonly readinessGates?: readonly { readonly conditionType: string }[] | undefined;
  readonly [field: string]: unknown;
};

export type PodTemplateMeta = {
  readonly labels?: Labels | undefined;
  readonly annotations?: Labels | undefined;
  readonly [field: string]: unknown;
};

export type PodTemplateSpec = { readonly metadata?: PodTemplateMeta | undefined; readonly spec?: PodSpec | undefined };

/** The template's own containers in the order in which images are shown: init containers come first. */
export function containersOf(template: PodTemplateSpec | undefined): readonly Container[] {
  return [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
}
