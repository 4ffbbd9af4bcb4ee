// The end of a pass: from what was found and done, the rollout's next status, built from scratch.

import type { Change, Note } from '../../kinds/change.js';
import { WORKLOAD_GENERATION } from '../../kinds/labels.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { AnalysisRunRecord, BlueGreenStatus, CanaryStatus, StepPluginRecord, TrafficWeights } from '../../kinds/rollout-status.js';
import type { Rollout, RolloutStatus } from '../../kinds/rollout.js';
import { ROLLOUT } from '../../kinds/resource-type.js';
import { createMergePatch } from '../../lib/merge-patch.js';
import { phaseOf } from './health.js';
import type { Action } from './observed.js';
import { currentStep, isFullyPromoted, isWithinRollbackWindow, stepIndexOf } from './pass.js';
import type { Pass } from './pass.js';
import { pauseFields, PAUSE_STEP } from './pause.js';
import type { PauseChange } from './pause.js';
import { nextConditions } from './progress.js';
import { promotionReason } from './promotion.js';
import { formatSelector } from './selector.js';
import { createdOf, availableOf, revisionOf, sizeOf, sum } from './sets.js';
import { stepText } from './step-text.js';
import { isStepDone } from './steps.js';

/** What the pass has found out and done before its end. */
export type Findings = {
  readonly weights: TrafficWeights | undefined;
  readonly stepRun: AnalysisRunRecord | undefined;
  readonly backgroundRun: AnalysisRunRecord | undefined;
  readonly experiment: { readonly name: string | undefined; readonly phase: string | undefined };
  readonly stepPlugin: { readonly records: readonly StepPluginRecord[]; readonly phase: string | undefined };
  readonly addedPauses: readonly string[];
  readonly removedPauses: readonly string[];
  /** Why the update is to be aborted. */
  readonly abortMessage: string | undefined;
  readonly restartedAt: string | undefined;
};

const NO_EXPERIMENT: Findings['experiment'] = { name: undefined, phase: undefined };
const NO_STEP_PLUGIN: Findings['stepPlugin'] = { records: [], phase: undefined };

export type Synced = { readonly status: RolloutStatus; readonly notes: readonly Note[]; readonly promoted: boolean };

/** Where the steps stand at the end of the pass, and what becomes of pauses and an abort by it. */
type Advance = {
  readonly index: number | undefined;
  readonly stepDone: boolean;
  readonly unabort: boolean;
  readonly clearPauses: boolean;
  readonly notes: readonly Note[];
};

/** `pass.sets` must be as this pass leaves them. */
export function syncStatus(pass: Pass, findings: Findings): Synced {
  const advance = advanceSteps(pass, findings);
  const abortedBefore = pass.status.abort === true && !advance.unabort;
  const aborted = abortedBefore || findings.abortMessage !== undefined;
  // By the step that was observed: the last step is seen to be done before the promotion is.
  // Pods that a load balancer still sends users to are not given up.
  const reason = findings.weights?.verified === false ? undefined : promotionReason(pass, stepIndexOf(pass), aborted);
  const promoted = reason !== undefined;
  const stableChanges = promoted && pass.stableHash !== pass.podHash;
  const stable = promoted ? pass.podHash : pass.stableHash;
  const notes: Note[] = [...advance.notes];
  const index = promoted && pass.steps.length > 0 ? pass.steps.length : advance.index;
  const removed = advance.stepDone ? [...findings.removedPauses, PAUSE_STEP] : findings.removedPauses;
  const pause: PauseChange = { aborted: aborted && !promoted, cleared: promoted || advance.clearPauses, added: findings.addedPauses, removed };
  if (stableChanges) {
    const message = `Rollout completed update to revision ${revisionOf(pass.sets.newest)} (${pass.podHash}): ${reason}`;
    notes.push({ type: 'Normal', reason: 'RolloutCompleted', message });
  }
  const synced = assemble(pass, {
    index,
    stable,
    pause,
    promoteFull: pass.status.promoteFull === true && stable !== pass.podHash,
    abort: pause.aborted ? { type: 'aborted', message: findings.abortMessage } : { type: 'none' },
    restartedAt: findings.restartedAt ?? pass.status.restartedAt,
    canary: canaryStatus(pass, advance.stepDone ? { ...findings, stepRun: undefined, experiment: NO_EXPERIMENT } : findings, stable),
    blueGreen: {},
  });
  return { status: synced.status, notes: [...notes, ...synced.notes], promoted: stableChanges || reason === 'Initial deploy' };
}

