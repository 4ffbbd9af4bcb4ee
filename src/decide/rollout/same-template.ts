// Whether a ReplicaSet runs what a template asks for, apart from what an engine itself has put into it.

import { HASH_LABEL } from '../../kinds/labels.js';
import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import { podTemplatesEqual } from '../../kinds/pod-defaults.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { removeAntiAffinity } from './anti-affinity.js';
import { recordedMetadata, removeMetadata } from './pod-metadata.js';

/** Compared after Kubernetes' own defaults, so that a stored template and a bare one can be equal. */
export function sameTemplate(set: ReplicaSet, template: PodTemplateSpec): boolean {
  return podTemplatesEqual(withoutHash(bareTemplate(set)), withoutHash(template));
}

/** Without what an engine itself has put into it. */
export function bareTemplate(set: ReplicaSet): PodTemplateSpec {
  return removeAntiAffinity(removeMetadata(set.spec.template ?? {}, recordedMetadata(set)));
}

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const labels = Object.fromEntries(Object.entries(template.metadata?.labels ?? {}).filter(([key]) => key !== HASH_LABEL));
  return { ...template, metadata: { ...template.metadata, labels } };
}
