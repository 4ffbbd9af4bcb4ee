// The defaults that a Kubernetes API server fills into pod templates, and equality of templates after them.
// An engine must compare templates so: a ReplicaSet holds the defaulted form of what the rollout was written with.

import { isRecord } from '../lib/deep.js';
import { parseQuantity } from '../lib/quantity.js';
import { defaultContainer } from './container-defaults.js';
import { HASH_LABEL } from './labels.js';
import { podTemplateStructs } from './pod-template-hash.js';
import type { PodSpec, PodTemplateSpec } from './pod-template.js';
import { structJson } from './struct-json.js';
import { defaultVolume } from './volume-defaults.js';

type Loose = Readonly<Record<string, unknown>>;

/** The template as the server would store it in a workload; the input is not changed. Doing it twice changes nothing. */
export function defaultPodTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return { ...template, metadata: template.metadata ?? {}, spec: defaultPodSpec(template.spec ?? { containers: [] }) };
}

/** The same for the spec of a pod. What only pods get (service links, tolerations of their node) is not part of it. */
export function defaultPodSpec(spec: PodSpec): PodSpec {
  const hostNetwork = spec['hostNetwork'] === true;
  const result: Record<string, unknown> = {
    ...spec,
    restartPolicy: textOr(spec.restartPolicy, 'Always'),
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: textOr(spec['dnsPolicy'], 'ClusterFirst'),
    securityContext: spec['securityContext'] ?? {},
    schedulerName: textOr(spec['schedulerName'], 'default-scheduler'),
    containers: spec.containers.map((container) => defaultContainer(container, hostNetwork)),
  };
  if (isNonEmpty(spec.initContainers)) result['initContainers'] = spec.initContainers.map((container) => defaultContainer(container, hostNetwork));
  if (isNonEmpty(spec.ephemeralContainers))
    result['ephemeralContainers'] = spec.ephemeralContainers.map((container) => defaultContainer(container, hostNetwork));
  const volumes = spec['volumes'];
  if (Array.isArray(volumes)) result['volumes'] = volumes.map((volume: unknown) => (isRecord(volume) ? defaultVolume(volume) : volume));
  // The old name of the field is kept filled for old clients.
  const account = textOr(spec.serviceAccountName, textOr(spec['serviceAccount'], ''));
  if (account !== '') Object.assign(result, { serviceAccountName: account, serviceAccount: account });
  return { ...result, containers: result['containers'] as PodSpec['containers'] };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function isNonEmpty<T>(items: readonly T[] | undefined): items is readonly T[] {
  return items !== undefined && items.length > 0;
}

/**
 * Whether both describe the same pods: after defaulting, with quantities compared by value, absent lists and maps equal to empty ones,
 * and without the revision's label.
 */
export function podTemplatesEqual(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return comparable(a) === comparable(b);
}

function comparable(template: PodTemplateSpec): string {
  const { metadata, spec } = defaultPodTemplate(template);
  const labels: Loose = Object.fromEntries(Object.entries(metadata?.labels ?? {}).filter(([key]) => key !== HASH_LABEL));
  const bare = { metadata: { ...metadata, labels, creationTimestamp: undefined }, spec: { ...spec, serviceAccount: undefined } };
  return structJson(podTemplateStructs, 'PodTemplateSpec', bare, (input) => String(parseQuantity(input)?.nanos ?? input));
}
