// The changes behind the risky actions: merge-free JSON patches that test what the person saw, so that a rollout which
// has moved refuses them as a whole. What they write is what `kubectl argo rollouts` writes.

import type { Change, JsonPatchOperation, Refusal } from '../kinds/change.js';
import { refOf } from '../kinds/object-ref.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import type { RiskyActionId } from './actions.js';
import { findCondition, type RolloutFacts } from './facts.js';
import { at, flagAt, textAt } from './read.js';

function guards(facts: RolloutFacts): JsonPatchOperation[] {
  const { object } = facts;
  const seen: readonly (readonly [string, unknown])[] = [
    ['/metadata/uid', object.metadata.uid],
    ['/status/currentPodHash', at(object, 'status', 'currentPodHash')],
    ['/status/currentStepIndex', at(object, 'status', 'currentStepIndex')],
    ['/status/pauseConditions', at(object, 'status', 'pauseConditions')],
  ];
  return seen.filter(([, value]) => value !== undefined).map(([path, value]) => ({ op: 'test', path, value }));
}

function patchStatus(facts: RolloutFacts, operations: readonly JsonPatchOperation[], why: string): Change {
  return { type: 'patch', ref: refOf(ROLLOUT, facts.object), patchType: 'json', subresource: 'status', body: [...guards(facts), ...operations], why };
}

function letGoOn(facts: RolloutFacts, why: string): Change[] {
  if (!facts.held) return [];
  const body: JsonPatchOperation[] = [{ op: 'test', path: '/metadata/uid', value: facts.uid }, { op: 'test', path: '/spec/paused', value: true }, { op: 'replace', path: '/spec/paused', value: false }];
  return [{ type: 'patch', ref: refOf(ROLLOUT, facts.object), patchType: 'json', body, why }];
}

function stepOn(facts: RolloutFacts): JsonPatchOperation[] {
  return facts.stepIndex === undefined ? [] : [{ op: 'add', path: '/status/currentStepIndex', value: Math.min(facts.stepIndex + 1, facts.steps.length) }];
}

function promote(facts: RolloutFacts): Change[] {
  const why = 'promoted by hand';
  const inconclusive = facts.pause !== undefined && flagAt(facts.object, 'status', 'controllerPause')
    && textAt(facts.object, 'status', 'canary', 'currentStepAnalysisRunStatus', 'status') === 'Inconclusive';
  const clear: JsonPatchOperation[] = facts.pause === undefined ? [] : [{ op: 'remove', path: '/status/pauseConditions' }];
  if (inconclusive) return [patchStatus(facts, [...clear, { op: 'add', path: '/status/controllerPause', value: false }, ...stepOn(facts)], why), ...letGoOn(facts, why)];
  if (facts.pause !== undefined) return [patchStatus(facts, clear, why), ...letGoOn(facts, why)];
  if (facts.held) return letGoOn(facts, why);
  return [patchStatus(facts, stepOn(facts), why)];
}

/** The changes for an action without an obstacle, made from what was seen. */
export function changesFor(action: RiskyActionId, facts: RolloutFacts): readonly Change[] | Refusal {
  switch (action) {
    case 'rollout.promote': return promote(facts);
    case 'rollout.promote-full': {
      const why = 'promoted fully by hand';
      return [...letGoOn(facts, why), patchStatus(facts, [{ op: 'add', path: '/status/promoteFull', value: true }], why)];
    }
    case 'rollout.abort': return [patchStatus(facts, [{ op: 'add', path: '/status/abort', value: true }], 'aborted by hand')];
    case 'rollout.retry': return [patchStatus(facts, [{ op: 'add', path: '/status/abort', value: false }], 'retried by hand')];
  }
}

/** Whether the cluster shows that the engine (not only the server) has acted on it. */
export function isObserved(action: RiskyActionId, before: { readonly stepIndex: number | undefined; readonly canaryHash: string }, facts: RolloutFacts): boolean {
  const abortReported = textAt(findCondition(facts.object, 'Progressing'), 'reason') === 'RolloutAborted';
  const further = facts.canaryHash !== before.canaryHash || facts.stableHash === facts.canaryHash || (facts.stepIndex ?? 0) > (before.stepIndex ?? 0);
  switch (action) {
    case 'rollout.promote': return further || (facts.phase !== 'Paused' && facts.pause === undefined && !facts.held && !flagAt(facts.object, 'status', 'controllerPause'));
    case 'rollout.promote-full': return facts.canaryHash !== before.canaryHash || facts.stableHash === facts.canaryHash;
    case 'rollout.abort': return facts.aborted && abortReported;
    case 'rollout.retry': return !facts.aborted && !abortReported;
  }
}
