// The Kubernetes whose API the embedded cluster imitates.

export const IMITATED_MINOR = '34';
export const IMITATED_VERSION = `v1.${IMITATED_MINOR}.1`;
