// The header and mirror routes that the steps taken so far have promised. They are asked for in every pass, not only while their step
// is current: a route that somebody took away, or that had to go while the canary had no pods, comes back.

import type { CanaryStep } from '../../kinds/rollout.js';
import type { ManagedRoute } from '../../kinds/traffic.js';
import type { Pass } from './pass.js';

const EVERYTHING = 100;

/** Of each managed route its latest step at or before the present one. */
export function promisedRoutes(pass: Pass): readonly ManagedRoute[] {
  const latest = new Map<string, ManagedRoute>();
  for (const step of pass.steps.slice(0, (pass.status.currentStepIndex ?? 0) + 1)) {
    const route = routeOf(step);
    if (route !== undefined) latest.set(route.name, route);
  }
  return (pass.canary.trafficRouting?.managedRoutes ?? []).map(({ name }) => latest.get(name)).filter((route) => route !== undefined);
}

function routeOf({ setHeaderRoute: header, setMirrorRoute: mirror }: CanaryStep): ManagedRoute | undefined {
  if (header !== undefined) return { type: 'header', name: header.name ?? '', match: header.match ?? [] };
  if (mirror !== undefined) return { type: 'mirror', name: mirror.name, match: mirror.match ?? [], percentage: mirror.percentage ?? EVERYTHING };
  return undefined;
}
