// The steps of a canary by chance: of every sort that its router can do.

import type { Rng } from '../../src/lib/rng.js';
import { once, oneOf, QUICK_TEMPLATES } from './manifests.js';
import type { Fields } from './manifests.js';
import { headerRoute, mirrorRoute } from './routes.js';
import type { RoutePlan } from './routes.js';

const MOST_STEPS = 9;

export const quickAnalysis = (rng: Rng): Fields => ({ templates: [{ templateName: oneOf(rng, QUICK_TEMPLATES) }], args: [{ name: 'name', valueFrom: { podTemplateHashValue: 'Latest' } }] });

/** At most `free` percent may go to it. */
export function experimentOf(rng: Rng, free: number): Fields {
  const measured = once(rng, 2);
  return {
    ...(!measured || once(rng, 2) ? { duration: `${3 + rng.int(40)}s` } : {}),
    ...(once(rng, 2) ? { scaleDownDelaySeconds: rng.int(20) } : {}),
    templates: [
      { name: 'base', specRef: 'stable', replicas: 1 },
      { name: 'cand', specRef: 'canary', replicas: 1 + rng.int(2), ...(free > 0 && once(rng, 2) ? { weight: 1 + rng.int(free) } : {}) },
    ],
    ...(measured ? { analyses: [{ name: 'quick', templateName: oneOf(rng, QUICK_TEMPLATES), requiredForCompletion: once(rng, 2) }] } : {}),
  };
}

function headerStep(rng: Rng, { name }: RoutePlan): Fields {
  const match = [{ headerName: 'x-beta', headerValue: { exact: `v${rng.int(3)}` } }];
  return { setHeaderRoute: { name: headerRoute(name), ...(once(rng, 4) ? {} : { match }) } };
}

function mirrorStep(rng: Rng, { name }: RoutePlan): Fields {
  const match = [{ method: { exact: 'GET' }, path: { prefix: '/' } }];
  return { setMirrorRoute: { name: mirrorRoute(name), ...(once(rng, 4) ? {} : { match, percentage: 10 + rng.int(90) }) } };
}

function scaleStep(rng: Rng): Fields {
  return { setCanaryScale: oneOf<Fields>(rng, [{ weight: 10 + rng.int(80) }, { replicas: 1 + rng.int(4) }, { matchTrafficWeight: true }, { matchTrafficWeight: true }]) };
}

/** What may follow a weight, if anything. */
function between(rng: Rng, route: RoutePlan | undefined, weight: number): Fields | undefined {
  switch (rng.int(9)) {
    case 0:
      return { pause: {} };
    case 1:
    case 2:
      return { pause: { duration: oneOf<unknown>(rng, [`${1 + rng.int(30)}s`, 2 + rng.int(60), `${1 + rng.int(40)}`, '1m']) } };
    case 3:
    case 4:
      return { analysis: quickAnalysis(rng) };
    case 5:
      return { experiment: experimentOf(rng, route?.can.shares === true ? Math.max(0, Math.min(30, 95 - weight)) : 0) };
    case 6:
      return route === undefined ? undefined : scaleStep(rng);
    case 7:
      if (route?.can.headers !== true) return undefined;
      return route.can.mirrors && once(rng, 2) ? mirrorStep(rng, route) : headerStep(rng, route);
    default:
      return undefined;
  }
}

export function stepsOf(rng: Rng, route: RoutePlan | undefined): readonly Fields[] {
  const steps: Fields[] = [];
  const most = route?.maxWeight ?? 100;
  let weight = 0;
  if (once(rng, 6)) steps.push({ setWeight: 0 }, ...(route === undefined ? [] : [scaleStep(rng)]));
  while (weight < most && steps.length < MOST_STEPS) {
    weight = Math.min(most, weight + Math.ceil((most * (8 + rng.int(50))) / 100));
    // Now and then a weight goes back.
    const asked = once(rng, 12) ? Math.floor(weight / 2) : weight;
    const next = between(rng, route, (asked * 100) / most);
    if (next !== undefined && once(rng, 2)) steps.push(next);
    steps.push({ setWeight: asked });
    if (next !== undefined && steps.at(-2) !== next) steps.push(next);
  }
  return steps;
}
