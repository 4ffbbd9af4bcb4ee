// One pass of a canary. The order is the lesson: traffic moves before pods do, and by the pods that were there before;
// each kind of change that others depend on ends the pass.

import type { RolloutStatus } from '../../kinds/rollout.js';
import { reconcileExperiments } from './experiments.js';
import { metadataChanges } from './metadata.js';
import { forgetOldSets } from './old-sets.js';
import type { Action, Decision } from './observed.js';
import { openingChanges } from './opening.js';
import { currentStep, isFullyPromoted, pausedBy } from './pass.js';
import type { Pass } from './pass.js';
import { beginsPause, INCONCLUSIVE_EXPERIMENT, INCONCLUSIVE_RUN, PAUSE_STEP, pauseEnd, wasMoved } from './pause.js';
import { deadlineLook } from './progress.js';
import { reconcileRestart } from './restart.js';
import type { Restart } from './restart.js';
import { syncRevision } from './revision.js';
import { forgetRuns } from './run-history.js';
import { reconcileRuns } from './runs.js';
import { earliest, scaleAll } from './scaling.js';
import type { Scaling } from './scaling.js';
import { serviceActions } from './services.js';
import { availableOf, createdOf, desiredOf, sizeOf, sum } from './sets.js';
import { classify, explain } from './situation.js';
import { reconcileStepPlugins } from './step-plugins.js';
import { noteActions, resetStatus, statusPatch, syncStatus } from './sync.js';
import type { Findings } from './sync.js';
import { isHeldByEarlier, isRollingBack, trafficStep } from './traffic.js';
import { awaitsTargets } from './verification.js';
import { retireWorkload, shrinkWorkload } from './workload.js';

export function decideCanary(observed: Pass): Decision {
  const { pass, actions } = syncRevision(observed);
  const first = [...openingChanges(pass), ...actions];
  if (isScalingEvent(pass)) return onlyScale(pass, first);
  return hasChanged(pass) ? reset(pass, first) : walk(pass, first);
}

/** Neither a change of the spec nor one of the sizes comes first: steps are looked at. */
export function isSteady(pass: Pass): boolean {
  return pass.blueGreen === undefined && pass.sets.newest !== undefined && !isScalingEvent(pass) && !hasChanged(pass);
}

/** The number of replicas was changed, by hand or by an autoscaler. */
export function isScalingEvent(pass: Pass): boolean {
  return [pass.sets.newest, pass.sets.stable].some(
    (set) => set !== undefined && sizeOf(set) > 0 && desiredOf(set) !== undefined && desiredOf(set) !== pass.replicas,
  );
}

/** Only sizes: steps, traffic and analyses go on when they fit again. */
function onlyScale(pass: Pass, first: readonly Action[]): Decision {
  const scaling = scaleAll(pass, pass.status.canary?.weights);
  const status: RolloutStatus = { ...pass.status, availableReplicas: sum(pass.sets.all, availableOf), HPAReplicas: sum(pass.sets.all, createdOf) };
  const actions = [...first, ...scaling.actions, ...statusPatch(pass.rollout, pass.status, status, 'the number of replicas has changed')];
  return { situation: { type: 'only-scaling' }, status, actions, wakeAt: scaling.wakeAt, why: `the rollout is to have ${pass.replicas} replicas: sizes first` };
}

function hasChanged(pass: Pass): boolean {
  const { currentStepHash, currentPodHash } = pass.status;
  return (currentStepHash ?? '') === '' || currentStepHash !== pass.stepHash || (currentPodHash ?? '') !== pass.podHash;
}

function reset(pass: Pass, first: readonly Action[]): Decision {
  const { status, notes } = resetStatus(pass);
  const why = 'the template or the steps have changed: the update begins anew';
  return { situation: { type: 'resetting' }, status, actions: [...first, ...statusPatch(pass.rollout, pass.status, status, why), ...noteActions(notes)], why };
}

