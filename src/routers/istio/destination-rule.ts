// The DestinationRule: which ReplicaSet the canary and the stable subset stand for.

import { destinationRuleOf } from '../../kinds/istio.js';
import type { DestinationRule, Subset } from '../../kinds/istio.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL, MANAGED_BY } from '../../kinds/labels.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { RouteProblem, Traffic } from '../../kinds/traffic.js';
import type { PlannedChange } from '../router.js';
import { absent, findObject } from '../objects.js';
import { ISTIO_FIELD, istioOf } from './references.js';
import { DESTINATION_RULE_SHAPE, misshapen } from './shape.js';

export type RuleHashes = { readonly canary: string | undefined; readonly stable: string | undefined; readonly all: readonly string[] };

export function findRule(
  rollout: Rollout,
  ref: ObjectRef,
  objects: readonly KubeObject[],
): { readonly object: KubeObject; readonly rule: DestinationRule } | RouteProblem {
  const problem = (reason: string): RouteProblem => ({ type: 'route-problem', field: `${ISTIO_FIELD}.destinationRule.name`, value: ref.name, reason });
  const object = findObject(objects, ref);
  if (object === undefined) return absent(problem(`DestinationRule \`${ref.name}\` not found`));
  const wrong = misshapen(object, DESTINATION_RULE_SHAPE);
  if (wrong !== undefined) return problem(`DestinationRule \`${ref.name}\` can not be read: ${wrong}`);
  const rule = destinationRuleOf(object);
  const { canarySubsetName, stableSubsetName } = istioOf(rollout).destinationRule ?? {};
  for (const subset of [canarySubsetName, stableSubsetName]) {
    if (!(rule.spec.subsets ?? []).some(({ name }) => name === subset)) return problem(`DestinationRule \`${ref.name}\` has no subset '${subset ?? ''}'`);
  }
  return { object, rule };
}

export function readRule(rollout: Rollout, rule: DestinationRule): RuleHashes {
  const { canarySubsetName, stableSubsetName } = istioOf(rollout).destinationRule ?? {};
  const subsets = rule.spec.subsets ?? [];
  const hashOf = (name: string | undefined): string | undefined => subsets.find((subset) => subset.name === name)?.labels?.[HASH_LABEL];
  return {
    canary: hashOf(canarySubsetName),
    stable: hashOf(stableSubsetName),
    all: subsets.map((subset) => subset.labels?.[HASH_LABEL]).filter((hash) => hash !== undefined),
  };
}

export function planRule(rollout: Rollout, ref: ObjectRef, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = findRule(rollout, ref, objects);
  if ('type' in found) return found;
  const { object, rule } = found;
  const { canarySubsetName = '', stableSubsetName = '' } = istioOf(rollout).destinationRule ?? {};
  const wanted = new Map([
    [canarySubsetName, traffic.canaryHash],
    [stableSubsetName, traffic.stableHash],
  ]);
  const subsets = (rule.spec.subsets ?? []).map((subset) => named(subset, wanted));
  const managed = rule.metadata.annotations?.[MANAGED_BY] === rollout.metadata.name;
  if (managed && subsets.every((subset, index) => subset === rule.spec.subsets?.[index])) return [];
  const annotations = { ...rule.metadata.annotations, [MANAGED_BY]: rollout.metadata.name };
  const message = `DestinationRule ${ref.name} subset updated (${canarySubsetName}: ${traffic.canaryHash}, ${stableSubsetName}: ${traffic.stableHash})`;
  return [
    {
      change: {
        type: 'update',
        ref,
        object: { ...object, metadata: { ...object.metadata, annotations }, spec: { ...rule.spec, subsets } },
        why: `DestinationRule ${ref.name}: ${canarySubsetName} is ${traffic.canaryHash}, ${stableSubsetName} is ${traffic.stableHash}`,
      },
      notes: [{ type: 'Normal', reason: 'UpdatedDestinationRule', message }],
    },
  ];
}

/** The subset itself when it has the hash; every other subset, and all else in this one, is kept. */
function named(subset: Subset, wanted: ReadonlyMap<string, string>): Subset {
  const hash = wanted.get(subset.name);
  if (hash === undefined || (subset.labels?.[HASH_LABEL] ?? '') === hash) return subset;
  const { [HASH_LABEL]: _, ...labels } = subset.labels ?? {};
  return { ...subset, labels: hash === '' ? labels : { ...labels, [HASH_LABEL]: hash } };
}
