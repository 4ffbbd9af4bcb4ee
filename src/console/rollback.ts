// Rolling back as one act: undo, wait until the engine has seen it, see that the old revision's pods start, promote it
// fully, and look at the route. A machine of five stages that only moves on what the cluster shows; every wait has a limit,
// and when it stops it says where, why, and how things stand.

import { promoteFull } from '../decide/rollout/commands.js';
import type { Change } from '../kinds/change.js';
import { asRollout } from '../kinds/rollout.js';
import type { Instant } from '../lib/instant.js';
import { type ClusterIndex, revisionWords, setWithHash } from './board.js';
import type { About } from './effect.js';
import type { RolloutFacts } from './facts.js';
import { listAt, numberAt, textAt } from '../lib/read.js';
import { findPodTrouble } from './reason-pods.js';
import { readRealWeight } from './route-weight.js';

export const ROLLBACK_STAGES = ['undo', 'see', 'capacity', 'promote', 'finish'] as const;

export type RollbackStage = (typeof ROLLBACK_STAGES)[number];

export type Rollback = {
  readonly key: string;
  readonly uid: string;
  readonly revision: string;
  /** Pod hash of the revision that comes back. */
  readonly hash: string;
  readonly stage: RollbackStage;
  readonly startedAt: Instant;
  readonly stageSince: Instant;
  /** The change of this stage has been taken by the server. */
  readonly taken: boolean;
  /** Id of the change that was sent last. */
  readonly sentId: number;
  /** What it waits for, in a few words. */
  readonly detail: string;
  readonly about: About;
};

/** How long each stage may take before it is given up; the last one takes as long as pods and delays take. */
const LIMITS_MS: Readonly<Record<RollbackStage, number>> = { undo: 20_000, see: 30_000, capacity: 120_000, promote: 20_000, finish: 900_000 };

export const STAGE_WORDS: Readonly<Record<RollbackStage, string>> = {
  undo: 'the old template is sent',
  see: 'waiting for the engine to see it',
  capacity: 'waiting for its pods to start',
  promote: 'the full promotion is sent',
  finish: 'waiting until it serves everything',
};

export type RollbackStep =
  | { readonly type: 'wait'; readonly detail: string }
  | { readonly type: 'next'; readonly stage: RollbackStage }
  | { readonly type: 'send'; readonly stage: RollbackStage; readonly changes: readonly Change[] }
  | { readonly type: 'done'; readonly text: string }
  | { readonly type: 'failed'; readonly text: string };

const wait = (detail = ''): RollbackStep => ({ type: 'wait', detail });
const failed = (text: string): RollbackStep => ({ type: 'failed', text });

export function whereItStands(facts: RolloutFacts, index: ClusterIndex): string {
  const real = readRealWeight(facts, index).canaryPercent;
  const serving = facts.inFlight && real !== undefined ? `, ${Math.round(real)} % of the traffic on the newest revision` : '';
  return `now it is ${facts.phase}${facts.aborted ? ' and aborted' : ''}${serving}`;
}

/** Whether a pod of the old revision can start at all; a clause when not. */
function capacityProblem(facts: RolloutFacts, index: ClusterIndex, hash: string): string | undefined {
  const set = setWithHash(index, facts, hash);
  const refusal = listAt(set, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'ReplicaFailure' && textAt(condition, 'status') === 'True',
  );
  if (refusal !== undefined) return textAt(refusal, 'message') ?? 'its pods are refused';
  return findPodTrouble(index, set, 'canary')?.clause;
}

function checkCapacity(facts: RolloutFacts, index: ClusterIndex, rollback: Rollback): RollbackStep {
  const problem = capacityProblem(facts, index, rollback.hash);
  if (problem !== undefined) return failed(`${problem}; it was not promoted, ${whereItStands(facts, index)}`);
  // The hold from before has ended by now: this one is new, and a full promotion would end it.
  if (facts.held) return failed(`it was paused by hand meanwhile; ${whereItStands(facts, index)}`);
  const set = setWithHash(index, facts, rollback.hash);
  const wanted = numberAt(set, 'spec', 'replicas') ?? 0;
  const available = numberAt(set, 'status', 'availableReplicas') ?? 0;
  // A first step without pods can prove nothing; the engine itself moves no traffic to pods that are not there.
  if (available < wanted) return wait(`${available} of ${wanted} ready`);
  const commanded = promoteFull(asRollout(facts.object), 'guarded');
  if ('type' in commanded) return failed(`${commanded.reason}; ${whereItStands(facts, index)}`);
  return { type: 'send', stage: 'promote', changes: commanded };
}

function checkEnd(facts: RolloutFacts, index: ClusterIndex, rollback: Rollback): RollbackStep {
  if (facts.canaryHash !== rollback.hash) return failed(`another revision has begun meanwhile; ${whereItStands(facts, index)}`);
  if (facts.aborted) return failed(`it was aborted meanwhile; ${whereItStands(facts, index)}`);
  // The engine has seen the template, and so that the hold from before has ended: this one is new.
  if (facts.held) return failed(`it was paused by hand meanwhile; ${whereItStands(facts, index)}`);
  if (facts.stableHash !== rollback.hash || facts.phase !== 'Healthy') {
    const problem = capacityProblem(facts, index, rollback.hash);
    const pods = setWithHash(index, facts, rollback.hash);
    return wait(problem ?? `${numberAt(pods, 'status', 'availableReplicas') ?? 0} of ${numberAt(facts.object, 'spec', 'replicas') ?? 1} pods ready`);
  }
  const route = readRealWeight(facts, index);
  const served = setWithHash(index, facts, rollback.hash);
  const serves = `${served === undefined ? `revision ${rollback.revision}` : revisionWords(served)} serves everything`;
  if (route.problem !== undefined) return { type: 'done', text: `${serves}, but ${route.problem}: look at the route` };
  if (route.from !== 'routes') return { type: 'done', text: serves };
  // At rest all traffic is on the stable revision, which this is.
  const agrees = route.objects.every(({ stable, canary }) => (canary ?? 0) === 0 || stable === undefined);
  return agrees ? { type: 'done', text: `${serves}, and the route says so` } : wait('the route does not say so yet');
}

/** What is next, from what the cluster shows. */
export function stepRollback(rollback: Rollback, facts: RolloutFacts | undefined, index: ClusterIndex, now: Instant): RollbackStep {
  if (facts === undefined || facts.uid !== rollback.uid) return failed('the rollout no longer exists');
  if (now - rollback.stageSince > LIMITS_MS[rollback.stage]) {
    return failed(`${STAGE_WORDS[rollback.stage]} for ${LIMITS_MS[rollback.stage] / 1000} s, that is too long; ${whereItStands(facts, index)}`);
  }
  switch (rollback.stage) {
    case 'undo':
      return rollback.taken ? { type: 'next', stage: 'see' } : wait();
    case 'see':
      // A hold from before ends with the same sending; both are seen one after the other.
      if (!facts.observed || facts.canaryHash !== rollback.hash || facts.held) return wait();
      // It was the stable revision all the time: there is nothing to promote.
      return { type: 'next', stage: facts.stableHash === rollback.hash ? 'finish' : 'capacity' };
    case 'capacity':
      return facts.stableHash === rollback.hash ? { type: 'next', stage: 'finish' } : checkCapacity(facts, index, rollback);
    case 'promote':
      return rollback.taken ? { type: 'next', stage: 'finish' } : wait();
    case 'finish':
      return checkEnd(facts, index, rollback);
  }
}
