// Two passes over the same world decide the same, in whatever order the world is read: an engine that takes over has listed what
// the one before it had watched.

import { NO_PLUGINS } from '../../src/controllers/plugins.js';
import type { CacheReader } from '../../src/controllers/reconciler.js';
import { observeRollout } from '../../src/controllers/rollout-observe.js';
import { decideRollout } from '../../src/decide/rollout/decide.js';
import type { ObservedRollout } from '../../src/decide/rollout/observed.js';
import { ROLLOUT } from '../../src/kinds/resource-type.js';
import { asRollout } from '../../src/kinds/rollout.js';
import { deepEqual, deepFreeze } from '../../src/lib/deep.js';
import type { Instant } from '../../src/lib/instant.js';
import { NAMESPACE } from './manifests.js';
import type { Plan } from './plans.js';

const LONGEST_SHOWN = 600;

function turnedRound(seen: ObservedRollout): ObservedRollout {
  const { replicaSets, pods, services, runs, experiments, templates } = seen;
  return { ...seen, replicaSets: replicaSets.toReversed(), pods: pods.toReversed(), services: services.toReversed(), runs: runs.toReversed(), experiments: experiments.toReversed(), templates: templates.toReversed() };
}

/** By what the leading engine has in its cache. */
export function checkDecision(cache: CacheReader | undefined, { name }: Plan, now: Instant): readonly string[] {
  const object = cache?.get({ type: ROLLOUT, namespace: NAMESPACE, name });
  if (cache === undefined || object === undefined) return [];
  const { seen } = deepFreeze(observeRollout(asRollout(object), cache, NO_PLUGINS));
  const once = decideRollout(seen, now);
  if (!deepEqual(once, decideRollout(seen, now))) return [`${name}: two passes over the same world decide differently`];
  const turned = decideRollout(turnedRound(seen), now);
  if (deepEqual(once, turned)) return [];
  const differing = (Object.keys(once) as (keyof typeof once)[]).filter((key) => !deepEqual(once[key], turned[key]));
  const show = (decision: typeof once): string => JSON.stringify(differing.map((key) => decision[key])).slice(0, LONGEST_SHOWN);
  return [`${name}: read in another order, ${differing.join(' and ')} differ: ${show(once)} or ${show(turned)}`];
}
