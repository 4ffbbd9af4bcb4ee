// The experiments of a rollout: the one of the present step, what its end does to the update, and what share of the traffic it gets.

import type { Change } from '../../kinds/change.js';
import type { Experiment } from '../../kinds/experiment.js';
import { EXPERIMENT } from '../../kinds/resource-type.js';
import type { TrafficShare } from '../../kinds/traffic.js';
import { isEnded } from '../experiment/observed.js';
import { isOfPresentStep, startExperiment } from './experiment-start.js';
import type { Action } from './observed.js';
import { currentStep, isFullyPromoted, pausedBy } from './pass.js';
import type { Pass } from './pass.js';
import { INCONCLUSIVE_EXPERIMENT, INCONCLUSIVE_RUN } from './pause.js';

export type Experiments = {
  readonly actions: readonly Action[];
  /** Of the present step; undefined when it has none, or not yet. */
  readonly name: string | undefined;
  readonly phase: string | undefined;
  readonly abortMessage: string | undefined;
  /** Why the experiment could not be made; the pass is tried again, and the step does not go on meanwhile. */
  readonly failure: string | undefined;
};

const NONE: Experiments = { actions: [], name: undefined, phase: undefined, abortMessage: undefined, failure: undefined };

export function ownedExperiments(pass: Pass): readonly Experiment[] {
  const { uid } = pass.rollout.metadata;
  return pass.seen.experiments.filter((experiment) => experiment.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid));
}

function isOff(pass: Pass): boolean {
  return pass.status.abort === true || pass.status.promoteFull === true || isFullyPromoted(pass) || pass.sets.stable === undefined;
}

/** The experiment that the present step is about; undefined before it is made. */
export function currentExperiment(pass: Pass): Experiment | undefined {
  if (isOff(pass) || currentStep(pass)?.experiment === undefined) return undefined;
  const current = ownedExperiments(pass).find((experiment) => experiment.metadata.name === pass.status.canary?.currentExperiment);
  return current !== undefined && isOfPresentStep(pass, current) ? current : undefined;
}

export function reconcileExperiments(pass: Pass): Experiments {
  if (pausedBy(pass, INCONCLUSIVE_RUN)) return { ...NONE, name: pass.status.canary?.currentExperiment };
  const current = currentExperiment(pass);
  const strangers = ownedExperiments(pass).filter((experiment) => experiment !== current);
  const others = endExperiments(strangers);
  const step = currentStep(pass)?.experiment;
  if (isOff(pass) || step === undefined) return { ...NONE, actions: others };
  // While nobody has looked at an unclear one, no other is made. What it stood for is known by the pause.
  if (pausedBy(pass, INCONCLUSIVE_EXPERIMENT)) return { ...NONE, actions: others };
  if (current === undefined) {
    const started = startExperiment(pass, step);
    if (!started.ok) return { ...NONE, actions: others, failure: started.error };
    // One that was made by a pass whose end was lost is found again by its name: it is no stranger.
    const { name, actions } = started.value;
    return { ...NONE, actions: [...endExperiments(strangers.filter(({ metadata }) => metadata.name !== name)), ...actions], name };
  }
  const { phase = '', message = '' } = current.status ?? {};
  const failed = phase === 'Failed' || phase === 'Error';
  return {
    ...NONE,
    actions: others,
    // A good one is kept until its step is done; one that ended otherwise makes room for another.
    name: isEnded(phase) && phase !== 'Successful' ? undefined : current.metadata.name,
    phase,
    abortMessage: failed ? `Experiment analysis phase is error/failed${message === '' ? '' : `: ${message}`}` : undefined,
  };
}

function endExperiments(experiments: readonly Experiment[]): readonly Change[] {
  return experiments
    .filter((experiment) => experiment.spec.terminate !== true && !isEnded(experiment.status?.phase))
    .map(
      (experiment): Change => ({
        type: 'patch',
        ref: { type: EXPERIMENT, namespace: experiment.metadata.namespace ?? '', name: experiment.metadata.name },
        patchType: 'merge',
        body: { spec: { terminate: true } },
        why: `end experiment ${experiment.metadata.name}: its step is over`,
      }),
    );
}

/**
 * The shares of a running experiment. Each needs a Service with pods behind it; all together leave stable no less than nothing,
 * else none of them is given.
 */
export function experimentShares(pass: Pass, weight: number): readonly TrafficShare[] {
  const current = currentExperiment(pass);
  if (current?.status?.phase !== 'Running' || current.spec.terminate === true) return [];
  const shares = (currentStep(pass)?.experiment?.templates ?? []).flatMap((template): readonly TrafficShare[] => {
    const status = current.status?.templateStatuses?.find(({ name }) => name === template.name);
    const { serviceName = '', podTemplateHash = '' } = status ?? {};
    if (template.weight === undefined || template.weight <= 0 || status?.status !== 'Running' || serviceName === '' || podTemplateHash === '') return [];
    return [{ service: serviceName, hash: podTemplateHash, weight: template.weight }];
  });
  return shares.reduce((sum, share) => sum + share.weight, weight) <= pass.maxWeight ? shares : [];
}