function walk(pass: Pass, first: readonly Action[]): Decision {
  const restart = reconcileRestart(pass);
  const actions: Action[] = [...first, ...metadataChanges(pass), ...forgetOldSets(pass), ...forgetRuns(pass)];
  actions.push(...serviceActions(pass, isRollingBack(pass) || isHeldByEarlier(pass)));
  const traffic = trafficStep(pass);
  actions.push(...traffic.actions);
  const experiments = reconcileExperiments(pass);
  const runs = reconcileRuns(pass);
  const plugins = reconcileStepPlugins(pass);
  actions.push(...experiments.actions, ...runs.actions, ...plugins.actions);
  const unclear = experiments.phase === 'Inconclusive';
  const findings: Findings = {
    weights: traffic.weights,
    stepRun: runs.step,
    backgroundRun: runs.background,
    experiment: { name: experiments.name, phase: experiments.phase },
    addedPauses: [...(unclear ? [INCONCLUSIVE_EXPERIMENT] : []), ...(runs.inconclusive ? [INCONCLUSIVE_RUN] : [])],
    // Held since another step: this one's own begins now.
    removedPauses: wasMoved(pass) && currentStep(pass)?.pause !== undefined ? [PAUSE_STEP] : [],
    stepPlugin: plugins,
    abortMessage: experiments.abortMessage ?? runs.abortMessage ?? plugins.abortMessage,
    restartedAt: restart.restartedAt,
  };
  // An unclear analysis or experiment stops the pass: no pod moves before a person has looked.
  if (unclear || (runs.inconclusive && !pausedBy(pass, INCONCLUSIVE_RUN))) return finish(pass, actions, findings, { restart, plugins });
  const failure = experiments.failure ?? runs.failure;
  if (failure !== undefined) return { ...finish(pass, actions, findings, { restart, plugins }), failure };
  const scaling = isHalted(pass) ? undefined : scaleAll(pass, traffic.weights);
  if (scaling !== undefined) actions.push(...shrinkWorkload(pass), ...scaling.actions);
  const scaled = scaling === undefined ? pass : { ...pass, sets: scaling.sets };
  const pauses = beginsPause(scaled, scaling !== undefined && !scaling.resized) ? [...findings.addedPauses, PAUSE_STEP] : findings.addedPauses;
  return finish(scaled, actions, { ...findings, addedPauses: pauses }, { restart, scaling, plugins });
}

/** Paused by hand, or by an unclear analysis: the pods stay as they are. Services, traffic and analyses still follow. */
export function isHalted(pass: Pass): boolean {
  return pass.rollout.spec.paused === true || pausedBy(pass, INCONCLUSIVE_RUN);
}

type Timer = { readonly wakeAt: number | undefined };
type Timers = { readonly restart: Restart; readonly plugins: Timer; readonly scaling?: Scaling | undefined };

function finish(pass: Pass, actions: readonly Action[], findings: Findings, timers: Timers): Decision {
  const { status, notes, promoted } = syncStatus(pass, findings);
  const writes = statusPatch(pass.rollout, pass.status, status, explain(pass, status));
  // What the sizes or a promotion count on in this pass is not taken by the restart as well (simulation, seeds 3323 and 3617).
  const evictions = promoted || timers.scaling?.resized === true ? [] : timers.restart.actions;
  const retired = promoted || isFullyPromoted(pass) ? retireWorkload(pass) : [];
  return {
    situation: classify(pass, status),
    status,
    actions: [...actions, ...evictions, ...retired, ...writes, ...noteActions(notes)],
    wakeAt: nextLook(pass, status, timers),
    why: explain(pass, status),
  };
}

function nextLook(pass: Pass, status: RolloutStatus, timers: Timers): number | undefined {
  const paused = pass.rollout.spec.paused === true ? undefined : pauseEnd({ ...pass, status });
  const wakeAt = earliest(earliest(timers.scaling?.wakeAt, timers.restart.wakeAt), currentStep({ ...pass, status })?.pause === undefined ? undefined : paused);
  const verified = status.canary?.weights?.verified !== false && !awaitsTargets(pass);
  const others = [verified ? undefined : pass.seen.verification?.again, timers.plugins.wakeAt, deadlineLook(pass, status)];
  return others.reduce(earliest, wakeAt);
}
