// Keeps the pods of a new version off the nodes of the stable one, if the rollout asks for it.

import { HASH_LABEL } from '../../kinds/labels.js';
import type { Affinity, PodAffinityTerm, PodTemplateSpec } from '../../kinds/pod-template.js';
import type { AntiAffinity } from '../../kinds/rollout-strategy.js';

const HOSTNAME = 'kubernetes.io/hostname';

const isOurs = (term: PodAffinityTerm): boolean => term.labelSelector?.matchExpressions?.some((expression) => expression.key === HASH_LABEL) ?? false;

function termFor(stableHash: string, namespace: string): PodAffinityTerm {
  return {
    labelSelector: { matchExpressions: [{ key: HASH_LABEL, operator: 'In', values: [stableHash] }] },
    namespaces: [namespace],
    topologyKey: HOSTNAME,
  };
}

/** The template with the term for the present stable version; without a wish, or while that version is wanted itself, without any. */
export function withAntiAffinity(
  template: PodTemplateSpec,
  wish: AntiAffinity | undefined,
  stableHash: string,
  podHash: string,
  namespace: string,
): PodTemplateSpec {
  const bare = removeAntiAffinity(template);
  if (wish === undefined || stableHash === '' || stableHash === podHash) return bare;
  const term = termFor(stableHash, namespace);
  const affinity = bare.spec?.affinity ?? {};
  const anti = affinity.podAntiAffinity ?? {};
  const preferred = wish.preferredDuringSchedulingIgnoredDuringExecution;
  const required = anti.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const weighted = anti.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const podAntiAffinity =
    preferred === undefined
      ? { ...anti, requiredDuringSchedulingIgnoredDuringExecution: [...required, term] }
      : { ...anti, preferredDuringSchedulingIgnoredDuringExecution: [...weighted, { weight: preferred.weight, podAffinityTerm: term }] };
  return { ...bare, spec: { containers: [], ...bare.spec, affinity: { ...affinity, podAntiAffinity } } };
}

/** The hash that an injected term keeps away from; undefined when there is none. */
export function injectedAntiAffinity(template: PodTemplateSpec | undefined): string | undefined {
  const anti = template?.spec?.affinity?.podAntiAffinity;
  const terms = [
    ...(anti?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(anti?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((weighted) => weighted.podAffinityTerm),
  ];
  return terms.find(isOurs)?.labelSelector?.matchExpressions?.find((expression) => expression.key === HASH_LABEL)?.values?.[0];
}

export function removeAntiAffinity(template: PodTemplateSpec): PodTemplateSpec {
  const anti = template.spec?.affinity?.podAntiAffinity;
  if (template.spec === undefined || anti === undefined || injectedAntiAffinity(template) === undefined) return template;
  const required = (anti.requiredDuringSchedulingIgnoredDuringExecution ?? []).filter((term) => !isOurs(term));
  const preferred = (anti.preferredDuringSchedulingIgnoredDuringExecution ?? []).filter((weighted) => !isOurs(weighted.podAffinityTerm));
  const podAntiAffinity = {
    ...(required.length === 0 ? {} : { requiredDuringSchedulingIgnoredDuringExecution: required }),
    ...(preferred.length === 0 ? {} : { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
  };
  const { podAntiAffinity: _, ...others } = template.spec.affinity ?? {};
  const affinity: Affinity = Object.keys(podAntiAffinity).length === 0 ? others : { ...others, podAntiAffinity };
  const { affinity: __, ...spec } = template.spec;
  return { ...template, spec: Object.keys(affinity).length === 0 ? spec : { ...spec, affinity } };
}
