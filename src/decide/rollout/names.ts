// The labels, annotations and default figures that are shared with Argo Rollouts: either engine must find what the other left.

export const HASH_LABEL = 'rollouts-pod-template-hash';
export const REVISION = 'rollout.argoproj.io/revision';
export const REVISION_HISTORY = 'rollout.argoproj.io/revision-history';
export const DESIRED_REPLICAS = 'rollout.argoproj.io/desired-replicas';
export const WORKLOAD_GENERATION = 'rollout.argoproj.io/workload-generation';
export const EPHEMERAL_METADATA = 'rollout.argoproj.io/ephemeral-metadata';
/** Without a prefix, for good: both engines must mean the same annotation. */
export const SCALE_DOWN_DEADLINE = 'scale-down-deadline';
export const MANAGED_BY = 'argo-rollouts.argoproj.io/managed-by-rollouts';
export const INSTANCE_ID = 'argo-rollouts.argoproj.io/controller-instance-id';
export const RUN_TYPE = 'rollout-type';
export const STEP_INDEX = 'step-index';
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
export const NOTIFIED = 'notified.notifications.argoproj.io';

export const DEFAULT_REPLICAS = 1;
export const DEFAULT_MAX_WEIGHT = 100;
export const DEFAULT_HISTORY_LIMIT = 10;
export const DEFAULT_PROGRESS_DEADLINE_SECONDS = 600;
export const DEFAULT_SCALE_DOWN_DELAY_SECONDS = 30;
export const DEFAULT_ABORT_DELAY_SECONDS = 30;
export const DEFAULT_RUN_HISTORY_LIMIT = 5;
