// Traefik: a TraefikService that weighs the two Services, in the API group of Traefik 3 or the one before.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { versionServices } from '../kinds/ping-pong.js';
import { TRAEFIK_SERVICE, TRAEFIK_SERVICE_OLD } from '../kinds/route-types.js';
import type { Rollout } from '../kinds/rollout.js';
import type { Route, RouteProblem, Traffic } from '../kinds/traffic.js';
import { absent, findObject, recordOf, recordsOf, routeProblem, sharesOf, splitOf, writeChange } from './objects.js';
import type { Fields } from './objects.js';
import type { PlannedChange, Router } from './router.js';

const FIELD = 'traefik.weightedTraefikServiceName';
/** What Traefik takes for a Service without a weight. */
const DEFAULT_WEIGHT = 1;
const WHOLE = 100;

export const traefik: Router = { name: 'traefik', needs, read, plan };

type Found = { readonly ref: ObjectRef; readonly object: KubeObject; readonly services: readonly Fields[] };

function needs(rollout: Rollout): readonly ObjectRef[] {
  const name = rollout.spec.strategy?.canary?.trafficRouting?.traefik?.weightedTraefikServiceName ?? '';
  return [TRAEFIK_SERVICE, TRAEFIK_SERVICE_OLD].map((type) => ({ type, namespace: rollout.metadata.namespace ?? '', name }));
}

function find(rollout: Rollout, objects: readonly KubeObject[]): Found | RouteProblem {
  const refs = needs(rollout);
  const name = refs[0]?.name ?? '';
  for (const ref of refs) {
    const object = findObject(objects, ref);
    if (object === undefined) continue;
    const services = recordsOf(recordOf(recordOf(object['spec'])['weighted'])['services']);
    const { canary, stable } = versionServices(rollout);
    if (!services.some((service) => service['name'] === canary))
      return routeProblem(FIELD, name, `traefik canary service was not found in TraefikService \`${name}\``);
    if (!services.some((service) => service['name'] === stable))
      return routeProblem(FIELD, name, `traefik stable service was not found in TraefikService \`${name}\``);
    return { ref, object, services };
  }
  return absent(routeProblem(FIELD, name, `TraefikService \`${name}\` not found`));
}

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const { canary, stable } = versionServices(rollout);
  const parts = { canary: 0, stable: 0, other: 0 };
  for (const service of found.services) {
    const whose = service['name'] === canary ? 'canary' : service['name'] === stable ? 'stable' : 'other';
    parts[whose] += typeof service['weight'] === 'number' ? service['weight'] : DEFAULT_WEIGHT;
  }
  return {
    type: 'route',
    router: 'traefik',
    splits: [splitOf({ object: `TraefikService/${found.ref.name}`, place: 'weighted' }, parts, WHOLE)],
    referencedHashes: [],
  };
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const { weights } = sharesOf(versionServices(rollout), traffic);
  const services = found.services.map((service) => {
    const weight = weights.get(String(service['name']));
    return weight === undefined || service['weight'] === weight ? service : { ...service, weight };
  });
  const spec = recordOf(found.object['spec']);
  const after = { ...found.object, spec: { ...spec, weighted: { ...recordOf(spec['weighted']), services } } };
  const change = writeChange(found.ref, found.object, after, `TraefikService ${found.ref.name} sends ${traffic.weight} of ${traffic.maxWeight} to the canary`);
  return change === undefined ? [] : [{ change, notes: [] }];
}
