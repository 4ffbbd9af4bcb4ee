// Which Service is the canary's and which the stable version's. With pingPong two Services take turns, so that none changes its pods
// while traffic goes to it; the rollout's status remembers whose turn it is.

import type { Rollout } from './rollout.js';

export type VersionServices = { readonly canary: string | undefined; readonly stable: string | undefined };

const named = (name: string | undefined): string | undefined => (name === '' ? undefined : name);

/** The two that take turns, by their present part; undefined without pingPong. */
export function pingPongServices(rollout: Rollout): VersionServices | undefined {
  const pingPong = rollout.spec.strategy?.canary?.pingPong;
  if (pingPong === undefined) return undefined;
  const { pingService: ping, pongService: pong } = pingPong;
  return rollout.status?.canary?.stablePingPong === 'ping' ? { stable: ping, canary: pong } : { stable: pong, canary: ping };
}

/** stableService and canaryService; the two of pingPong where both are missing, or where `prefer` says so (AWS ALB). */
export function versionServices(rollout: Rollout, prefer: 'fixed' | 'ping-pong' = 'fixed'): VersionServices {
  const { canaryService, stableService } = rollout.spec.strategy?.canary ?? {};
  const fixed = { canary: named(canaryService), stable: named(stableService) };
  const turns = pingPongServices(rollout);
  if (turns === undefined) return fixed;
  return prefer === 'ping-pong' || (fixed.canary === undefined && fixed.stable === undefined) ? turns : fixed;
}