function advanceSteps(pass: Pass, findings: Findings): Advance {
  const present = stepIndexOf(pass);
  const still: Advance = { index: present, stepDone: false, unabort: false, clearPauses: false, notes: [] };
  const last = pass.steps.length === 0 ? undefined : pass.steps.length;
  if (isFullyPromoted(pass)) return { ...still, index: last ?? present, unabort: true };
  if (pass.status.promoteFull === true) return { ...still, index: last, unabort: true, clearPauses: true };
  // Also on the way back within the rollback window: else the deadline's abort and the window would undo each other for ever (simulation, seed
  // 1521), and a person's would be lost.
  if (pass.status.abort === true || findings.abortMessage !== undefined) return { ...still, index: last === undefined ? undefined : 0 };
  if (isWithinRollbackWindow(pass)) return { ...still, index: last, clearPauses: true };
  const step = currentStep(pass);
  if (step === undefined || present === undefined || pass.rollout.spec.paused === true) return still;
  if (
    !isStepDone(pass, findings.weights, {
      runPhase: findings.stepRun?.status,
      experimentPhase: findings.experiment.phase,
      pluginPhase: findings.stepPlugin.phase,
    })
  )
    return still;
  const message = `Rollout step ${present + 1}/${pass.steps.length} completed (${stepText(step)})`;
  return { ...still, index: present + 1, stepDone: true, notes: [{ type: 'Normal', reason: 'RolloutStepCompleted', message }] };
}

/** A new template, or new steps, in whatever state the old ones were: everything begins again, and nothing is scaled yet. */
export function resetStatus(pass: Pass): Synced {
  const { newest } = pass.sets;
  const notes: Note[] = [];
  let index = pass.steps.length === 0 ? undefined : 0;
  if (pass.steps.length > 0 && newest !== undefined && pass.podHash === pass.stableHash) {
    index = pass.steps.length;
    notes.push({ type: 'Normal', reason: 'SkipSteps', message: 'Rollback to stable ReplicaSets' });
  } else if (pass.steps.length > 0 && isWithinRollbackWindow(pass) && sizeOf(newest) > 0) {
    index = pass.steps.length;
    notes.push({ type: 'Normal', reason: 'SkipSteps', message: 'Rollback to active ReplicaSets within RollbackWindow' });
  }
  const synced = assemble(pass, {
    index,
    stable: pass.stableHash,
    pause: { aborted: false, cleared: true, added: [], removed: [] },
    promoteFull: false,
    abort: { type: 'none' },
    restartedAt: pass.rollout.spec.restartAt,
    canary: canaryStatus(
      pass,
      { weights: pass.status.canary?.weights, stepRun: undefined, backgroundRun: undefined, experiment: NO_EXPERIMENT, stepPlugin: NO_STEP_PLUGIN },
      pass.stableHash,
    ),
    blueGreen: {},
  });
  return { status: synced.status, notes: [...notes, ...synced.notes], promoted: false };
}

type Remembered = Pick<Findings, 'weights' | 'stepRun' | 'backgroundRun' | 'experiment' | 'stepPlugin'>;

function canaryStatus(pass: Pass, findings: Remembered, stable: string): CanaryStatus {
  return {
    ...(findings.weights === undefined ? {} : { weights: findings.weights }),
    ...(findings.stepRun === undefined ? {} : { currentStepAnalysisRunStatus: findings.stepRun }),
    ...(findings.backgroundRun === undefined ? {} : { currentBackgroundAnalysisRunStatus: findings.backgroundRun }),
    ...(findings.experiment.name === undefined ? {} : { currentExperiment: findings.experiment.name }),
    ...(findings.stepPlugin.records.length === 0 ? {} : { stepPluginStatuses: findings.stepPlugin.records }),
    ...pingPongTurn(pass, stable),
  };
}

export type Ending = {
  readonly index: number | undefined;
  readonly stable: string;
  readonly pause: PauseChange;
  readonly promoteFull: boolean;
  readonly abort: Parameters<typeof nextConditions>[2];
  readonly restartedAt: string | undefined;
  readonly canary: CanaryStatus;
  readonly blueGreen: BlueGreenStatus;
  /** The version that blue-green's users have: its pods are the ones that count. */
  readonly active?: ReplicaSet | undefined;
};

