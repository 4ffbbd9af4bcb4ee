// What a rollout leaves behind in Istio: a DestinationRule whose subsets still stand for its ReplicaSets.

import type { Change } from '../../kinds/change.js';
import { destinationRuleOf } from '../../kinds/istio.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL, MANAGED_BY } from '../../kinds/labels.js';
import { refOf } from '../../kinds/object-ref.js';
import { DESTINATION_RULE } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';
import { destinationRuleRef } from './references.js';

export function ruleManager(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[MANAGED_BY];
}

/** Takes the marks out again. `manager` is the rollout that manages the rule, if that still exists. */
export function releaseRule(object: KubeObject, manager: Rollout | undefined): readonly Change[] {
  const name = ruleManager(object);
  if (name === undefined || (manager !== undefined && destinationRuleRef(manager)?.name === object.metadata.name)) return [];
  const { [MANAGED_BY]: _, ...annotations } = object.metadata.annotations ?? {};
  const rule = destinationRuleOf(object);
  const subsets = (rule.spec.subsets ?? []).map((subset) => {
    const { [HASH_LABEL]: __, ...labels } = subset.labels ?? {};
    return { ...subset, labels };
  });
  return [
    {
      type: 'update',
      ref: refOf(DESTINATION_RULE, object),
      object: { ...object, metadata: { ...object.metadata, annotations }, spec: { ...rule.spec, subsets } },
      why: `rollout ${name} no longer manages DestinationRule ${object.metadata.name}`,
    },
  ];
}
