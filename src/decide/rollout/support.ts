// What this engine does not drive yet. A rollout that asks for it is refused before anything of it is touched:
// half a release strategy is worse than none.

import type { Rollout } from '../../kinds/rollout.js';

const ROUTERS: Readonly<Record<string, string>> = {
  nginx: 'nginx', alb: 'AWS ALB', smi: 'SMI', ambassador: 'Ambassador', appMesh: 'AWS App Mesh', traefik: 'Traefik', apisix: 'Apache APISIX', plugins: 'plugins',
};

/** The reason, as a sentence; undefined when the rollout can be driven. */
export function unsupported(rollout: Rollout): string | undefined {
  const { canary } = rollout.spec.strategy ?? {};
  for (const [field, name] of Object.entries(ROUTERS)) {
    if (canary?.trafficRouting !== undefined && field in canary.trafficRouting) return `this engine does not split traffic through ${name} yet (trafficRouting.${field})`;
  }
  if (canary?.trafficRouting !== undefined && canary.trafficRouting.istio === undefined) return 'trafficRouting names no router, so nothing would split the traffic';
  for (const [index, step] of (canary?.steps ?? []).entries()) {
    for (const kind of ['experiment', 'plugin'] as const) {
      if (step[kind] !== undefined) return `this engine does not take ${kind} steps yet (steps[${index}])`;
    }
  }
  return undefined;
}
