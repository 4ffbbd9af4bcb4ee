// How long a request may take: known also to those who must not load a transport for it.

/** From the beginning of a request to the end of its answer. A write that takes longer may come after the lease has gone. */
export const REQUEST_TIMEOUT_MS = 15_000;
