// Making an analysis run: its name, labels, owner, and what it measures.

import type { AnalysisRun, AnalysisRunSpec } from '../../kinds/analysis-run.js';
import { isCompleted } from '../../kinds/analysis-run.js';
import type { RolloutAnalysis } from '../../kinds/analysis-spec.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL, INSTANCE_ID, REVISION, RUN_TYPE, STEP_INDEX } from '../../kinds/labels.js';
import { ANALYSIS_RUN } from '../../kinds/resource-type.js';
import type { AnalysisRunRecord } from '../../kinds/rollout-status.js';
import { deepEqual } from '../../lib/deep.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import type { Action } from './observed.js';
import { stepIndexOf } from './pass.js';
import type { Pass } from './pass.js';
import { ownerReference } from './revision.js';
import { resolveArguments } from './run-arguments.js';
import { buildRunSpec } from '../analysis/run-spec.js';
import { hashOf, revisionOf } from './sets.js';

export type RunKind = 'Step' | 'Background' | 'PrePromotion' | 'PostPromotion';

export type Started = { readonly actions: readonly Action[]; readonly record: AnalysisRunRecord };

/** Runs with the same name that may stand in the way; more than that is a fault elsewhere. */
const MOST_NAMES = 1000;

export function startRun(pass: Pass, analysis: RolloutAnalysis, kind: RunKind): Result<Started, string> {
  const args = resolveArguments(pass, analysis.args ?? []);
  if (!args.ok) return args;
  const { templates, clusterTemplates } = pass.seen;
  const spec = buildRunSpec({
    templates,
    clusterTemplates,
    refs: analysis.templates ?? [],
    args: args.value,
    dryRun: analysis.dryRun ?? [],
    measurementRetention: analysis.measurementRetention ?? [],
  });
  if (!spec.ok) return spec;
  return placeRun(pass, runMetadata(pass, analysis, kind), spec.value);
}

function runMetadata(pass: Pass, analysis: RolloutAnalysis, kind: RunKind): KubeObject['metadata'] {
  const { newest } = pass.sets;
  const index = kind === 'Step' ? String(stepIndexOf(pass) ?? 0) : undefined;
  const suffix = { Step: index, Background: undefined, PrePromotion: 'pre', PostPromotion: 'post' }[kind];
  const revision = String(revisionOf(newest));
  const instance = pass.rollout.metadata.labels?.[INSTANCE_ID];
  return {
    name: [pass.rollout.metadata.name, hashOf(newest), revision, ...(suffix === undefined ? [] : [suffix])].join('-'),
    namespace: pass.rollout.metadata.namespace ?? '',
    labels: {
      [HASH_LABEL]: hashOf(newest),
      [RUN_TYPE]: kind,
      ...(index === undefined ? {} : { [STEP_INDEX]: index }),
      ...(instance === undefined ? {} : { [INSTANCE_ID]: instance }),
      ...analysis.analysisRunMetadata?.labels,
      ...pass.rollout.spec.selector?.matchLabels,
    },
    annotations: { [REVISION]: revision, ...analysis.analysisRunMetadata?.annotations },
    ownerReferences: [ownerReference(pass)],
  };
}

/** A run of that name that asks the same and is not over is taken as it is: it was made by a pass whose end was lost. */
function placeRun(pass: Pass, metadata: KubeObject['metadata'], spec: AnalysisRunSpec): Result<Started, string> {
  for (let attempt = 0; attempt < MOST_NAMES; attempt += 1) {
    const name = attempt === 0 ? metadata.name : `${metadata.name}.${attempt}`;
    const present = pass.seen.runs.find((run) => run.metadata.name === name);
    if (present !== undefined && isUsable(pass, present, spec)) return ok({ actions: [], record: { name, status: present.status?.phase ?? '' } });
    if (present !== undefined) continue;
    const object: KubeObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { ...metadata, name }, spec };
    const ref = { type: ANALYSIS_RUN, namespace: metadata.namespace ?? '', name };
    return ok({ actions: [{ type: 'create', ref, object, why: `measure revision ${metadata.annotations?.[REVISION] ?? ''}` }], record: { name, status: '' } });
  }
  return err(`${MOST_NAMES} analysis runs named ${metadata.name} are in the way`);
}

function isUsable(pass: Pass, run: AnalysisRun, spec: AnalysisRunSpec): boolean {
  const owned = run.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === pass.rollout.metadata.uid) ?? false;
  const asked = (of: AnalysisRunSpec): unknown => ({
    metrics: of.metrics,
    dryRun: of.dryRun ?? [],
    retention: of.measurementRetention ?? [],
    args: of.args ?? [],
  });
  return owned && run.spec.terminate !== true && !isCompleted(run.status?.phase) && deepEqual(asked(run.spec), asked(spec));
}
