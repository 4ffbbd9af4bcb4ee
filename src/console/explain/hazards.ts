// Known faults of the engine that drives a rollout, told where its version and the shape of the spec meet them.

import type { Driver } from '../../kinds/snapshot.js';
import type { RolloutFacts } from '../facts.js';
import { at, flagAt, hasAt, numberAt } from '../../lib/read.js';

export type Hazard = { readonly cause: string; readonly sentence: string };

type HazardRow = {
  readonly cause: string;
  /** The first and the last version known to have it; undefined: all so far. */
  readonly from?: readonly [number, number];
  readonly to?: readonly [number, number];
  meets(facts: RolloutFacts): boolean;
  readonly sentence: string;
};

const canary = (facts: RolloutFacts): unknown => at(facts.object, 'spec', 'strategy', 'canary');
const hasStep = (facts: RolloutFacts, ...fields: readonly string[]): boolean => facts.steps.some((step) => fields.some((field) => hasAt(step, field)));

/** The numbers are those of issues of argoproj/argo-rollouts. */
const HAZARDS: readonly HazardRow[] = [
  {
    cause: 'hazard-abort-above-zero',
    from: [1, 9],
    meets: (facts) => flagAt(canary(facts), 'dynamicStableScale') && numberAt(canary(facts), 'minPodsPerReplicaSet') !== undefined,
    sentence: 'an abort may leave traffic on the canary for ever (dynamicStableScale with minPodsPerReplicaSet, #4841): watch the route, not the status',
  },
  {
    cause: 'hazard-managed-routes',
    meets: (facts) => hasStep(facts, 'setHeaderRoute', 'setMirrorRoute'),
    sentence: 'header and mirror routes go when the canary loses its last pod, and do not come back (#4486, #4716)',
  },
  {
    cause: 'hazard-rollback-window',
    meets: (facts) => numberAt(facts.object, 'spec', 'rollbackWindow', 'revisions') !== undefined && hasAt(canary(facts), 'trafficRouting'),
    sentence: 'a rollback inside the rollback window can send traffic to pods that are still starting (#3941)',
  },
  {
    cause: 'hazard-abort-after-full',
    from: [1, 8],
    to: [1, 8],
    meets: (facts) => facts.promotingFully,
    sentence: 'an abort after a full promotion may be ignored while the canary is not healthy (#4461)',
  },
  {
    cause: 'hazard-canary-scale',
    meets: (facts) => facts.inFlight && hasStep(facts, 'setCanaryScale'),
    sentence: 'a setCanaryScale step in the middle can swing traffic to the stable revision for a moment (#4642)',
  },
];

const before = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);

function parseVersion(version: string | undefined): readonly [number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** Nothing for an engine of our own, whose rules are others; of an unknown version all are told. */
export function hazardsOf(facts: RolloutFacts, driver: Driver): readonly Hazard[] {
  if (driver.type !== 'other' || driver.engine === 'sluice') return [];
  const version = parseVersion(driver.version);
  return HAZARDS.filter(({ from, to, meets }) => {
    if (version !== undefined && ((from !== undefined && before(version, from)) || (to !== undefined && before(to, version)))) return false;
    return meets(facts);
  }).map(({ cause, sentence }) => ({ cause, sentence: version === undefined ? `${sentence}; the version of the engine is not known` : sentence }));
}
