// What the world outside the cluster says of its load balancers, and what is made of it: whether they do what the route objects say.

import type { Instant } from '../lib/instant.js';
import type { Note } from './change.js';
import type { AlbStatus } from './rollout-status.js';

export type TargetGroup = { readonly name: string; readonly arn: string; readonly tags: Readonly<Record<string, string>> };

export type LoadBalancer = {
  readonly name: string;
  readonly arn: string;
  readonly targetGroups: readonly TargetGroup[];
  /** Each forward of each rule: the weights of its target groups by their ARN. */
  readonly forwards: readonly ReadonlyMap<string, number>[];
};

/** The answers of one look; a question that was not asked has none. */
export type Verification = {
  /** Requests are split as the route objects say. */
  readonly weights?: boolean | undefined;
  /** Whether all pods of that version are registered where users come by. */
  readonly targets?: { readonly hash: string; readonly registered: boolean } | undefined;
  readonly albs: readonly AlbStatus[];
  readonly notes: readonly Note[];
  /** When to ask again, should something be missing. */
  readonly again: Instant;
};