export function assemble(pass: Pass, ending: Ending): Pick<Synced, 'status' | 'notes'> {
  const { status: before, rollout } = pass;
  const draft: RolloutStatus = {
    ...counts(pass, ending.active),
    ...observedNow(rollout),
    ...(before.collisionCount === undefined ? {} : { collisionCount: before.collisionCount }),
    ...(ending.restartedAt === undefined ? {} : { restartedAt: ending.restartedAt }),
    ...(ending.promoteFull ? { promoteFull: true } : {}),
    ...(ending.index === undefined ? {} : { currentStepIndex: ending.index }),
    ...(ending.stable === '' ? {} : { stableRS: ending.stable }),
    ...balancers(pass),
    selector: formatSelector(ending.active?.spec.selector ?? rollout.spec.selector),
    currentPodHash: pass.podHash,
    ...(pass.stepHash === '' ? {} : { currentStepHash: pass.stepHash }),
    // Empty objects stay as the server prints them: both engines write them.
    canary: ending.canary,
    blueGreen: ending.blueGreen,
  };
  const progress = nextConditions(pass, draft, ending.abort);
  const pauses = progress.abortMessage === undefined ? pauseFields(pass, ending.pause) : pauseFields(pass, { ...ending.pause, aborted: true });
  // An abort by the deadline ends the full promotion that it came over; else each would undo the other for ever (simulation, seed 347).
  const { promoteFull: _overruled, ...rest } = draft;
  const next: RolloutStatus = { ...(progress.abortMessage === undefined ? draft : rest), conditions: progress.conditions, ...pauses };
  const status = { ...next, ...withoutEmptyMessage(phaseOf(rollout, next)) };
  return { status, notes: [...progress.notes, ...pauseNotes(before, status)] };
}

/** With a new stable version the canary's Service becomes the stable one; no selector changes. */
function pingPongTurn({ canary, status, stableHash }: Pass, stable: string): Pick<NonNullable<RolloutStatus['canary']>, 'stablePingPong'> {
  const turn = status.canary?.stablePingPong;
  if (canary.pingPong !== undefined && stable !== stableHash) return { stablePingPong: turn === 'ping' ? 'pong' : 'ping' };
  return turn === undefined ? {} : { stablePingPong: turn };
}

const withoutEmptyMessage = ({ phase, message }: { phase: string; message: string }): Pick<RolloutStatus, 'phase' | 'message'> =>
  message === '' ? { phase } : { phase, message };

function counts(
  pass: Pass,
  active: ReplicaSet | undefined,
): Pick<RolloutStatus, 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas' | 'HPAReplicas'> {
  const { all, newest } = pass.sets;
  const counted = active === undefined ? all : [active];
  const figures = {
    replicas: sum(all, createdOf),
    updatedReplicas: createdOf(newest),
    readyReplicas: sum(counted, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas: sum(counted, availableOf),
    HPAReplicas: sum(counted, createdOf),
  };
  // Zero is said by leaving the field out, as Go writes it.
  return Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== 0));
}

/** What is known of them holds while somebody is asked. */
function balancers({ seen: { verification }, status: { alb, albs }, canary }: Pass): Pick<RolloutStatus, 'alb' | 'albs'> {
  if (verification === undefined) return {};
  const known = verification.albs.length > 0 ? verification.albs : (albs ?? (alb === undefined ? [] : [alb]));
  const [first] = known;
  return first === undefined || canary.trafficRouting?.alb === undefined ? {} : { alb: first, albs: known };
}

function observedNow(rollout: Rollout): Pick<RolloutStatus, 'observedGeneration' | 'workloadObservedGeneration'> {
  const generation = rollout.spec.workloadRef === undefined ? undefined : rollout.metadata.annotations?.[WORKLOAD_GENERATION];
  return { observedGeneration: String(rollout.metadata.generation ?? ''), ...(generation === undefined ? {} : { workloadObservedGeneration: generation }) };
}

function pauseNotes(before: RolloutStatus, after: RolloutStatus): readonly Note[] {
  const [was] = before.pauseConditions ?? [];
  const [is] = after.pauseConditions ?? [];
  if (was === undefined && is !== undefined) return [{ type: 'Normal', reason: 'RolloutPaused', message: `Rollout is paused (${is.reason})` }];
  if (was !== undefined && is === undefined && after.abort !== true) return [{ type: 'Normal', reason: 'RolloutResumed', message: 'Rollout is resumed' }];
  return [];
}

/** The write that turns one status into the other; nothing when they are equal. */
export function statusPatch(rollout: Rollout, before: RolloutStatus, after: RolloutStatus, why: string): readonly Change[] {
  // False, zero and "" say what an absent field says, and are left as they stand.
  const wanted: Readonly<Record<string, unknown>> = after;
  const isSilent = (key: string, value: unknown): boolean => wanted[key] === undefined && (value === false || value === 0 || value === '');
  // What the pass has left out on purpose must be taken out of what is stored.
  const stored = rollout.status?.promoteFull === true ? { ...before, promoteFull: true } : before;
  const patch = createMergePatch(Object.fromEntries(Object.entries(stored).filter(([key, value]) => !isSilent(key, value))), after);
  if (patch === undefined) return [];
  return [
    {
      type: 'patch',
      ref: { type: ROLLOUT, namespace: rollout.metadata.namespace ?? '', name: rollout.metadata.name },
      patchType: 'merge',
      body: { status: patch },
      subresource: 'status',
      why,
    },
  ];
}

export function noteActions(notes: readonly Note[]): readonly Action[] {
  return notes.map((note) => ({ type: 'note', note }));
}
