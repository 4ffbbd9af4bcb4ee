// One pass over an experiment: its templates, then its analyses, then what both together say. The pass acts on what the status
// said before; what it finds out is acted on by the next.

import type { Change } from '../../kinds/change.js';
import type { Experiment, ExperimentStatus } from '../../kinds/experiment.js';
import { refOf } from '../../kinds/object-ref.js';
import { EXPERIMENT } from '../../kinds/resource-type.js';
import { formatTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { createMergePatch } from '../../lib/merge-patch.js';
import { formatTimeUp } from '../rollout/scale.js';
import { reconcileAnalysis } from './analyses.js';
import { endOf } from './ending.js';
import { isEnded } from './observed.js';
import type { ExperimentAction, ExperimentDecision, ObservedExperiment } from './observed.js';
import { phaseOf } from './phase.js';
import { earlier, reconcileTemplate } from './templates.js';
import { experimentProblem } from './validate.js';

type Conditions = NonNullable<ExperimentStatus['conditions']>;

export function decideExperiment(seen: ObservedExperiment, now: Instant): ExperimentDecision {
  const { experiment } = seen;
  const problem = isEnded(experiment.status?.phase) ? undefined : experimentProblem(experiment.spec);
  if (problem !== undefined) return refuse(experiment, problem, now);
  const templates = experiment.spec.templates.map((template) => reconcileTemplate(seen, template, now));
  const analyses = (experiment.spec.analyses ?? []).map((analysis) => reconcileAnalysis(seen, analysis));
  const templateStatuses = templates.map(({ status }) => status);
  const analysisRuns = analyses.map(({ status }) => status);
  const before = experiment.status ?? {};
  const available =
    before.availableAt ?? (templateStatuses.length > 0 && templateStatuses.every(({ status }) => status === 'Running') ? formatTimeUp(now) : undefined);
  const draft: ExperimentStatus = {
    ...(available === undefined ? {} : { availableAt: available }),
    templateStatuses,
    ...(analysisRuns.length === 0 ? {} : { analysisRuns }),
  };
  const { phase, message } = phaseOf(experiment, draft);
  const status: ExperimentStatus = { ...draft, phase, ...(message === '' ? {} : { message }) };
  const next: ExperimentStatus = { ...status, conditions: conditionsOf(experiment, status, now) };
  const actions = [
    ...templates.flatMap((pass) => pass.actions),
    ...analyses.flatMap((pass) => pass.actions),
    ...transition(before.phase ?? '', phase),
    ...statusPatch(experiment, next),
  ];
  const end = isEnded(phase) ? undefined : endOf({ ...experiment, status: next });
  const wakeAt = templates.reduce<Instant | undefined>((at, pass) => earlier(at, pass.wakeAt), end !== undefined && end > now ? end : undefined);
  return { status: next, actions, wakeAt };
}

function refuse(experiment: Experiment, problem: string, now: Instant): ExperimentDecision {
  const message = `The Experiment "${experiment.metadata.name}" is invalid: ${problem}`;
  const time = formatTime(now);
  const condition = { type: 'InvalidSpec', status: 'True', lastUpdateTime: time, lastTransitionTime: time, reason: 'InvalidSpec', message };
  const status: ExperimentStatus = { phase: 'Error', message, conditions: [condition] };
  return { status, actions: [...transition(experiment.status?.phase ?? '', 'Error'), ...statusPatch(experiment, status)], wakeAt: undefined };
}

function transition(before: string, after: string): readonly ExperimentAction[] {
  if (before === after) return [];
  const type = after === 'Failed' || after === 'Error' || after === 'Inconclusive' ? 'Warning' : 'Normal';
  return [{ type: 'note', about: 'experiment', note: { type, reason: `Experiment${after}`, message: `Experiment transitioned from ${before} -> ${after}` } }];
}

function conditionsOf({ metadata: { name }, status: before = {} }: Experiment, status: ExperimentStatus, now: Instant): Conditions {
  const present = before.conditions?.find(({ type }) => type === 'Progressing');
  const others = (before.conditions ?? []).filter(({ type }) => type !== 'Progressing' && type !== 'InvalidSpec');
  const counted = (of: ExperimentStatus): string =>
    JSON.stringify((of.templateStatuses ?? []).map((each) => [each.replicas, each.updatedReplicas, each.readyReplicas, each.availableReplicas]));
  const progressed = counted(before) !== counted(status);
  const words =
    status.phase === 'Successful'
      ? { status: 'False', reason: 'ExperimentCompleted', message: `Experiment "${name}" has successfully ran and completed.` }
      : progressed || status.phase === 'Pending'
        ? { status: 'True', reason: 'ReplicaSetUpdated', message: `Experiment "${name}" is progressing.` }
        : { status: 'True', reason: 'NewReplicaSetAvailable', message: `Experiment "${name}" is running.` };
  if (present !== undefined && present.status === words.status && present.reason === words.reason) return before.conditions ?? [];
  const time = formatTime(now);
  const lastTransitionTime = present?.status === words.status ? present.lastTransitionTime : time;
  return [...others, { type: 'Progressing', lastUpdateTime: time, lastTransitionTime, ...words }];
}

/** Experiments have no status subresource: Argo's definitions give them none. */
function statusPatch(experiment: Experiment, next: ExperimentStatus): readonly Change[] {
  const patch = createMergePatch({ ...experiment.status }, next);
  if (patch === undefined) return [];
  return [{ type: 'patch', ref: refOf(EXPERIMENT, experiment), patchType: 'merge', body: { status: patch }, why: `the experiment is ${next.phase ?? ''}` }];
}
