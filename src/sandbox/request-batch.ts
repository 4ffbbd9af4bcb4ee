// What the pretend users did in one tick, against one revision of one service: the only thing the metric sources know.

import type { Instant } from '../lib/instant.js';

/** Upper bounds in milliseconds; the last bucket of a batch holds what is slower than all of them. */
export const LATENCY_BOUNDS_MS: readonly number[] = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];

export type RequestBatch = {
  /** The end of the tick. */
  readonly at: Instant;
  readonly namespace: string;
  /** The Service that the requests were routed to: the one that users called, or the destination that a VirtualService gave them. */
  readonly service: string;
  /** The name of the workload that owns the pods (the Rollout's, or the Deployment's). */
  readonly workload: string;
  /** The pods' labels, as the routing objects and the metrics see them. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** The DestinationRule subset that the route named, if any. */
  readonly subset: string | undefined;
  /** Of the workload's main container. */
  readonly imageTag: string;
  /** Response code → number of requests. */
  readonly codes: Readonly<Record<string, number>>;
  /** Requests for each bound in LATENCY_BOUNDS_MS, and one more for slower ones; not cumulative. */
  readonly latencyCounts: readonly number[];
  readonly latencySumMs: number;
};
