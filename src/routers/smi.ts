// SMI: a TrafficSplit of the rollout's own, made when it is missing.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { versionServices } from '../kinds/ping-pong.js';
import { apiVersionOf } from '../kinds/resource-type.js';
import { TRAFFIC_SPLIT } from '../kinds/route-types.js';
import type { Rollout } from '../kinds/rollout.js';
import type { Route, RouteProblem, Traffic } from '../kinds/traffic.js';
import { findObject, includes, isOwnedBy, ownerOf, recordOf, recordsOf, routeProblem, sharesOf, splitOf, writeChange } from './objects.js';
import type { PlannedChange, Router } from './router.js';

const WHOLE = 100;

export const smi: Router = { name: 'smi', needs: (rollout) => [refTo(rollout)], read, plan };

function refTo({ metadata, spec }: Rollout): ObjectRef {
  const own = spec.strategy?.canary?.trafficRouting?.smi?.trafficSplitName ?? '';
  return { type: TRAFFIC_SPLIT, namespace: metadata.namespace ?? '', name: own === '' ? metadata.name : own };
}

/** Undefined when it is yet to be made. */
function find(rollout: Rollout, objects: readonly KubeObject[]): KubeObject | RouteProblem | undefined {
  const ref = refTo(rollout);
  const object = findObject(objects, ref);
  if (object === undefined || isOwnedBy(object, rollout)) return object;
  return routeProblem('smi.trafficSplitName', ref.name, `Rollout does not own TrafficSplit \`${ref.name}\` in namespace \`${ref.namespace}\``);
}

const isProblem = (found: KubeObject | RouteProblem): found is RouteProblem => 'type' in found && found.type === 'route-problem';

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const found = find(rollout, objects);
  if (found !== undefined && isProblem(found)) return found;
  const { canary, stable } = versionServices(rollout);
  const parts = { canary: 0, stable: found === undefined ? WHOLE : 0, other: 0 };
  for (const { service, weight } of recordsOf(recordOf(found?.['spec'])['backends'])) {
    const whose = service === canary ? 'canary' : service === stable ? 'stable' : 'other';
    parts[whose] += weightOf(weight);
  }
  return {
    type: 'route',
    router: 'smi',
    splits: [splitOf({ object: `TrafficSplit/${refTo(rollout).name}`, place: 'backends' }, parts, WHOLE)],
    referencedHashes: [],
  };
}

/** A quantity: "500m" is a half. */
function weightOf(weight: unknown): number {
  if (typeof weight === 'number') return weight;
  const parsed = /^(\d+(?:\.\d+)?)(m?)$/.exec(typeof weight === 'string' ? weight : '');
  return parsed === null ? 0 : Number(parsed[1]) / (parsed[2] === 'm' ? 1000 : 1);
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = find(rollout, objects);
  if (found !== undefined && isProblem(found)) return found;
  const ref = refTo(rollout);
  const why = `TrafficSplit ${ref.name} sends ${traffic.weight} of ${traffic.maxWeight} to the canary`;
  const root = rollout.spec.strategy?.canary?.trafficRouting?.smi?.rootService ?? '';
  const { stable, weights } = sharesOf(versionServices(rollout), traffic);
  const backends = [...weights].map(([service, weight]) => ({ service, weight: String(weight) }));
  const spec = { service: root === '' ? stable : root, backends };
  if (found === undefined) {
    const metadata = { name: ref.name, namespace: ref.namespace, ownerReferences: [ownerOf(rollout)] };
    const object: KubeObject = { apiVersion: apiVersionOf(TRAFFIC_SPLIT), kind: TRAFFIC_SPLIT.kind, metadata, spec };
    return [
      {
        change: { type: 'create', ref, object, why },
        notes: [{ type: 'Normal', reason: 'TrafficSplitCreated', message: `TrafficSplit \`${ref.name}\` created` }],
      },
    ];
  }
  const present = recordOf(found['spec']);
  // Weights that a server has written in another way are the same weights.
  const same = recordsOf(present['backends']).map(({ service, weight }) => ({ service, weight: String(weightOf(weight)) }));
  const change = writeChange(ref, found, { ...found, spec: { ...present, ...(includes(same, backends) ? { service: spec.service } : spec) } }, why);
  return change === undefined ? [] : [{ change, notes: [] }];
}
