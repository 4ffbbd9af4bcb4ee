// How many finished analysis runs a rollout keeps.

import type { AnalysisRun } from '../../kinds/analysis-run.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import type { Change } from '../../kinds/change.js';
import { ANALYSIS_RUN } from '../../kinds/resource-type.js';
import { parseTime } from '../../lib/instant.js';
import { DEFAULT_RUN_HISTORY_LIMIT, HASH_LABEL } from './names.js';
import type { Pass } from './pass.js';
import { ownedRuns } from './runs.js';
import { hashOf } from './sets.js';

/** Newest first within each limit; those whose ReplicaSet is gone go whatever the limit. Runs that are current are never touched. */
export function forgetRuns(pass: Pass): readonly Change[] {
  const { canary, blueGreen } = pass.status;
  const records = [
    canary?.currentStepAnalysisRunStatus, canary?.currentBackgroundAnalysisRunStatus, blueGreen?.prePromotionAnalysisRunStatus, blueGreen?.postPromotionAnalysisRunStatus,
  ];
  const current = new Set(records.map((record) => record?.name));
  const limits = pass.rollout.spec.analysis;
  const left = { good: limits?.successfulRunHistoryLimit ?? DEFAULT_RUN_HISTORY_LIMIT, bad: limits?.unsuccessfulRunHistoryLimit ?? DEFAULT_RUN_HISTORY_LIMIT };
  const alive = new Set(pass.sets.all.filter((set) => set.metadata.deletionTimestamp === undefined).map(hashOf));
  const gone: AnalysisRun[] = [];
  for (const run of ownedRuns(pass).filter((owned) => !current.has(owned.metadata.name)).sort(newestFirst)) {
    if (run.metadata.deletionTimestamp !== undefined) continue;
    if (!alive.has(run.metadata.labels?.[HASH_LABEL] ?? '')) {
      gone.push(run);
      continue;
    }
    if (!isCompleted(run.status?.phase)) continue;
    const limit = run.status?.phase === 'Successful' ? 'good' : 'bad';
    if (left[limit] > 0) left[limit] -= 1;
    else gone.push(run);
  }
  return gone.map((run): Change => ({
    type: 'delete',
    ref: { type: ANALYSIS_RUN, namespace: run.metadata.namespace ?? '', name: run.metadata.name },
    ...(run.metadata.uid === undefined ? {} : { uid: run.metadata.uid }),
    propagation: 'Background',
    why: 'finished analysis runs beyond the limit are forgotten',
  }));
}

function newestFirst(a: AnalysisRun, b: AnalysisRun): number {
  return (parseTime(b.metadata.creationTimestamp) ?? 0) - (parseTime(a.metadata.creationTimestamp) ?? 0) || (a.metadata.name < b.metadata.name ? 1 : -1);
}
