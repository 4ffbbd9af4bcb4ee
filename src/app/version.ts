// Which program this is.

export const VERSION = '0.1.0';

/** The release whose recorded behaviour this engine is tested against. */
export const COMPATIBLE_ARGO = 'v1.9.1';
