// What one decision starts from, and what it results in. Both are plain data: the controller gathers the one and performs the other.

import type { AnalysisRun } from '../../kinds/analysis-run.js';
import type { AnalysisTemplate } from '../../kinds/analysis-template.js';
import type { Change, Note } from '../../kinds/change.js';
import type { Experiment } from '../../kinds/experiment.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { Verification } from '../../kinds/load-balancer.js';
import type { Pod } from '../../kinds/pod.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { Rollout, RolloutStatus } from '../../kinds/rollout.js';
import type { Service } from '../../kinds/service.js';
import type { Route, RouteProblem, Traffic } from '../../kinds/traffic.js';
import type { Instant } from '../../lib/instant.js';
import type { Answered } from './step-plugins.js';

/** What modules of users' own bring, by the names that manifests use, and why one that the settings name can not be used. */
export type KnownPlugins = {
  readonly routers: readonly string[];
  readonly metrics: readonly string[];
  readonly steps: readonly string[];
  readonly problems: Readonly<Record<string, string>>;
};

/** The object that a workloadRef names. */
export type ObservedWorkload = { readonly type: 'found'; readonly object: KubeObject } | { readonly type: 'missing'; readonly reason: string };

export type ObservedRollout = {
  readonly rollout: Rollout;
  /** Controlled by the rollout, or matching its selector and controlled by nobody. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Pods of those ReplicaSets. */
  readonly pods: readonly Pod[];
  /** Of the Services that the rollout names, those that exist. */
  readonly services: readonly Service[];
  /** Controlled by the rollout, and those whose names its status gives. */
  readonly runs: readonly AnalysisRun[];
  /** Controlled by the rollout, and those whose names begin with its name. */
  readonly experiments: readonly Experiment[];
  readonly templates: readonly AnalysisTemplate[];
  readonly clusterTemplates: readonly AnalysisTemplate[];
  readonly workload?: ObservedWorkload | undefined;
  /** What the router reads from its objects; undefined when the rollout uses no router. */
  readonly route?: Route | RouteProblem | undefined;
  /** What the load balancer says; undefined when nobody is asked. */
  readonly verification?: Verification | undefined;
  /** The steps between which this engine's last pass has found and left it; absent before its first. At any other a person has put it. */
  readonly formerSteps?: readonly (number | undefined)[] | undefined;
  readonly plugins?: KnownPlugins | undefined;
  /** What step plugins have answered to the calls that were due (step-plugins.ts). */
  readonly stepAnswers?: readonly Answered[] | undefined;
};

/** Where the rollout stands, in one word, and by what. */
export type Situation =
  | { readonly type: 'new' }
  | { readonly type: 'invalid' }
  | { readonly type: 'stable' }
  | { readonly type: 'stepping'; readonly step: number }
  | { readonly type: 'paused'; readonly by: string }
  | { readonly type: 'aborted'; readonly because: string }
  | { readonly type: 'rolling-back' }
  | { readonly type: 'promoting-fully' }
  | { readonly type: 'promoting' }
  | { readonly type: 'resetting' }
  | { readonly type: 'only-scaling' };

/** One thing to be done, in its place among the others. The first failure ends the pass. */
export type Action =
  | Change
  /** The router turns this into changes of its objects. */
  | { readonly type: 'route'; readonly traffic: Traffic; readonly why: string }
  | { readonly type: 'note'; readonly note: Note };

export type Decision = {
  readonly situation: Situation;
  /** What the rollout's status will be once all is done; the observed one when nothing changes. */
  readonly status: RolloutStatus;
  readonly actions: readonly Action[];
  /** When to look again, if nothing happens before. */
  readonly wakeAt?: Instant | undefined;
  /** Why it stands where it stands: a sentence for a person. */
  readonly why: string;
  /** Set when the pass could not do its work and must be tried again soon. */
  readonly failure?: string | undefined;
};
