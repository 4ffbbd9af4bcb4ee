// What this engine does not drive yet. A rollout that asks for it is refused before anything of it is touched:
// half a release strategy is worse than none.

import type { Rollout } from '../../kinds/rollout.js';

/** The fields of trafficRouting for which there is a router (src/routers). */
const DRIVEN = ['istio', 'nginx', 'alb', 'smi', 'ambassador', 'appMesh', 'traefik', 'apisix', 'plugins'] as const;

/** The one router plugin whose work is done here without it. */
const GATEWAY_PLUGIN = 'argoproj-labs/gatewayAPI';

/** The reason, as a sentence; undefined when the rollout can be driven. */
export function unsupported(rollout: Rollout): string | undefined {
  const { canary } = rollout.spec.strategy ?? {};
  const routing = canary?.trafficRouting;
  const plugin = Object.keys(routing?.plugins ?? {}).find((name) => name !== GATEWAY_PLUGIN);
  if (plugin !== undefined) return `this engine has no router plugin '${plugin}'; it knows '${GATEWAY_PLUGIN}' by itself`;
  if (routing !== undefined && !DRIVEN.some((field) => routing[field] !== undefined))
    return 'trafficRouting names no router, so nothing would split the traffic';
  for (const [index, step] of (canary?.steps ?? []).entries()) {
    if (step.plugin !== undefined) return `this engine does not take plugin steps yet (steps[${index}])`;
  }
  return undefined;
}
