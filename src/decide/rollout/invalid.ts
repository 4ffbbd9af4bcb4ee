// A rollout that can not be driven as it is written: it says so, and all that belongs to it stays as it is.

import type { Rollout } from '../../kinds/rollout.js';
import type { Instant } from '../../lib/instant.js';
import { findCondition, replaceCondition } from './conditions.js';
import { phaseOf } from './health.js';
import type { Decision } from './observed.js';
import { statusPatch } from './sync.js';

/** Something outside the rollout may put it right without an event that reaches it. */
const LOOK_AGAIN_MS = 20_000;

export function decideInvalid(rollout: Rollout, reason: string, now: Instant, what: 'spec' | 'workload'): Decision {
  const before = rollout.status ?? {};
  const message = `The Rollout "${rollout.metadata.name}" is invalid: ${reason}`;
  const observedGeneration = String(rollout.metadata.generation ?? '');
  const present = findCondition(before.conditions, 'InvalidSpec');
  const known = present?.message === message && before.observedGeneration === observedGeneration;
  const conditions = known
    ? (before.conditions ?? [])
    : replaceCondition(before.conditions ?? [], { type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message }, now);
  const next = { ...before, conditions, observedGeneration };
  const status = known ? before : { ...next, ...phaseOf(rollout, next) };
  return {
    situation: { type: 'invalid' },
    status,
    actions: known ? [] : statusPatch(rollout, before, status, 'say what is wrong'),
    wakeAt: now + LOOK_AGAIN_MS,
    why: what === 'workload' ? `its workload can not be used: ${reason}` : `its spec can not be followed: ${reason}`,
  };
}
