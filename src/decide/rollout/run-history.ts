// How many finished analysis runs, and experiments, a rollout keeps.

import type { AnalysisRun } from '../../kinds/analysis-run.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import type { Change } from '../../kinds/change.js';
import type { Experiment } from '../../kinds/experiment.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import { ANALYSIS_RUN, EXPERIMENT } from '../../kinds/resource-type.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import { parseTime } from '../../lib/instant.js';
import { ownedExperiments } from './experiments.js';
import { DEFAULT_RUN_HISTORY_LIMIT } from './names.js';
import type { Pass } from './pass.js';
import { ownedRuns } from './runs.js';
import { hashOf } from './sets.js';

/** Newest first within each limit; those whose ReplicaSet is gone go whatever the limit. What is current is never touched. */
export function forgetRuns(pass: Pass): readonly Change[] {
  const { canary, blueGreen } = pass.status;
  const records = [
    canary?.currentStepAnalysisRunStatus,
    canary?.currentBackgroundAnalysisRunStatus,
    blueGreen?.prePromotionAnalysisRunStatus,
    blueGreen?.postPromotionAnalysisRunStatus,
  ];
  const current = new Set(records.map((record) => record?.name));
  const runs = excess(
    pass,
    ownedRuns(pass).filter((run) => !current.has(run.metadata.name)),
  );
  const experiments = excess(
    pass,
    ownedExperiments(pass).filter((experiment) => experiment.metadata.name !== canary?.currentExperiment),
  );
  return [...runs.map((run) => remove(ANALYSIS_RUN, run)), ...experiments.map((experiment) => remove(EXPERIMENT, experiment))];
}

function excess<T extends AnalysisRun | Experiment>(pass: Pass, finished: readonly T[]): readonly T[] {
  const limits = pass.rollout.spec.analysis;
  const left = { good: limits?.successfulRunHistoryLimit ?? DEFAULT_RUN_HISTORY_LIMIT, bad: limits?.unsuccessfulRunHistoryLimit ?? DEFAULT_RUN_HISTORY_LIMIT };
  const alive = new Set(pass.sets.all.filter((set) => set.metadata.deletionTimestamp === undefined).map(hashOf));
  const gone: T[] = [];
  for (const each of [...finished].sort(newestFirst)) {
    if (each.metadata.deletionTimestamp !== undefined) continue;
    if (!alive.has(each.metadata.labels?.[HASH_LABEL] ?? '')) {
      gone.push(each);
      continue;
    }
    if (!isCompleted(each.status?.phase)) continue;
    const limit = each.status?.phase === 'Successful' ? 'good' : 'bad';
    if (left[limit] > 0) left[limit] -= 1;
    else gone.push(each);
  }
  return gone;
}

function remove(type: ResourceType, { metadata: { namespace = '', name, uid } }: AnalysisRun | Experiment): Change {
  const why = `finished ${type.plural} beyond the limit are forgotten`;
  return { type: 'delete', ref: { type, namespace, name }, ...(uid === undefined ? {} : { uid }), propagation: 'Background', why };
}

function newestFirst(a: AnalysisRun | Experiment, b: AnalysisRun | Experiment): number {
  return (parseTime(b.metadata.creationTimestamp) ?? 0) - (parseTime(a.metadata.creationTimestamp) ?? 0) || (a.metadata.name < b.metadata.name ? 1 : -1);
}
