// The facts that every question of one pass is asked of: read once, never changed.

import type { PodTemplateSpec } from '../../kinds/pod-template.js';
import { podTemplateHash, stepHash } from '../../kinds/pod-template-hash.js';
import type { BlueGreenStrategy, CanaryStep, CanaryStrategy, Rollout, RolloutStatus } from '../../kinds/rollout.js';
import type { Instant } from '../../lib/instant.js';
import { DEFAULT_MAX_WEIGHT, DEFAULT_REPLICAS } from './names.js';
import type { ObservedRollout } from './observed.js';
import { findNewest, groupSets, hashOf } from './sets.js';
import type { Sets } from './sets.js';

export type Pass = {
  readonly seen: ObservedRollout;
  /** With the template and selector of its workload, if it refers to one. */
  readonly rollout: Rollout;
  readonly template: PodTemplateSpec;
  /** As observed: what the pass starts from. */
  readonly status: RolloutStatus;
  /** Of a blue-green rollout: what both strategies have, in the canary's words. */
  readonly canary: CanaryStrategy;
  readonly blueGreen: BlueGreenStrategy | undefined;
  readonly steps: readonly CanaryStep[];
  readonly replicas: number;
  readonly maxWeight: number;
  /** Traffic is split by a router, not by the numbers of pods. */
  readonly routed: boolean;
  /** The stable version shrinks as the canary grows. */
  readonly dynamic: boolean;
  readonly sets: Sets;
  readonly podHash: string;
  readonly stepHash: string;
  readonly stableHash: string;
  readonly now: Instant;
};

export function openPass(seen: ObservedRollout, rollout: Rollout, replicaSets: ObservedRollout['replicaSets'], now: Instant): Pass {
  const status = withoutOverruled(rollout.status ?? {});
  const template = rollout.spec.template ?? {};
  const { blueGreen } = rollout.spec.strategy ?? {};
  const canary = blueGreen === undefined ? (rollout.spec.strategy?.canary ?? {}) : inCanaryWords(blueGreen);
  const ordered = groupSets(replicaSets, undefined, '').all;
  const hash = podTemplateHash(template, status.collisionCount);
  const newest = findNewest(ordered, template, hash);
  const stableHash = status.stableRS ?? '';
  const routed = canary.trafficRouting !== undefined;
  return {
    seen,
    rollout,
    template,
    status,
    canary,
    blueGreen,
    steps: canary.steps ?? [],
    replicas: rollout.spec.replicas ?? DEFAULT_REPLICAS,
    maxWeight: canary.trafficRouting?.maxTrafficWeight ?? DEFAULT_MAX_WEIGHT,
    routed,
    dynamic: routed && canary.dynamicStableScale === true,
    sets: groupSets(ordered, newest, stableHash),
    // A found set keeps the name it has, whatever this program would have called it.
    podHash: newest === undefined ? hash : hashOf(newest),
    stepHash: blueGreen === undefined ? stepHash(canary.steps) : '',
    stableHash,
    now,
  };
}

/** The first pass after a retry: what the aborted attempt has proved counts for nothing. */
export function isRetried(pass: Pass): boolean {
  return pass.status.abort !== true && pass.status.abortedAt !== undefined;
}

/** An abort that no pass has followed yet is newer than the full promotion beside it, and wins; a later promotion wins over it. */
function withoutOverruled(status: RolloutStatus): RolloutStatus {
  if (status.abort !== true || status.abortedAt !== undefined || status.promoteFull !== true) return status;
  const { promoteFull: _overruled, ...rest } = status;
  return rest;
}

/** The preview is a canary without traffic: its pods are labelled, placed and kept for a while by the same rules. */
function inCanaryWords(blueGreen: BlueGreenStrategy): CanaryStrategy {
  return {
    maxUnavailable: blueGreen.maxUnavailable,
    antiAffinity: blueGreen.antiAffinity,
    canaryMetadata: blueGreen.previewMetadata,
    stableMetadata: blueGreen.activeMetadata,
    scaleDownDelaySeconds: blueGreen.scaleDownDelaySeconds,
    scaleDownDelayRevisionLimit: blueGreen.scaleDownDelayRevisionLimit,
    abortScaleDownDelaySeconds: blueGreen.abortScaleDownDelaySeconds,
  };
}

/** Where the steps stand; undefined when there are none. */
export function stepIndexOf(pass: Pass): number | undefined {
  return pass.steps.length === 0 ? undefined : (pass.status.currentStepIndex ?? 0);
}

export function currentStep(pass: Pass): CanaryStep | undefined {
  return pass.steps[pass.status.currentStepIndex ?? 0];
}

/** The wanted template is the stable one. */
export function isFullyPromoted(pass: Pass): boolean {
  return pass.stableHash === pass.podHash;
}

export function pausedBy(pass: Pass, reason: string): boolean {
  return pass.status.pauseConditions?.some((condition) => condition.reason === reason) ?? false;
}

/** Newer than what is stable by fewer revisions than the rollback window holds: then there is nothing left to prove. */
export function isWithinRollbackWindow(pass: Pass): boolean {
  const revisions = pass.rollout.spec.rollbackWindow?.revisions ?? 0;
  const { newest, stable, all } = pass.sets;
  if (revisions <= 0 || newest === undefined || stable === undefined) return false;
  const ageOf = (set: typeof newest): number => all.indexOf(set);
  if (ageOf(newest) >= ageOf(stable)) return false;
  return ageOf(stable) - ageOf(newest) - 1 < revisions;
}
