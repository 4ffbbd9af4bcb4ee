// Invariants of traffic: weights add up, nobody is sent to a version without pods, an aborted canary's share only falls, and
// whoever carries traffic keeps the pods for it.

import { REPLICA_SET, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import { list, plain, record } from '../scenarios/reduce.js';
import { availableOf, hashOf, numberIn, ROUTING, sizeOf, specOf, statusOf } from './truth.js';
import type { Share } from './truth.js';
import { NOTICE_MS, seen, seenAvailable } from './view.js';
import type { Look } from './view.js';

const sumBy = (shares: readonly Share[], hash: string, host: string): number => shares.reduce((sum, share) => (share.hash === hash && share.host === host ? sum + share.weight : sum), 0);

/** After an engine's write to a routing object. */
export function checkRoute(look: Look, lostAt: (hash: string) => number): readonly string[] {
  const { plan, memory, truth, change, now } = look;
  if (!ROUTING.includes(change.type)) return [];
  const after = truth.shares(plan);
  const failures: string[] = [];
  for (const host of new Set(after.map((share) => share.host))) {
    const weights = after.filter((share) => share.host === host).map(({ weight }) => weight);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const most = plan.route?.maxWeight ?? 1;
    const whole = (weights.length === 1 || Math.abs(sum - most) < 1e-6) && weights.every((weight) => weight >= 0 && weight <= most);
    if (whole && change.type !== SERVICE) memory.edited.delete(host);
    if (!whole && !memory.edited.has(host)) failures.push(`${host}: the weights are ${weights.join('/')} of ${most}`);
  }
  const rollout = truth.get(ROLLOUT, plan.name);
  if (numberIn(specOf(rollout), 'replicas') === 0 || numberIn(specOf(seen(look, ROLLOUT, plan.name)), 'replicas') === 0) return failures;
  const touched = memory.edited.size > 0 || now - memory.vandalAt <= NOTICE_MS;
  for (const { host, hash, service, weight, exists } of after) {
    const before = sumBy(memory.shares, hash, host);
    if (weight <= 0 || sumBy(after, hash, host) <= before) continue;
    if (!exists && !touched) failures.push(`${host}: ${weight} to ${service}, which is not there`);
    if (hash === '' || seenAvailable(look, hash) > 0 || truth.list(REPLICA_SET).some((set) => hashOf(set) === hash && availableOf(set) > 0)) continue;
    if (now - lostAt(hash) > NOTICE_MS && !memory.edited.has(host)) failures.push(`${host}: ${weight} to version ${hash}, which has no available pod`);
  }
  return [...failures, ...checkAborted(look, after, touched)];
}

/** What the engine knows to be aborted gets no more than it had. */
function checkAborted(look: Look, after: readonly Share[], touched: boolean): readonly string[] {
  const { plan, memory } = look;
  const status = statusOf(seen(look, ROLLOUT, plan.name));
  const hash = plain(status['currentPodHash']);
  if (plan.route === undefined || touched || status['abort'] !== true || status['abortedAt'] === undefined || hash === status['stableRS']) return [];
  const real = statusOf(look.truth.get(ROLLOUT, plan.name));
  if (real['abort'] !== true || real['currentPodHash'] !== hash) return [];
  return plan.route.hosts
    .filter((host) => sumBy(after, hash, host) > sumBy(memory.shares, hash, host))
    .map((host) => `${host}: the aborted ${hash} goes from ${sumBy(memory.shares, hash, host)} to ${sumBy(after, hash, host)}`);
}

/** After an engine's write that makes a ReplicaSet smaller. */
export function checkShrink(look: Look): readonly string[] {
  const { change, plan, memory, truth, now } = look;
  const { object: set, before } = change;
  if (change.type !== REPLICA_SET || before === undefined || sizeOf(set) >= sizeOf(before)) return [];
  if (memory.edited.size > 0 || now - memory.vandalAt <= NOTICE_MS) return [];
  const rollout = seen(look, ROLLOUT, plan.name);
  const wanted = numberIn(specOf(rollout), 'replicas', 1);
  const status = statusOf(rollout);
  const hash = hashOf(set);
  const failures: string[] = [];
  const strategy = record(record(specOf(rollout)['strategy'])[plan.blueGreen ? 'blueGreen' : 'canary']);
  const dynamic = strategy['dynamicStableScale'] === true;
  const small = `${set.metadata.name} is scaled to ${sizeOf(set)} of ${wanted}`;
  if (hash === status['stableRS'] && (plan.blueGreen || (plan.route !== undefined && !dynamic)) && sizeOf(set) < wanted) failures.push(`stable ${small}`);
  // Whoever knows of the traffic by a stale cache is told by the objects: they are written by the engine alone.
  const most = plan.route?.maxWeight ?? 1;
  const weight = truth.weightOf(plan, hash);
  const whole = plan.blueGreen ? 1 : most;
  // A setCanaryScale step may ask for fewer pods than the share of the traffic: that is the author's business (engine.md 3.2).
  const asked = hash !== status['stableRS'] && list(strategy['steps']).some((step) => record(step)['setCanaryScale'] !== undefined);
  if (asked && weight > 0 && wanted > 0 && sizeOf(set) === 0) failures.push(`${small} with ${weight} of ${whole} of the traffic`);
  if (!asked && (plan.route !== undefined || plan.blueGreen) && weight > 0 && sizeOf(set) < Math.floor((wanted * weight) / whole)) failures.push(`${small} with ${weight} of ${whole} of the traffic`);
  if (plan.route === undefined && !plan.blueGreen) failures.push(...checkBudget(look, strategy, wanted));
  return failures;
}

/** Without a router, enough pods are available in all, by what the engine knew. */
function checkBudget(look: Look, strategy: Readonly<Record<string, unknown>>, wanted: number): readonly string[] {
  const { change, plan, truth } = look;
  const { object: set, before } = change;
  const known = truth.owned(REPLICA_SET, plan.name).map((each) => ({ each, known: each.metadata.name === set.metadata.name ? before : seen(look, REPLICA_SET, each.metadata.name) }));
  const remaining = known.reduce((sum, { each, known: cached }) => sum + Math.min(availableOf(cached ?? each), sizeOf(each)), 0);
  const lost = Math.max(0, Math.min(availableOf(before), sizeOf(before)) - sizeOf(set));
  const allowed = Math.min(wanted, Math.max(Number(strategy['maxUnavailable'] ?? 1), 0));
  return lost > 0 && remaining < wanted - allowed ? [`${set.metadata.name} is scaled to ${sizeOf(set)}: ${remaining} available pods are left of ${wanted}, ${allowed} may be missing`] : [];
}
