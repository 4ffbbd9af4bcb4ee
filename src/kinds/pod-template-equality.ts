// Whether two pod templates describe the same pods. An engine must compare them so, after Kubernetes' own defaults:
// a ReplicaSet holds the defaulted form of what the rollout was written with.

import { parseQuantity } from '../lib/quantity.js';
import { defaultPodTemplate } from './pod-defaults.js';
import { podTemplateStructs } from './pod-template-hash.js';
import type { PodTemplateSpec } from './pod-template.js';
import { structJson } from './struct-json.js';

/** The label that tells the pods of one revision from those of another. */
const POD_HASH_LABEL = 'rollouts-pod-template-hash';

/**
 * Whether both describe the same pods: after defaulting, with quantities compared by value, absent lists and maps equal to empty ones,
 * and without the revision's label.
 */
export function podTemplatesEqual(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return comparable(a) === comparable(b);
}

function comparable(template: PodTemplateSpec): string {
  const { metadata, spec } = defaultPodTemplate(template);
  const labels = Object.fromEntries(Object.entries(metadata?.labels ?? {}).filter(([key]) => key !== POD_HASH_LABEL));
  const bare = { metadata: { ...metadata, labels, creationTimestamp: undefined }, spec: { ...spec, serviceAccount: undefined } };
  return structJson(podTemplateStructs, 'PodTemplateSpec', bare, (input) => String(parseQuantity(input)?.nanos ?? input));
}
