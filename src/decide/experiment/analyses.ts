// The analyses of an experiment: begun when all templates are there, ended with it.

import type { AnalysisRun, AnalysisRunSpec } from '../../kinds/analysis-run.js';
import type { Argument } from '../../kinds/analysis-spec.js';
import type { ExperimentSpec } from '../../kinds/experiment.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL, INSTANCE_ID } from '../../kinds/labels.js';
import { ANALYSIS_RUN } from '../../kinds/resource-type.js';
import { deepEqual } from '../../lib/deep.js';
import { formatTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import { err } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import { buildRunSpec } from '../analysis/run-spec.js';
import { endOf, isTerminating } from './ending.js';
import { isControlledBy, isEnded, ownerReference } from './observed.js';
import type { ExperimentAction, ObservedExperiment, RunStatus } from './observed.js';

type Analysis = NonNullable<ExperimentSpec['analyses']>[number];

export type AnalysisPass = { readonly status: RunStatus; readonly actions: readonly ExperimentAction[] };

/** Runs with the same name that may stand in the way; more than that is a fault elsewhere. */
const MOST_NAMES = 1000;

export function reconcileAnalysis(seen: ObservedExperiment, analysis: Analysis): AnalysisPass {
  const { experiment } = seen;
  const before = experiment.status?.analysisRuns?.find((run) => run.name === analysis.name) ?? { name: analysis.name, analysisRun: '', phase: '' };
  const run = before.analysisRun === '' ? undefined : seen.runs.find((each) => each.metadata.name === before.analysisRun);
  if (run !== undefined) return follow(seen, before, run);
  // One that was begun and is gone is not begun again: what it would have said is unknown.
  if (before.analysisRun !== '' || isEnded(before.phase) || isTerminating(experiment)) return { status: before, actions: [] };
  const spec = runSpec(seen, analysis);
  if (!spec.ok) {
    const message = `AnalysisTemplate verification failed for analysis '${analysis.name}': ${spec.error}`;
    return moved(before, { ...before, phase: 'Error', message }, []);
  }
  return experiment.status?.availableAt === undefined ? { status: before, actions: [] } : begin(seen, before, spec.value);
}

function follow({ experiment }: ObservedExperiment, before: RunStatus, run: AnalysisRun): AnalysisPass {
  const phase = run.status?.phase ?? '';
  const message = run.status?.message ?? '';
  const after: RunStatus = {
    name: before.name,
    analysisRun: before.analysisRun,
    phase: phase === '' ? 'Pending' : phase,
    ...(message === '' ? {} : { message }),
  };
  const over = isTerminating(experiment) && !isEnded(phase) && run.spec.terminate !== true;
  if (!over) return moved(before, after, []);
  const { name, namespace = '' } = run.metadata;
  return moved(before, after, [
    { type: 'note', about: 'experiment', note: { type: 'Normal', reason: 'AnalysisRunTerminating', message: `Terminating ${before.name} (${name})` } },
    { type: 'patch', ref: { type: ANALYSIS_RUN, namespace, name }, patchType: 'merge', body: { spec: { terminate: true } }, why: 'its experiment is over' },
  ]);
}

function moved(before: RunStatus, after: RunStatus, actions: readonly ExperimentAction[]): AnalysisPass {
  if (before.phase === after.phase) return { status: after, actions };
  const message = `AnalysisRun '${after.name}' transitioned from ${before.phase} -> ${after.phase}${after.message === undefined ? '' : `: ${after.message}`}`;
  const bad = after.phase === 'Failed' || after.phase === 'Error' || after.phase === 'Inconclusive';
  const note = (about: 'experiment' | 'parent'): ExperimentAction => ({
    type: 'note',
    about,
    note: { type: bad || about === 'parent' ? 'Warning' : 'Normal', reason: `AnalysisRun${after.phase}`, message },
  });
  return { status: after, actions: [...actions, note('experiment'), note('parent')] };
}

function runSpec(seen: ObservedExperiment, analysis: Analysis): Result<AnalysisRunSpec, string> {
  const { spec } = seen.experiment;
  const ref = { templateName: analysis.templateName, ...(analysis.clusterScope === undefined ? {} : { clusterScope: analysis.clusterScope }) };
  const { templates, clusterTemplates } = seen;
  const args: Argument[] = [];
  for (const arg of analysis.args ?? []) {
    const value = arg.value === undefined ? undefined : filledIn(seen, arg.value);
    args.push({ ...arg, ...(value === undefined ? {} : { value }) });
  }
  const known = analysis.clusterScope === true ? clusterTemplates : templates;
  const kind = analysis.clusterScope === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
  if (!known.some((template) => template.metadata.name === analysis.templateName)) return err(`${kind} '${analysis.templateName}' not found`);
  return buildRunSpec({ templates, clusterTemplates, refs: [ref], args, dryRun: spec.dryRun ?? [], measurementRetention: spec.measurementRetention ?? [] });
}

const timeText = (instant: Instant | undefined): string | undefined => (instant === undefined ? undefined : formatTime(instant));

/** What an argument may name of the experiment. Anything else is left for the run to complain about. */
function filledIn({ experiment, replicaSets }: ObservedExperiment, text: string): string {
  return text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, path: string) => {
    if (path === 'experiment.availableAt') return experiment.status?.availableAt ?? whole;
    if (path === 'experiment.finishedAt') return timeText(endOf(experiment)) ?? whole;
    const named = /^templates\.(.+)\.(podTemplateHash|replicaset\.name)$/.exec(path);
    const set = named === null ? undefined : replicaSets.find((each) => each.metadata.name === `${experiment.metadata.name}-${named[1] ?? ''}`);
    if (set === undefined) return whole;
    return named?.[2] === 'podTemplateHash' ? (set.metadata.labels?.[HASH_LABEL] ?? whole) : set.metadata.name;
  });
}

