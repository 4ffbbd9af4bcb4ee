// Whether a rollout is done and whole, and in one word and one message how it stands.

import type { Rollout, RolloutStatus } from '../../kinds/rollout.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import { DEFAULT_REPLICAS } from './names.js';
import type { Pass } from './pass.js';
import { atLeastMinimum } from './replicas-routed.js';

/** As the next status says it; the generation must have been observed before, so that a change that was just made is not called healthy. */
export function isHealthy(pass: Pass, next: RolloutStatus): boolean {
  const observed = pass.status.observedGeneration === String(pass.rollout.metadata.generation ?? '');
  if (pass.blueGreen !== undefined) return observed && hasCounts(pass, next, ['updatedReplicas', 'availableReplicas']) && isServed(pass, next);
  const done = pass.steps.length === 0 || next.currentStepIndex === undefined || next.currentStepIndex === pass.steps.length;
  return (
    observed &&
    hasCounts(pass, next, ['updatedReplicas', 'availableReplicas', 'replicas']) &&
    done &&
    next.stableRS === next.currentPodHash &&
    (next.currentPodHash ?? '') !== ''
  );
}

function hasCounts(pass: Pass, next: RolloutStatus, names: readonly ('updatedReplicas' | 'availableReplicas' | 'replicas')[]): boolean {
  const wanted = atLeastMinimum(pass, pass.replicas);
  return names.every((name) => (next[name] ?? 0) === wanted);
}

/** Both Services select the wanted version. */
function isServed(pass: Pass, next: RolloutStatus): boolean {
  const { activeSelector = '', previewSelector = '' } = next.blueGreen ?? {};
  return (
    activeSelector !== '' &&
    activeSelector === next.currentPodHash &&
    ((pass.blueGreen?.previewService ?? '') === '' || previewSelector === next.currentPodHash)
  );
}

export type PhaseAndMessage = { readonly phase: string; readonly message: string };

export function phaseOf(rollout: Rollout, status: RolloutStatus): PhaseAndMessage {
  for (const condition of status.conditions ?? []) {
    if (condition.type === 'InvalidSpec') return { phase: 'Degraded', message: `InvalidSpec: ${condition.message}` };
    if (condition.reason === 'RolloutAborted' || condition.reason === 'ProgressDeadlineExceeded') {
      return { phase: 'Degraded', message: `${condition.reason}: ${condition.message}` };
    }
  }
  if (rollout.spec.paused === true) return { phase: 'Paused', message: 'manually paused' };
  const pause = status.pauseConditions?.[0];
  if (pause !== undefined) return { phase: 'Paused', message: pause.reason };
  const busy = busyWith(rollout, status);
  return busy === undefined ? { phase: 'Healthy', message: '' } : { phase: 'Progressing', message: busy };
}

function busyWith(rollout: Rollout, status: RolloutStatus): string | undefined {
  const replicas = rollout.spec.replicas ?? DEFAULT_REPLICAS;
  const updated = status.updatedReplicas ?? 0;
  const promoted = status.stableRS === status.currentPodHash;
  if (rollout.spec.restartAt !== undefined && rollout.spec.restartAt !== status.restartedAt) return 'rollout is restarting';
  if (updated < replicas) return 'more replicas need to be updated';
  if ((status.availableReplicas ?? 0) < updated) return 'updated replicas are still becoming available';
  if (rollout.spec.strategy?.blueGreen !== undefined) return busyBlueGreen(rollout, status, promoted);
  if (rollout.spec.strategy?.canary?.trafficRouting === undefined && (status.replicas ?? 0) > updated) return 'old replicas are pending termination';
  if (!promoted) return 'waiting for all steps to complete';
  // Back on the stable template, but the traffic is still with the version that was given up: not healthy yet.
  const canary = status.canary?.weights?.canary;
  if (canary !== undefined && canary.weight > 0 && canary.podTemplateHash !== status.currentPodHash)
    return 'waiting for traffic to return to the stable version';
  return undefined;
}

function busyBlueGreen(rollout: Rollout, status: RolloutStatus, promoted: boolean): string | undefined {
  const { activeSelector = '', postPromotionAnalysisRunStatus: run } = status.blueGreen ?? {};
  if (activeSelector === '' || activeSelector !== status.currentPodHash) return 'active service cutover pending';
  if (promoted) return undefined;
  const measuring = rollout.spec.strategy?.blueGreen?.postPromotionAnalysis !== undefined && !isCompleted(run?.status);
  return measuring ? 'waiting for analysis to complete' : 'waiting for post-promotion verification to complete';
}
