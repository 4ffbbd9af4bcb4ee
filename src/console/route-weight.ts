// The real weight: what the route objects say this moment, whatever the engine believes. Without a router, what the pods give.

import type { KubeObject } from '../kinds/kube-object.js';
import { type ClusterIndex, setsOf, setWithHash } from './board.js';
import type { RolloutFacts } from './facts.js';
import { at, listAt, numberAt, textAt } from './read.js';

export type RouteObject = {
  /** "VirtualService reviews" */
  readonly label: string;
  readonly canary: number | undefined;
  readonly stable: number | undefined;
  /** Why its weights can not be read: a clause such as "does not exist". */
  readonly problem: string | undefined;
};

export type RealWeight = {
  /** Where the number comes from: route objects, ready pods, or only the engine's own word. */
  readonly from: 'routes' | 'pods' | 'status' | 'nothing';
  readonly canaryPercent: number | undefined;
  readonly objects: readonly RouteObject[];
  /** All objects say what is asked. */
  readonly agrees: boolean;
  readonly problem: string | undefined;
};

type Sides = { readonly canary: (destination: unknown) => boolean; readonly stable: (destination: unknown) => boolean };

function sidesOf(rollout: KubeObject): Sides {
  const canary = at(rollout, 'spec', 'strategy', 'canary');
  const rule = at(canary, 'trafficRouting', 'istio', 'destinationRule');
  const side = (service: string | undefined, subset: string | undefined) => (destination: unknown): boolean => {
    const host = textAt(destination, 'host')?.split('.')[0];
    const named = textAt(destination, 'subset');
    return (service !== undefined && host === service) || (subset !== undefined && named === subset);
  };
  return {
    canary: side(textAt(canary, 'canaryService'), textAt(rule, 'canarySubsetName')),
    stable: side(textAt(canary, 'stableService'), textAt(rule, 'stableSubsetName')),
  };
}

function routesIn(virtualService: KubeObject): readonly unknown[] {
  for (const protocol of ['http', 'tls', 'tcp'] as const) {
    const routes = listAt(virtualService, 'spec', protocol);
    if (routes.length > 0) return routes;
  }
  return [];
}

function readVirtualService(label: string, virtualService: KubeObject | undefined, names: readonly string[], sides: Sides): RouteObject[] {
  const unreadable = (problem: string): RouteObject => ({ label, canary: undefined, stable: undefined, problem });
  if (virtualService === undefined) return [unreadable('does not exist')];
  const routes = routesIn(virtualService);
  const missing = names.filter((name) => !routes.some((route) => textAt(route, 'name') === name));
  if (missing.length > 0) return [unreadable(`has no route named ${missing.join(', ')}`)];
  const chosen = names.length > 0 ? routes.filter((route) => names.includes(textAt(route, 'name') ?? '')) : routes.slice(0, 1);
  if (chosen.length === 0) return [unreadable('has no routes')];
  return chosen.map((route) => {
    const destinations = listAt(route, 'route');
    const sum = (side: (destination: unknown) => boolean): number => destinations
      .filter((entry) => side(at(entry, 'destination')))
      .reduce<number>((total, entry) => total + (numberAt(entry, 'weight') ?? (destinations.length === 1 ? 100 : 0)), 0);
    const name = textAt(route, 'name');
    const known = destinations.some((entry) => sides.canary(at(entry, 'destination')) || sides.stable(at(entry, 'destination')));
    return {
      label: chosen.length > 1 && name !== undefined ? `${label} ${name}` : label,
      canary: known ? sum(sides.canary) : undefined,
      stable: known ? sum(sides.stable) : undefined,
      problem: known ? undefined : 'leads neither to the canary nor to the stable pods',
    };
  });
}

function readIstio(facts: RolloutFacts, index: ClusterIndex, istio: unknown): RealWeight {
  const single = at(istio, 'virtualService');
  const wanted = single === undefined ? listAt(istio, 'virtualServices') : [single];
  const sides = sidesOf(facts.object);
  const objects = wanted.flatMap((entry) => {
    const [name = '', namespace = facts.namespace] = (textAt(entry, 'name') ?? '').split('.');
    const names = listAt(entry, 'routes').filter((route) => typeof route === 'string');
    return readVirtualService(`VirtualService ${name}`, index.virtualServices.get(`${namespace}/${name}`), names, sides);
  });
  const broken = objects.find(({ problem }) => problem !== undefined);
  const asked = Math.round((facts.askedPercent * facts.maximum) / 100);
  const weights = objects.map(({ canary }) => canary).filter((canary) => canary !== undefined);
  // With several routes the one that is farthest from what is asked is the one to show.
  const worst = weights.toSorted((a, b) => Math.abs(b - asked) - Math.abs(a - asked))[0];
  return {
    from: 'routes',
    objects,
    canaryPercent: worst === undefined ? undefined : (worst * 100) / facts.maximum,
    agrees: broken === undefined && weights.every((weight) => weight === asked),
    problem: broken === undefined ? undefined : `${broken.label} ${broken.problem ?? ''}`,
  };
}

function readPods(facts: RolloutFacts, index: ClusterIndex): RealWeight {
  const available = (set: KubeObject | undefined): number => numberAt(set, 'status', 'availableReplicas') ?? 0;
  const canary = available(setWithHash(index, facts, facts.canaryHash));
  const total = setsOf(index, facts).reduce((sum, set) => sum + available(set), 0);
  const percent = total === 0 ? undefined : (canary * 100) / total;
  return { from: 'pods', canaryPercent: percent, objects: [], agrees: true, problem: undefined };
}

export function readRealWeight(facts: RolloutFacts, index: ClusterIndex): RealWeight {
  const routing = at(facts.object, 'spec', 'strategy', 'canary', 'trafficRouting');
  if (routing === undefined) return readPods(facts, index);
  const istio = at(routing, 'istio');
  if (istio !== undefined) return readIstio(facts, index, istio);
  const reported = numberAt(facts.object, 'status', 'canary', 'weights', 'canary', 'weight');
  const plain = { objects: [], agrees: true, problem: undefined };
  if (reported === undefined) return { from: 'nothing', canaryPercent: undefined, ...plain };
  return { from: 'status', canaryPercent: (reported * 100) / facts.maximum, ...plain };
}
