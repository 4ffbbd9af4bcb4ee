// What templates and analyses together say of an experiment.

import type { Experiment, ExperimentStatus } from '../../kinds/experiment.js';
import { areAnalysesDone, areRequiredDone } from './ending.js';
import { isEnded, worst } from './observed.js';

const TEMPLATES = ['Successful', 'Running', 'Progressing', 'Error', 'Failed'];
const ANALYSES = ['Successful', 'Running', 'Pending', 'Inconclusive', 'Error', 'Failed'];

export type Phase = { readonly phase: string; readonly message: string };

/** `next` is the status as this pass leaves it, without a phase. An experiment that has ended stays as it ended. */
export function phaseOf(experiment: Experiment, next: ExperimentStatus): Phase {
  const { spec, status: before } = experiment;
  if (before?.phase !== undefined && isEnded(before.phase)) return { phase: before.phase, message: before.message ?? '' };
  const templates = next.templateStatuses ?? [];
  const runs = next.analysisRuns ?? [];
  const template =
    worst(
      TEMPLATES,
      templates.map(({ status = '' }) => status),
    ) ?? 'Successful';
  if (template === 'Failed' || template === 'Error') return { phase: template, message: templates.find(({ status }) => status === template)?.message ?? '' };
  const bad = worst(
    ANALYSES,
    runs.filter(({ phase }) => phase !== 'Successful' && isEnded(phase)).map(({ phase }) => phase),
  );
  if (bad !== undefined) return { phase: bad, message: runs.find(({ phase }) => phase === bad)?.message ?? '' };
  const now = { ...experiment, status: next };
  if (areRequiredDone(now)) return { phase: 'Successful', message: template === 'Successful' ? '' : 'Required AnalysisRuns completed' };
  if (areAnalysesDone(now)) return { phase: 'Successful', message: '' };
  if (template !== 'Successful') return { phase: template === 'Progressing' ? 'Pending' : 'Running', message: '' };
  // Its time is over. What it must have from its analyses is still waited for, unless somebody has ended it before they began.
  const missing = (spec.analyses ?? [])
    .filter((analysis) => analysis.requiredForCompletion === true)
    .some(({ name }) => {
      const run = runs.find((each) => each.name === name);
      return spec.terminate === true ? (run?.analysisRun ?? '') !== '' && !isEnded(run?.phase) : !isEnded(run?.phase);
    });
  return { phase: missing ? 'Running' : 'Successful', message: '' };
}
