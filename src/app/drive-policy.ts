// Whether a console drives the rollouts of a real cluster, too.

import type { Effective } from '../console/settings/resolve.js';

/**
 * `on` drives as soon as the Lease is free. `auto` drives only where the settings file says so for this very context, and
 * nobody else holds the Lease now: a console that somebody opens to look must not become an engine by itself.
 */
export function drivesHere({ settings, origins }: Effective, leaseIsHeld: boolean): boolean {
  if (settings.engine !== 'auto') return settings.engine === 'on';
  const { engine } = origins;
  return engine.type === 'file' && engine.path[0] === 'contexts' && !leaseIsHeld;
}
