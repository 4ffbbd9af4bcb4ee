// The default figures that are shared with Argo Rollouts: either engine must do what the other would.

export const DEFAULT_REPLICAS = 1;
export const DEFAULT_MAX_WEIGHT = 100;
export const DEFAULT_HISTORY_LIMIT = 10;
export const DEFAULT_PROGRESS_DEADLINE_SECONDS = 600;
export const DEFAULT_SCALE_DOWN_DELAY_SECONDS = 30;
export const DEFAULT_ABORT_DELAY_SECONDS = 30;
export const DEFAULT_RUN_HISTORY_LIMIT = 5;
