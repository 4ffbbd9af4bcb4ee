// Making the experiment of a step: its templates from the versions at hand, its analyses, its name.

import type { Argument } from '../../kinds/analysis-spec.js';
import type { Experiment, ExperimentSpec } from '../../kinds/experiment.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL, REVISION } from '../../kinds/labels.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { EXPERIMENT } from '../../kinds/resource-type.js';
import type { ExperimentStep } from '../../kinds/rollout.js';
import { deepEqual } from '../../lib/deep.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import { isEnded } from '../experiment/observed.js';
import type { Action } from './observed.js';
import { stepIndexOf } from './pass.js';
import type { Pass } from './pass.js';
import { ownerReference } from './revision.js';
import { resolveArguments } from './run-arguments.js';
import { hashOf, revisionOf } from './sets.js';

type StartedExperiment = { readonly actions: readonly Action[]; readonly name: string };
type StepTemplate = ExperimentStep['templates'][number];

/** Experiments with the same name that may stand in the way; more than that is a fault elsewhere. */
const MOST_NAMES = 1000;

export function startExperiment(pass: Pass, step: ExperimentStep): Result<StartedExperiment, string> {
  const spec = specOf(pass, step);
  if (!spec.ok) return spec;
  const {
    rollout,
    sets: { newest },
  } = pass;
  const namespace = rollout.metadata.namespace ?? '';
  const revision = String(revisionOf(newest));
  const base = nameOf(pass, hashOf(newest), revision);
  for (let attempt = 0; attempt < MOST_NAMES; attempt += 1) {
    const name = attempt === 0 ? base : `${base}-${attempt}`;
    const present = pass.seen.experiments.find((experiment) => experiment.metadata.name === name);
    // Made by a pass whose end was lost.
    if (present !== undefined && isUsable(pass, present, spec.value)) return ok({ actions: [], name });
    if (present !== undefined) continue;
    const object: KubeObject = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Experiment',
      metadata: {
        name,
        namespace,
        labels: { ...rollout.metadata.labels, [HASH_LABEL]: hashOf(newest) },
        annotations: { [REVISION]: revision },
        ownerReferences: [ownerReference(pass)],
      },
      spec: spec.value,
    };
    return ok({
      actions: [
        { type: 'create', ref: { type: EXPERIMENT, namespace, name }, object, why: `the experiment of step ${(stepIndexOf(pass) ?? 0) + 1}` },
        { type: 'note', note: { type: 'Normal', reason: 'ExperimentCreated', message: `Created Experiment '${name}'` } },
      ],
      name,
    });
  }
  return err(`${MOST_NAMES} experiments named ${base} are in the way`);
}

/** Its name says the step that it was made for: a step that somebody skipped does not answer for the next one. */
export function isOfPresentStep(pass: Pass, { metadata }: Experiment): boolean {
  const base = nameOf(pass, metadata.labels?.[HASH_LABEL] ?? '', metadata.annotations?.[REVISION] ?? '');
  return metadata.name === base || (metadata.name.startsWith(`${base}-`) && /^\d+$/.test(metadata.name.slice(base.length + 1)));
}

function nameOf(pass: Pass, hash: string, revision: string): string {
  return [pass.rollout.metadata.name, hash, revision, String(stepIndexOf(pass) ?? 0)].join('-');
}

function isUsable(pass: Pass, experiment: Experiment, spec: ExperimentSpec): boolean {
  const owned = experiment.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === pass.rollout.metadata.uid) ?? false;
  return owned && experiment.spec.terminate !== true && !isEnded(experiment.status?.phase) && deepEqual(experiment.spec, spec);
}

function specOf(pass: Pass, step: ExperimentStep): Result<ExperimentSpec, string> {
  const templates: ExperimentSpec['templates'][number][] = [];
  for (const template of step.templates) {
    const set = template.specRef === 'stable' ? pass.sets.stable : template.specRef === 'canary' ? pass.sets.newest : undefined;
    if (set === undefined) return err(`experiment template '${template.name}' refers to '${template.specRef}', which is neither canary nor stable`);
    templates.push(templateOf(template, set));
  }
  const analyses: NonNullable<ExperimentSpec['analyses']>[number][] = [];
  for (const { args, ...analysis } of step.analyses ?? []) {
    const resolved: Result<readonly Argument[], string> = resolveArguments(pass, args ?? []);
    if (!resolved.ok) return resolved;
    analyses.push({ ...analysis, ...(resolved.value.length === 0 ? {} : { args: resolved.value }) });
  }
  const { progressDeadlineSeconds } = pass.rollout.spec;
  return ok({
    templates,
    ...(step.duration === undefined ? {} : { duration: step.duration }),
    ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
    ...(analyses.length === 0 ? {} : { analyses }),
    ...(step.scaleDownDelaySeconds === undefined ? {} : { scaleDownDelaySeconds: step.scaleDownDelaySeconds }),
    ...(step.dryRun === undefined ? {} : { dryRun: step.dryRun }),
    ...(step.analysisRunMetadata === undefined ? {} : { analysisRunMetadata: step.analysisRunMetadata }),
  });
}

function templateOf(template: StepTemplate, set: ReplicaSet): ExperimentSpec['templates'][number] {
  const { labels = {}, annotations = {} } = template.metadata ?? {};
  const selector = template.selector ?? set.spec.selector ?? {};
  const pod = set.spec.template ?? {};
  const named = Object.keys(annotations).length === 0 ? {} : { annotations: { ...pod.metadata?.annotations, ...annotations } };
  // A weight needs something to send requests to.
  const service = template.service ?? (template.weight === undefined ? undefined : {});
  return {
    name: template.name,
    ...(template.replicas === undefined ? {} : { replicas: template.replicas }),
    ...(set.spec.minReadySeconds === undefined || set.spec.minReadySeconds === 0 ? {} : { minReadySeconds: set.spec.minReadySeconds }),
    selector: { ...selector, matchLabels: { ...selector.matchLabels, ...labels } },
    template: { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, ...labels }, ...named } },
    ...(service === undefined ? {} : { service }),
  };
}
