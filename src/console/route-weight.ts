// The real weight: what the route objects say this moment, whatever the engine believes. Without a router, what the pods give.

import type { KubeObject } from '../kinds/kube-object.js';
import { refKey } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { asRollout } from '../kinds/rollout.js';
import type { Route, RouteProblem, RouteSplit } from '../kinds/traffic.js';
import { remember } from '../lib/remember.js';
import { gather, typesFor } from '../routers/gather.js';
import { routerOf } from '../routers/index.js';
import type { Router } from '../routers/router.js';
import { type ClusterIndex, setsOf, setWithHash } from './board.js';
import type { RolloutFacts } from './facts.js';
import { at, numberAt } from '../lib/read.js';

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

/** Spoken of as "it" on the screen, so the beginning that names the kind of error again is left out. */
const PREAMBLE = /^Istio VirtualService has invalid \w+ routes\. Error: /;

function problemText({ value, reason }: RouteProblem): string {
  const told = reason.replace(PREAMBLE, '').replace(/\.$/, '');
  return told.includes(value) || value === '' ? told : `${value}: ${told}`;
}

function labelOf(split: RouteSplit, splits: readonly RouteSplit[]): string {
  const object = split.object.replace('/', ' ');
  const several = splits.filter((each) => each.object === split.object).length > 1;
  return several ? `${object} ${split.place.replace(/^http\//, '')}` : object;
}

function readWith(router: Router, facts: RolloutFacts, index: ClusterIndex): Route | RouteProblem {
  const rollout = asRollout(facts.object);
  const reader = {
    get: (ref: ObjectRef): KubeObject | undefined => index.routeObjects.get(refKey(ref)),
    list: (type: ResourceType, namespace: string): readonly KubeObject[] => {
      const prefix = refKey({ type, namespace, name: '' });
      return [...index.routeObjects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object);
    },
  };
  return router.read(rollout, gather(router, rollout, reader));
}

function unreadable(problem: string): RealWeight {
  const objects = [{ label: '', canary: undefined, stable: undefined, problem }];
  return { from: 'routes', objects, canaryPercent: undefined, agrees: false, problem };
}

/** Of the kinds that the router reads, those that this person may not see: that an object is missing means nothing then. */
function unseenTypes(router: Router, facts: RolloutFacts, { unseen }: ClusterIndex): readonly string[] {
  return unseen.length === 0
    ? []
    : typesFor(router, asRollout(facts.object))
        .map(({ plural }) => plural)
        .filter((plural) => unseen.includes(plural));
}

function readRoutes(router: Router, facts: RolloutFacts, index: ClusterIndex): RealWeight {
  let route: Route | RouteProblem;
  try {
    const hidden = unseenTypes(router, facts, index);
    if (hidden.length > 0) return unreadable(`you have no right to see ${hidden.join(', ')}, so the real weight is not known`);
    route = readWith(router, facts, index);
  } catch (error) {
    // Routers rely on what the API server has checked; a console shows also what no server should have let in.
    return unreadable(`the route objects can not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (route.type === 'route-problem') return unreadable(problemText(route));
  const { splits } = route;
  const asked = Math.round((facts.askedPercent * facts.maximum) / 100);
  // With several routes the one that is farthest from what is asked is the one to show.
  const worst = splits.toSorted((a, b) => Math.abs(b.canary - asked) - Math.abs(a.canary - asked))[0];
  return {
    from: 'routes',
    objects: splits.map((split) => ({ label: labelOf(split, splits), canary: split.canary, stable: split.stable, problem: undefined })),
    canaryPercent: worst === undefined ? undefined : (worst.canary * 100) / facts.maximum,
    agrees: splits.every(({ canary }) => canary === asked),
    problem: undefined,
  };
}

function readPods(facts: RolloutFacts, index: ClusterIndex): RealWeight {
  const available = (set: KubeObject | undefined): number => numberAt(set, 'status', 'availableReplicas') ?? 0;
  const canary = available(setWithHash(index, facts, facts.canaryHash));
  const total = setsOf(index, facts).reduce((sum, set) => sum + available(set), 0);
  const percent = total === 0 ? undefined : (canary * 100) / total;
  return { from: 'pods', canaryPercent: percent, objects: [], agrees: true, problem: undefined };
}

/** A frame asks several times for each of its lines, and the next frame again. */
const weightsOf = remember((index: ClusterIndex) => remember((facts: RolloutFacts) => readWeight(facts, index)));

export const readRealWeight = (facts: RolloutFacts, index: ClusterIndex): RealWeight => weightsOf(index)(facts);

function readWeight(facts: RolloutFacts, index: ClusterIndex): RealWeight {
  if (at(facts.object, 'spec', 'strategy', 'canary', 'trafficRouting') === undefined) return readPods(facts, index);
  const router = routerOf(asRollout(facts.object));
  if (router !== undefined && 'read' in router) return readRoutes(router, facts, index);
  // A router that only the engine of that cluster knows: its own word is all there is.
  const reported = numberAt(facts.object, 'status', 'canary', 'weights', 'canary', 'weight');
  const plain = { objects: [], agrees: true, problem: undefined };
  if (reported === undefined) return { from: 'nothing', canaryPercent: undefined, ...plain };
  return { from: 'status', canaryPercent: (reported * 100) / facts.maximum, ...plain };
}
