// What this engine does not drive yet. A rollout that asks for it is refused before anything of it is touched:
// half a release strategy is worse than none.

import type { Rollout } from '../../kinds/rollout.js';
import type { KnownPlugins } from './observed.js';

/** The fields of trafficRouting for which there is a router (src/routers). */
const DRIVEN = ['istio', 'nginx', 'alb', 'smi', 'ambassador', 'appMesh', 'traefik', 'apisix', 'plugins'] as const;

/** The one router plugin whose work is done here without it. */
const GATEWAY_PLUGIN = 'argoproj-labs/gatewayAPI';

export type PluginKind = 'router' | 'metric' | 'step';

/** Why that plugin can not be used; undefined when it can. */
export function pluginProblem(kind: PluginKind, name: string, known: KnownPlugins | undefined): string | undefined {
  const there = { router: known?.routers, metric: known?.metrics, step: known?.steps }[kind] ?? [];
  if (there.includes(name)) return undefined;
  const fault = known?.problems[name];
  if (fault !== undefined) return `the ${kind} plugin '${name}' can not be used: ${fault}`;
  return `this engine has no ${kind} plugin '${name}': Argo's plugins are Go programs; name a module for it in the settings (plugins)`;
}

/** The reason, as a sentence; undefined when the rollout can be driven. */
export function unsupported(rollout: Rollout, known?: KnownPlugins): string | undefined {
  const { canary } = rollout.spec.strategy ?? {};
  const routing = canary?.trafficRouting;
  for (const name of Object.keys(routing?.plugins ?? {})) {
    const problem = name === GATEWAY_PLUGIN ? undefined : pluginProblem('router', name, known);
    if (problem !== undefined) return `${problem} (trafficRouting.plugins)`;
  }
  if (routing !== undefined && !DRIVEN.some((field) => routing[field] !== undefined))
    return 'trafficRouting names no router, so nothing would split the traffic';
  for (const [index, step] of (canary?.steps ?? []).entries()) {
    const problem = step.plugin === undefined ? undefined : pluginProblem('step', step.plugin.name, known);
    if (problem !== undefined) return `${problem} (steps[${index}])`;
  }
  return undefined;
}
