// Istio: VirtualServices split the traffic between two hosts or two subsets; a DestinationRule says what the subsets are.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { Route, RouteProblem, Traffic } from '../../kinds/traffic.js';
import { isProblem } from '../router.js';
import type { PlannedChange, Router } from '../router.js';
import { findRule, planRule, readRule } from './destination-rule.js';
import { choiceProblem, destinationRuleRef, neededObjects, virtualServiceUses } from './references.js';
import { planVirtualService, readVirtualService } from './virtual-service.js';

export const istio: Router = { name: 'istio', needs: neededObjects, read, plan };

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const choice = choiceProblem(rollout);
  if (choice !== undefined) return choice;
  const splits = [];
  for (const use of virtualServiceUses(rollout)) {
    const part = readVirtualService(rollout, use, objects);
    if ('type' in part) return part;
    splits.push(...part);
  }
  const ref = destinationRuleRef(rollout);
  if (ref === undefined) return { type: 'route', router: 'istio', splits, referencedHashes: [] };
  const found = findRule(rollout, ref, objects);
  if ('type' in found) return found;
  const { canary, stable, all } = readRule(rollout, found.rule);
  return { type: 'route', router: 'istio', splits, hashes: { canary, stable }, referencedHashes: all };
}

function plan(rollout: Rollout, objects: readonly KubeObject[], wanted: Traffic): readonly PlannedChange[] | RouteProblem {
  const choice = choiceProblem(rollout);
  if (choice !== undefined) return choice;
  const weights: PlannedChange[] = [];
  for (const use of virtualServiceUses(rollout)) {
    // All are looked at before any is written: with one that can not be, none is.
    const part = planVirtualService(rollout, use, objects, wanted);
    if (isProblem(part)) return part;
    weights.push(...part);
  }
  const ref = destinationRuleRef(rollout);
  if (ref === undefined) return weights;
  const hashes = planRule(rollout, ref, objects, wanted);
  if (isProblem(hashes)) return hashes;
  return wanted.order === 'weight-first' ? [...weights, ...hashes] : [...hashes, ...weights];
}
