// Whether an experiment is being wound up, and by what.

import type { Experiment } from '../../kinds/experiment.js';
import { parseTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import { isEnded } from './observed.js';

/** All required analyses were good; false when none is required. */
export function areRequiredDone({ spec, status }: Experiment): boolean {
  const required = (spec.analyses ?? []).filter((analysis) => analysis.requiredForCompletion === true);
  return required.length > 0 && required.every(({ name }) => status?.analysisRuns?.find((run) => run.name === name)?.phase === 'Successful');
}

/** Without a duration an experiment lasts as long as its analyses. One without analyses lasts until somebody ends it. */
export function areAnalysesDone({ spec, status }: Experiment): boolean {
  const analyses = spec.analyses ?? [];
  return (
    spec.duration === undefined &&
    analyses.length > 0 &&
    analyses.every(({ name }) => status?.analysisRuns?.find((run) => run.name === name)?.phase === 'Successful')
  );
}

/** As the status says it: what this pass finds out is acted on by the next. */
export function isTerminating(experiment: Experiment): boolean {
  const { spec, status } = experiment;
  return (
    spec.terminate === true ||
    isEnded(status?.phase) ||
    (status?.templateStatuses ?? []).some((template) => template.status === 'Failed' || template.status === 'Error') ||
    (status?.analysisRuns ?? []).some((run) => run.phase !== 'Successful' && isEnded(run.phase)) ||
    areRequiredDone(experiment) ||
    areAnalysesDone(experiment)
  );
}

/** When its time is over; undefined while it has not begun, or when it has none. */
export function endOf({ spec, status }: Experiment): Instant | undefined {
  const begin = parseTime(status?.availableAt);
  const duration = spec.duration === undefined ? undefined : durationMs(spec.duration);
  return begin === undefined || duration === undefined ? undefined : begin + duration;
}

/** Text without a unit is seconds. */
export function durationMs(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) * 1000 : parseGoDuration(text);
}