function begin(seen: ObservedExperiment, before: RunStatus, spec: AnalysisRunSpec): AnalysisPass {
  const { experiment } = seen;
  const base = `${experiment.metadata.name}-${before.name}`;
  const namespace = experiment.metadata.namespace ?? '';
  const instance = experiment.metadata.labels?.[INSTANCE_ID];
  const { labels = {}, annotations = {} } = experiment.spec.analysisRunMetadata ?? {};
  for (let attempt = 0; attempt < MOST_NAMES; attempt += 1) {
    const name = attempt === 0 ? base : `${base}.${attempt}`;
    const present = seen.runs.find((run) => run.metadata.name === name);
    if (present !== undefined && !(isControlledBy(present, experiment) && !isEnded(present.status?.phase) && isSame(present.spec, spec))) continue;
    const object: KubeObject = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisRun',
      metadata: {
        name,
        namespace,
        labels: { ...(instance === undefined ? {} : { [INSTANCE_ID]: instance }), ...labels },
        annotations,
        ownerReferences: [ownerReference(experiment)],
      },
      spec,
    };
    const create: ExperimentAction = { type: 'create', ref: { type: ANALYSIS_RUN, namespace, name }, object, why: `measure for analysis ${before.name}` };
    return moved(before, { name: before.name, analysisRun: name, phase: 'Pending' }, present === undefined ? [create] : []);
  }
  return moved(before, { ...before, phase: 'Error', message: `${MOST_NAMES} analysis runs named ${base} are in the way` }, []);
}

function isSame(a: AnalysisRunSpec, b: AnalysisRunSpec): boolean {
  const asked = (of: AnalysisRunSpec): unknown => ({
    metrics: of.metrics,
    dryRun: of.dryRun ?? [],
    retention: of.measurementRetention ?? [],
    args: of.args ?? [],
  });
  return a.terminate !== true && deepEqual(asked(a), asked(b));
}
