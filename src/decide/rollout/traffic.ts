// What the router is asked for in this pass, and what the status remembers of it.

import type { TrafficWeights } from '../../kinds/rollout-status.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import type { Traffic, TrafficShare } from '../../kinds/traffic.js';
import { deepEqual } from '../../lib/deep.js';
import { atDesiredCounts } from './desired-counts.js';
import type { Action } from './observed.js';
import { isFullyPromoted, isWithinRollbackWindow } from './pass.js';
import type { Pass } from './pass.js';
import { experimentShares } from './experiments.js';
import { promisedRoutes } from './promised-routes.js';
import { sendCanaryServiceHome } from './services.js';
import { availableOf, hashOf, stayingOf } from './sets.js';
import { isWeightVerified } from './verification.js';
import { currentSetWeight, weightAt, weightOnTheWayBack } from './weight.js';

export type TrafficStep = {
  readonly actions: readonly Action[];
  readonly weights: TrafficWeights | undefined;
  readonly why: string | undefined;
};

/** The traffic goes back to a stable version that has too few pods: it has to go in steps, and the canary keeps its name meanwhile. */
export function isRollingBack(pass: Pass): boolean {
  const { newest } = pass.sets;
  const known = pass.status.canary?.weights;
  return (
    isFullyPromoted(pass) &&
    pass.dynamic &&
    known !== undefined &&
    newest !== undefined &&
    known.canary.podTemplateHash !== hashOf(newest) &&
    known.canary.weight > 0 &&
    availableOf(newest) < pass.replicas
  );
}

type Wish = {
  readonly weight: number;
  readonly shares: readonly TrafficShare[];
  readonly canaryHash: string;
  readonly routes: Traffic['managedRoutes'];
  readonly home: boolean;
  readonly why: string;
};

export function trafficStep(pass: Pass): TrafficStep {
  const present = pass.status.canary?.weights;
  if (!pass.routed) return { actions: [], weights: undefined, why: undefined };
  const wish = chooseWeight(pass);
  // Nor does the canary's Service go home then: the status would not know of it (simulation, seed 4079).
  if (!stableCanCarry(pass, wish.weight)) return { actions: [], weights: present, why: 'the stable version has too few pods for its share; the weights stay' };
  const home = wish.home ? sendCanaryServiceHome(pass) : [];
  const { newest } = pass.sets;
  const traffic: Traffic = {
    weight: wish.weight,
    maxWeight: pass.maxWeight,
    canaryHash: wish.canaryHash,
    stableHash: pass.stableHash,
    additional: wish.shares,
    // A canary without pods loses its traffic before its name moves on: else requests go to an empty subset.
    // The routes may have been edited to give it some, whatever the status says (simulation, seed 1419).
    // Nor is what was aborted named before an earlier canary's traffic has gone (simulation, seed 2369). An abort that came when the
    // version was stable aborts nothing: what is called stable may still be the version before (seed 3222).
    order: availableOf(newest) === 0 || (pass.status.abort === true && !isFullyPromoted(pass)) ? 'weight-first' : 'hash-first',
    managedRoutes: wish.routes,
  };
  const weights = nextWeights(pass, traffic);
  const note = onlyVerified(present, weights) ? [] : [updatedNote(present, weights)];
  return { actions: [...home, { type: 'route', traffic, why: wish.why }, ...note], weights, why: wish.why };
}

function chooseWeight(pass: Pass): Wish {
  const { newest } = pass.sets;
  const present = pass.status.canary?.weights;
  const canaryHash = newest === undefined ? pass.podHash : hashOf(newest);
  const wish = { canaryHash, routes: [], home: false, shares: [] };
  if (isRollingBack(pass)) {
    return {
      ...wish,
      weight: weightOnTheWayBack(pass),
      routes: 'keep',
      canaryHash: present?.canary.podTemplateHash ?? canaryHash,
      why: 'back to stable as fast as it gets pods',
    };
  }
  if (isFullyPromoted(pass)) return { ...wish, weight: 0, why: 'the update is done: all traffic goes to stable' };
  if (pass.status.abort === true) {
    // Whatever stable lacks, a canary without pods can carry nothing of it (simulation, seed 221). An earlier one may have its traffic
    // still, and pods for it (simulation, seed 1426).
    const carrier = canaryCarrier(pass);
    const weight = availableOf(carrier) === 0 ? 0 : weightOnTheWayBack(pass);
    const home = !pass.dynamic || weight === 0;
    const carrierHash = weight === 0 || carrier === undefined ? canaryHash : hashOf(carrier);
    return { ...wish, canaryHash: carrierHash, weight, home, routes: home ? [] : 'keep', why: 'the update was aborted: traffic goes back to stable' };
  }
  if (newest === undefined || availableOf(newest) === 0) return { ...wish, weight: 0, shares: experimentShares(pass, 0), why: 'the canary has no pods yet' };
  if (pass.status.promoteFull === true) {
    const weight = pass.dynamic && pass.replicas > 0 ? Math.floor((pass.maxWeight * availableOf(newest)) / pass.replicas) : (present?.canary.weight ?? 0);
    return { ...wish, weight: Math.min(weight, pass.maxWeight), why: 'full promotion: the weight follows the pods' };
  }
  const next = stepWeight(pass);
  return { ...wish, routes: promisedRoutes(pass), ...next, shares: experimentShares(pass, next.weight) };
}

