// What a decision about an experiment starts from, and what it results in.

import type { AnalysisRun } from '../../kinds/analysis-run.js';
import type { AnalysisTemplate } from '../../kinds/analysis-template.js';
import type { Change, Note } from '../../kinds/change.js';
import type { Experiment, ExperimentStatus } from '../../kinds/experiment.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { Service } from '../../kinds/service.js';
import type { Instant } from '../../lib/instant.js';

export type ObservedExperiment = {
  readonly experiment: Experiment;
  /** Controlled by the experiment, and others that have a name that it would use. */
  readonly replicaSets: readonly ReplicaSet[];
  readonly services: readonly Service[];
  readonly runs: readonly AnalysisRun[];
  readonly templates: readonly AnalysisTemplate[];
  readonly clusterTemplates: readonly AnalysisTemplate[];
  /** Services that the rollout's router still sends requests to: their pods must not go yet. */
  readonly routedServices: readonly string[];
};

export type ExperimentAction =
  | Change
  /** `parent`: on the rollout that the experiment is a step of. */
  | { readonly type: 'note'; readonly about: 'experiment' | 'parent'; readonly note: Note };

export type ExperimentDecision = {
  readonly status: ExperimentStatus;
  readonly actions: readonly ExperimentAction[];
  readonly wakeAt: Instant | undefined;
};

export type TemplateStatus = NonNullable<ExperimentStatus['templateStatuses']>[number];
export type RunStatus = NonNullable<ExperimentStatus['analysisRuns']>[number];

const ENDED: readonly (string | undefined)[] = ['Successful', 'Failed', 'Error', 'Inconclusive'];

export const isEnded = (phase: string | undefined): boolean => ENDED.includes(phase);

/** From best to worst. */
export function worst(order: readonly string[], phases: readonly string[]): string | undefined {
  return [...phases].sort((a, b) => order.indexOf(b) - order.indexOf(a))[0];
}

export const isControlledBy = (object: ReplicaSet | Service | AnalysisRun, experiment: Experiment): boolean =>
  object.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === experiment.metadata.uid) ?? false;

type Owner = NonNullable<KubeObject['metadata']['ownerReferences']>[number];

export function ownerReference({ metadata: { name, uid = '' } }: Experiment): Owner {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment', name, uid, controller: true, blockOwnerDeletion: true };
}
