// The defaults that a Kubernetes API server fills into pod templates.

import { isRecord } from '../lib/deep.js';
import { defaultContainer } from './container-defaults.js';
import type { PodSpec, PodTemplateSpec } from './pod-template.js';
import { defaultVolume } from './volume-defaults.js';

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
  if (isNonEmpty(spec.ephemeralContainers)) result['ephemeralContainers'] = spec.ephemeralContainers.map((container) => defaultContainer(container, hostNetwork));
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
