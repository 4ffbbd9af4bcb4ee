// The whole engine in one function: what was observed, and the time, become what is to be done and what the status will say.
// It reads as an ordered recipe. Where a pass ends early, the next one goes on from what was written.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { Rollout } from '../../kinds/rollout.js';
import { ROLLOUT } from '../../kinds/resource-type.js';
import type { Instant } from '../../lib/instant.js';
import { decideBlueGreen } from './blue-green.js';
import { decideCanary, isSteady } from './canary.js';
import { findCondition, putCondition } from './conditions.js';
import { adoptSets } from './adoption.js';
import { decideInvalid } from './invalid.js';
import { DEFAULT_REPLICAS } from './names.js';
import type { Action, Decision, ObservedRollout } from './observed.js';
import { openPass } from './pass.js';
import type { Pass } from './pass.js';
import { createNewest, newSetName } from './revision.js';
import { withoutRepeats } from './repeats.js';
import { dueStepCalls } from './step-plugins.js';
import type { StepCall } from './step-plugins.js';
import { statusPatch } from './sync.js';
import { validate } from './validation/validate.js';
import { followWorkload, resolveWorkload } from './workload.js';

export function decideRollout(seen: ObservedRollout, now: Instant): Decision {
  const decision = decide(inOneOrder(seen), now);
  return { ...decision, actions: withoutRepeats(decision.actions) };
}

/** The oldest first, in whatever order they were read: an engine that takes over goes on with the same ones. */
function inOneOrder(seen: ObservedRollout): ObservedRollout {
  const age = ({ metadata }: Pick<KubeObject, 'metadata'>): string => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  const sorted = <T extends Pick<KubeObject, 'metadata'>>(objects: readonly T[]): readonly T[] => objects.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
  return { ...seen, pods: sorted(seen.pods), runs: sorted(seen.runs), experiments: sorted(seen.experiments) };
}

function decide(seen: ObservedRollout, now: Instant): Decision {
  const survey = look(seen, now);
  if (survey.type === 'invalid') return survey.decision;
  const { pass, before } = survey;
  if (pass.sets.newest === undefined) return withFirst(before, bringOut(pass));
  if (pass.rollout.spec.replicas === undefined) return withFirst(before, defaultReplicas(pass));
  if (findCondition(pass.status.conditions, 'Progressing') === undefined) return withFirst(before, recordFound(pass));
  return withFirst(before, pass.blueGreen === undefined ? decideCanary(pass) : decideBlueGreen(pass));
}

/** The step plugins to be asked before this pass decides; their answers go into `seen.stepAnswers`. */
export function dueCalls(seen: ObservedRollout, now: Instant): readonly StepCall[] {
  const { rollout } = seen;
  const named = rollout.spec.strategy?.canary?.steps?.some(({ plugin }) => plugin !== undefined) === true;
  if (!named && rollout.status?.canary?.stepPluginStatuses === undefined) return [];
  const survey = look(seen, now);
  return survey.type === 'invalid' || !isSteady(survey.pass) ? [] : dueStepCalls(survey.pass);
}

type Survey = { readonly type: 'invalid'; readonly decision: Decision } | { readonly type: 'open'; readonly pass: Pass; readonly before: readonly Action[] };

function look(seen: ObservedRollout, now: Instant): Survey {
  const followed = followWorkload(seen.rollout, seen.workload);
  const resolved = resolveWorkload(followed.rollout, seen.workload);
  if (!resolved.ok) return { type: 'invalid', decision: withFirst(followed.actions, decideInvalid(followed.rollout, resolved.error, now, 'workload')) };
  const rollout = resolved.value;
  const { owned, actions: adopted } = adoptSets(rollout, seen.replicaSets);
  const pass = openPass(seen, rollout, owned, now);
  const problem = validate(pass);
  if (problem !== undefined) return { type: 'invalid', decision: decideInvalid(rollout, problem, now, 'spec') };
  return { type: 'open', pass, before: [...followed.actions, ...adopted] };
}

function withFirst(first: readonly Action[], decision: Decision): Decision {
  return first.length === 0 ? decision : { ...decision, actions: [...first, ...decision.actions] };
}

/** A template without a ReplicaSet: it is created, empty, and the pass ends. */
function bringOut(pass: Pass): Decision {
  const progressing = {
    type: 'Progressing',
    status: 'True' as const,
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${newSetName(pass)}"`,
  };
  const conditions = putCondition(pass.status.conditions ?? [], progressing, pass.now);
  return conditionsOnly(pass, { type: 'new' }, conditions, createNewest(pass), `a new version: its ReplicaSet ${newSetName(pass)} is created`);
}

/** A ReplicaSet from before this rollout had a status. */
function recordFound(pass: Pass): Decision {
  const name = pass.sets.newest?.metadata.name ?? '';
  const found = { type: 'Progressing', status: 'True' as const, reason: 'FoundNewReplicaSet', message: `Found new replica set "${name}"` };
  const conditions = putCondition(pass.status.conditions ?? [], found, pass.now);
  return conditionsOnly(pass, { type: 'new' }, conditions, [], `goes on with ReplicaSet ${name}`);
}

function conditionsOnly(
  pass: Pass,
  situation: Decision['situation'],
  conditions: NonNullable<Rollout['status']>['conditions'],
  first: readonly Action[],
  why: string,
): Decision {
  const status = { ...pass.status, conditions };
  return { situation, status, actions: [...first, ...statusPatch(pass.rollout, pass.status, status, why)], why };
}

function defaultReplicas(pass: Pass): Decision {
  const { metadata } = pass.rollout;
  return {
    situation: { type: 'new' },
    status: pass.status,
    actions: [
      {
        type: 'patch',
        ref: { type: ROLLOUT, namespace: metadata.namespace ?? '', name: metadata.name },
        patchType: 'merge',
        body: { spec: { replicas: DEFAULT_REPLICAS } },
        why: `no number of replicas means ${DEFAULT_REPLICAS}`,
      },
    ],
    why: `no number of replicas means ${DEFAULT_REPLICAS}`,
  };
}
