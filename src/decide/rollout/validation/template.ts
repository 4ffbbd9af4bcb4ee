// What a pod template must have, whoever gave it, before ReplicaSets can be made of it.

import { DNS_LABEL } from '../../../kinds/dns-label.js';
import { matchesSelector } from '../../../kinds/label-selector.js';
import type { Container } from '../../../kinds/pod-template.js';
import { isRecord } from '../../../lib/deep.js';
import type { Pass } from '../pass.js';
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
  const volumes = new Set(listOf(spec?.['volumes']).map((volume) => volume['name']));
  for (const [index, container] of containers.entries()) {
    const problem = containerProblem(container, `spec.template.spec.containers[${index}]`, names, volumes);
    if (problem !== undefined) return problem;
    names.add(container.name);
  }
  const policy = spec?.restartPolicy ?? 'Always';
  if (policy !== 'Always') return `spec.template.spec.restartPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Always"`;
  return spec?.['activeDeadlineSeconds'] === undefined
    ? undefined
    : 'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported';
}

const LARGEST_PORT = 65_535;

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** `names` are those of the containers before it. */
function containerProblem(container: Container, path: string, names: ReadonlySet<string>, volumes: ReadonlySet<unknown>): string | undefined {
  const { name, image, ports = [] } = container;
  if ((name ?? '') === '') return required(`${path}.name`);
  if (!DNS_LABEL.pattern.test(name) || name.length > DNS_LABEL.most) return invalid(`${path}.name`, name, DNS_LABEL.text);
  if (names.has(name)) return `${path}.name: Duplicate value: ${JSON.stringify(name)}`;
  if ((image ?? '') === '') return required(`${path}.image`);
  for (const [index, { containerPort }] of ports.entries()) {
    const field = `${path}.ports[${index}].containerPort`;
    if (containerPort < 1 || containerPort > LARGEST_PORT) return invalid(field, containerPort, `must be between 1 and ${LARGEST_PORT}, inclusive`);
  }
  const stray = listOf(container['volumeMounts']).findIndex((mount) => !volumes.has(mount['name']));
  return stray < 0 ? undefined : `${path}.volumeMounts[${stray}].name: Not found: ${JSON.stringify(listOf(container['volumeMounts'])[stray]?.['name'] ?? '')}`;
}