/** The version that answers what the routers call the canary: the newest one, unless an earlier one has not been relieved yet. */
function canaryCarrier(pass: Pass): ReplicaSet | undefined {
  const { newest, others } = pass.sets;
  const present = pass.status.canary?.weights?.canary;
  if (present === undefined || present.weight === 0) return newest;
  return others.find((set) => hashOf(set) === present.podTemplateHash) ?? newest;
}

/**
 * Stable can not take back what an earlier canary has, and that one has the pods for it: the canary's name stays with it. Else the newest
 * version would get a share that none of its steps has asked for (simulation, seed 8748).
 */
export function isHeldByEarlier(pass: Pass): boolean {
  if (!pass.routed || isFullyPromoted(pass)) return false;
  const carrier = canaryCarrier(pass);
  return carrier !== pass.sets.newest && availableOf(carrier) > 0 && !stableCanCarry(pass, chooseWeight(pass).weight);
}

function stepWeight(pass: Pass): { readonly weight: number; readonly why: string } {
  const index = pass.status.currentStepIndex ?? 0;
  if (pass.steps.length === 0) return { weight: 0, why: 'without steps, traffic moves with the promotion' };
  const before = weightAt(pass.steps, index - 1);
  // Less traffic goes before the pods do: a canary that shrinks first has too few for what it still gets (simulation, seed 338).
  // So also where a retry begins anew with the traffic of the attempt that an abort has not ended yet.
  const shrinks = index < pass.steps.length && currentSetWeight(pass) < Math.max(before, ownWeight(pass));
  if (!shrinks && !atDesiredCounts(pass, undefined)) {
    const why = 'waiting for pods before more traffic is sent';
    // All steps count as taken, but none has sized these pods: the last weight would be too much for them (#3941 of Argo Rollouts).
    return { weight: isWithinRollbackWindow(pass) ? ownWeight(pass) : before, why };
  }
  return index < pass.steps.length
    ? { weight: currentSetWeight(pass), why: `step ${index + 1} asks for it` }
    : { weight: pass.maxWeight, why: 'all steps are done' };
}

/** What the newest version has now; 0 while the canary's share is still that of another one. */
function ownWeight(pass: Pass): number {
  const present = pass.status.canary?.weights?.canary;
  return present?.podTemplateHash === hashOf(pass.sets.newest) ? present.weight : 0;
}

/** Else the router is not asked in this pass: it would send stable more than its pods can answer. */
export function stableCanCarry(pass: Pass, weight: number): boolean {
  const { stable } = pass.sets;
  if (stable === undefined) return false;
  const share = pass.maxWeight - weight;
  // A share of few pods rounds down to none, and none answers nobody (simulation, seed 3911).
  const needed = Math.max(Math.floor((share * pass.replicas) / pass.maxWeight), share > 0 && pass.replicas > 0 ? 1 : 0);
  if (stayingOf(stable) >= needed) return true;
  // An aborted canary, and one without pods, is worse than a stable version that lacks a pod: the traffic goes home as long as anybody is there.
  if (pass.status.abort === true && (!pass.dynamic || availableOf(canaryCarrier(pass)) === 0)) return stayingOf(stable) > 0;
  const threshold = pass.canary.replicaProgressThreshold;
  if (threshold === undefined || threshold.value < 0) return false;
  return threshold.type === 'Pods' ? stayingOf(stable) >= threshold.value : (stayingOf(stable) / needed) * 100 >= threshold.value - 1e-10;
}

function nextWeights(pass: Pass, traffic: Traffic): TrafficWeights {
  const present = pass.status.canary?.weights;
  const named = (service: string | undefined): { serviceName?: string } => (service === undefined ? {} : { serviceName: service });
  const given = traffic.additional.reduce((sum, { weight }) => sum + weight, 0);
  const additional = traffic.additional.map(({ weight, service, hash }) => ({ weight, serviceName: service, podTemplateHash: hash }));
  const wanted: TrafficWeights = {
    canary: { weight: traffic.weight, ...named(pass.canary.canaryService), podTemplateHash: traffic.canaryHash },
    stable: { weight: traffic.maxWeight - traffic.weight - given, ...named(pass.canary.stableService), podTemplateHash: traffic.stableHash },
    ...(additional.length === 0 ? {} : { additional }),
  };
  const verified = isWeightVerified(pass, traffic.weight);
  const same =
    present !== undefined &&
    present.verified === verified &&
    deepEqual(present.canary, wanted.canary) &&
    deepEqual(present.stable, wanted.stable) &&
    deepEqual(present.additional ?? [], additional);
  return same ? present : { ...wanted, ...(verified === undefined ? {} : { verified }) };
}

/** Whether the load balancer has followed is no news of the weights. */
function onlyVerified(before: TrafficWeights | undefined, after: TrafficWeights): boolean {
  return before !== undefined && deepEqual({ ...before, verified: undefined }, { ...after, verified: undefined });
}

function updatedNote(before: TrafficWeights | undefined, after: TrafficWeights): Action {
  const what: string[] = [];
  if (before === undefined) what.push(`to ${after.canary.weight}`);
  else if (before.canary.weight !== after.canary.weight) what.push(`from ${before.canary.weight} to ${after.canary.weight}`);
  const { additional = [] } = after;
  if (!deepEqual(before?.additional ?? [], additional)) {
    what.push(
      `additional: [${additional.map(({ weight, serviceName = '', podTemplateHash = '' }) => `{${weight} ${serviceName} ${podTemplateHash}}`).join(' ')}]`,
    );
  }
  return { type: 'note', note: { type: 'Normal', reason: 'TrafficWeightUpdated', message: `Traffic weight updated ${what.join(', ')}` } };
}
