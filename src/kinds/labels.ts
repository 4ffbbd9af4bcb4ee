// The labels and annotations that are shared with Argo Rollouts: either engine must find what the other left.

/** On the pods and ReplicaSets of a version, and in the selectors that are bound to it. */
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
/** On a CustomResourceDefinition of the embedded cluster that stands in for the real one of a product. */
export const STAND_IN = 'sandbox.sluice.dev/stand-in';
