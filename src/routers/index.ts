// The routers by the field of `trafficRouting` that chooses each. A field that is not here is an error, never a guess.

import type { Rollout } from '../kinds/rollout.js';
import type { TrafficRouting } from '../kinds/traffic-routing.js';
import type { RouteProblem } from '../kinds/traffic.js';
import { alb } from './alb/alb.js';
import { ambassador } from './ambassador.js';
import { apisix } from './apisix.js';
import { appMesh } from './app-mesh.js';
import { gateway } from './gateway/gateway.js';
import { istio } from './istio/istio.js';
import { nginx } from './nginx.js';
import type { Router } from './router.js';
import { smi } from './smi.js';
import { traefik } from './traefik.js';

export const ROUTERS: readonly Router[] = [istio, nginx, alb, smi, ambassador, appMesh, traefik, apisix, gateway];

/** Fields of `trafficRouting` that choose no router. */
const SETTINGS = new Set(['managedRoutes', 'maxTrafficWeight']);

const pluginsOf = ({ plugins = {} }: TrafficRouting): readonly string[] => Object.keys(plugins).map((name) => `plugins.${name}`);

/** By the name of their plugin: routers that modules bring. */
export type MoreRouters = ReadonlyMap<string, Router>;

const NO_MORE: MoreRouters = new Map();

/** Undefined when the rollout has no router: its pods are its weights. */
export function routerOf(rollout: Rollout, more: MoreRouters = NO_MORE): Router | RouteProblem | undefined {
  const routing = rollout.spec.strategy?.canary?.trafficRouting;
  if (routing === undefined) return undefined;
  const fields = Object.entries(routing)
    .filter(([field, value]) => !SETTINGS.has(field) && value !== undefined)
    .map(([field]) => field);
  const chosen = fields.flatMap((field) => (field === 'plugins' ? pluginsOf(routing) : [field]));
  const place = 'spec.strategy.canary.trafficRouting';
  if (chosen.length === 0) return undefined;
  if (chosen.length > 1) return { type: 'route-problem', field: place, value: chosen.join(', '), reason: 'this engine drives one traffic router at a time' };
  const name = chosen[0] ?? '';
  const router = ROUTERS.find((candidate) => candidate.name === name) ?? more.get(name.replace(/^plugins\./, ''));
  if (router !== undefined) return router;
  return {
    type: 'route-problem',
    field: place,
    value: name,
    reason: `unknown traffic router; known are: ${ROUTERS.map(({ name }) => name).join(', ')}`,
  };
}
