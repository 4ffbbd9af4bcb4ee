// What a pod template must have, whoever gave it, before ReplicaSets can be made of it.

import type { Pass } from '../pass.js';
import { matchesSelector } from '../../../kinds/label-selector.js';
import { invalid, required } from './field-error.js';
import { selectorProblem } from './selector.js';

export function templateProblem(pass: Pass): string | undefined {
  const { metadata, spec } = pass.template;
  const labels = metadata?.labels ?? {};
  // A selector that is wrong itself is told once.
  if (selectorProblem(pass) === undefined && !matchesSelector(pass.rollout.spec.selector, labels))
    return invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  const containers = spec?.containers ?? [];
  if (containers.length === 0) return required('spec.template.spec.containers');
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const path = `spec.template.spec.containers[${index}]`;
    if ((container.name ?? '') === '') return required(`${path}.name`);
    if (names.has(container.name)) return `${path}.name: Duplicate value: ${JSON.stringify(container.name)}`;
    names.add(container.name);
    if ((container.image ?? '') === '') return required(`${path}.image`);
  }
  const policy = spec?.restartPolicy ?? 'Always';
  if (policy !== 'Always') return `spec.template.spec.restartPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Always"`;
  return spec?.['activeDeadlineSeconds'] === undefined
    ? undefined
    : 'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported';
}
