// With all faults ended every rollout comes to its proper end: promises kept while it stands, then a last wish, then rest.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, EXPERIMENT, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';
import { list, plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';
import { headerRoute, mirrorRoute } from './routes.js';
import { operate, setImage } from './operator.js';
import type { World } from './operator.js';
import type { Plan } from './plans.js';
import { availableOf, belongsTo, hashOf, imageIn, numberIn, sizeOf, specOf, statusOf } from './truth.js';

export type Ending = { readonly plan: Plan; readonly wanted: 'healthy' | 'aborted' };

/** A watch that has gone silent is given up by then. */
const LONGEST_UNSEEN_MS = 180_000;
const ENDED = ['Successful', 'Failed', 'Error', 'Inconclusive'];
/** A lone experiment may run on without a duration and without an analysis that ends it. */
const isEndless = (experiment: KubeObject): boolean => specOf(experiment)['duration'] === undefined && specOf(experiment)['analyses'] === undefined;

/** Where a rollout stands at a pause of its steps, its routes are what the steps taken so far have promised. */
export function checkPromises({ invariants, plans }: World): readonly string[] {
  return plans.flatMap((plan) => {
    const rollout = invariants.truth.get(ROLLOUT, plan.name);
    const status = statusOf(rollout);
    const pauses = list(status['pauseConditions']).map(record);
    const steps = list(record(record(specOf(rollout)['strategy'])['canary'])['steps']).map(record);
    const index = numberIn(status, 'currentStepIndex');
    if (plan.route === undefined || pauses.length !== 1 || pauses[0]?.['reason'] !== 'CanaryPauseStep' || steps[index]?.['pause'] === undefined || numberIn(specOf(rollout), 'replicas') === 0) return [];
    const hash = plain(status['currentPodHash']);
    const pods = invariants.truth.owned(REPLICA_SET, plan.name).find((set) => hashOf(set) === hash);
    const stable = invariants.truth.owned(REPLICA_SET, plan.name).find((set) => hashOf(set) === status['stableRS']);
    if (availableOf(pods) === 0 || availableOf(pods) < sizeOf(pods) || availableOf(stable) < sizeOf(stable)) return [];
    const taken = steps.slice(0, index + 1);
    const weight = taken.findLast((step) => step['setWeight'] !== undefined)?.['setWeight'] ?? 0;
    const real = invariants.truth.weightOf(plan, hash);
    const failures = real === weight ? [] : [`${plan.name} stands at step ${index}: the canary has ${real} of ${plain(weight)} promised`];
    const header = taken.findLast((step) => record(step['setHeaderRoute'])['name'] === headerRoute(plan.name));
    const match = record(record(list(record(header?.['setHeaderRoute'])['match'])[0])['headerValue'])['exact'];
    const routes = routeTexts(invariants.truth.list, plan).filter((text) => text.includes('x-beta') || text.includes('X-Beta'));
    if (header !== undefined && match !== undefined && !routes.some((text) => text.includes(plain(match)))) failures.push(`${plan.name} stands at step ${index}: its header route is gone`);
    if ((header === undefined || match === undefined) && routes.length > 0) failures.push(`${plan.name} stands at step ${index}: a header route is there that no step promised`);
    return failures;
  });
}

const routeTexts = (listed: (type: (typeof ROUTE_TYPES)[number]) => readonly KubeObject[], plan: Plan): readonly string[] =>
  ROUTE_TYPES.flatMap(listed).filter(({ metadata }) => belongsTo([plan], metadata.name) !== undefined).map((object) => JSON.stringify({ name: object.metadata.name, annotations: object.metadata.annotations, spec: object['spec'] }));

/** Each rollout gets a last wish: a good version to be promoted fully, or a good version that is aborted on its way. */
export async function bringToEnd(world: World): Promise<readonly Ending[]> {
  const { clock, rng, plans, invariants } = world;
  const endings: Ending[] = [];
  for (const plan of plans) {
    const { name } = plan;
    const aborted = rng.int(2) === 0;
    const memory = invariants.memory(name);
    if (numberIn(specOf(invariants.truth.get(ROLLOUT, name)), 'replicas', 1) === 0) await operate(world, `scale rollout/${name} --replicas=2`);
    memory.promotedAt = clock.now();
    await operate(world, `argo rollouts promote ${name}`);
    await setImage(world, plan, `sim.test/${name}:good-last`);
    // What is asked of a version that the engine has not seen yet is lost: the command line's promote looks at the status (users.md, hazard 1).
    const isSeen = (): boolean => {
      const status = statusOf(invariants.truth.get(ROLLOUT, name));
      return status['currentPodHash'] !== status['stableRS'];
    };
    await clock.runWhile(() => !isSeen(), LONGEST_UNSEEN_MS);
    await clock.runUntil(clock.now() + 3000 + rng.int(15_000));
    memory.promotedAt = clock.now();
    await operate(world, aborted ? `argo rollouts abort ${name}` : `argo rollouts promote ${name} --full`);
    endings.push({ plan, wanted: aborted ? 'aborted' : 'healthy' });
  }
  return endings;
}

export function checkEnding({ invariants: { truth } }: World, { plan, wanted }: Ending): readonly string[] {
  const { name } = plan;
  const rollout = truth.get(ROLLOUT, name);
  const status = statusOf(rollout);
  const least = plan.route === undefined ? 0 : numberIn(record(record(specOf(rollout)['strategy'])['canary']), 'minPodsPerReplicaSet');
  const replicas = numberIn(specOf(rollout), 'replicas', 1);
  const sets = truth.owned(REPLICA_SET, name);
  const stable = sets.find((set) => hashOf(set) === status['stableRS']);
  // What was brought out first is stable at once, even when it never gets a pod: there is no good place to go back to then.
  if (wanted === 'aborted' && (stable === undefined || /:(bad|crash)/.test(imageIn(stable)))) return [];
  const failures: string[] = [];
  const expect = (holds: boolean, line: string): void => { if (!holds) failures.push(`${name} at the end (${wanted}): ${line}; phase ${plain(status['phase'])}, ${plain(status['message'])}`); };
  // A release that was over before the abort came is healthy, and an abort of it changes nothing.
  const over = status['currentPodHash'] === status['stableRS'];
  if (wanted === 'healthy' || over) expect(status['phase'] === 'Healthy' && over, 'it is not healthy');
  else expect(status['abort'] === true && status['phase'] === 'Degraded', 'it is not aborted');
  // Beside an aborted canary stable has its replicas, alone it has the least number of pods, too.
  expect([replicas, Math.max(least, replicas)].includes(availableOf(stable)), `stable has ${availableOf(stable)} of ${replicas} pods`);
  const wrong = truth.shares(plan).filter(({ weight, hash }) => weight > 0 && hash !== status['stableRS']);
  if (plan.route !== undefined || plan.blueGreen) expect(wrong.length === 0, wrong.map(({ host, weight, service, hash }) => `${host} gives ${weight} to ${service} (${hash})`).join(', '));
  for (const text of routeTexts(truth.list, plan)) expect(![headerRoute(name), mirrorRoute(name)].some((route) => text.includes(`"name":"${route}"`) || text.includes(`actions.${route}`)), `a managed route is left: ${text.slice(0, 300)}`);
  for (const [type, owned] of [[ANALYSIS_RUN, truth.owned(ANALYSIS_RUN, name)], [EXPERIMENT, truth.owned(EXPERIMENT, name)]] as const) {
    for (const one of owned) expect(ENDED.includes(plain(statusOf(one)['phase'])), `${type.kind} ${one.metadata.name} is still ${plain(statusOf(one)['phase'])}`);
  }
  for (const experiment of truth.owned(EXPERIMENT, name)) failures.push(...leftPods(truth.owned(REPLICA_SET, experiment.metadata.name)));
  // Without a delay after an abort the pods of a preview stay, and those that a setCanaryScale step has fixed (engine.md 3.8 and 15.2).
  const strategy = record(record(specOf(rollout)['strategy'])[plan.blueGreen ? 'blueGreen' : 'canary']);
  const stays = status['abort'] === true && strategy['abortScaleDownDelaySeconds'] === 0 && (plan.blueGreen || list(strategy['steps']).some((step) => record(step)['setCanaryScale'] !== undefined));
  const others = sets.filter((set) => set !== stable && sizeOf(set) > 0 && !(stays && hashOf(set) === status['currentPodHash']));
  expect(others.length === 0, `${others.map(({ metadata }) => metadata.name).join(', ')} still run`);
  return failures;
}

const leftPods = (sets: readonly KubeObject[]): readonly string[] => sets.filter((set) => sizeOf(set) > 0).map(({ metadata }) => `pods of ${metadata.name} still run`);

/** Those that no rollout has begun. */
export function checkLoneExperiments({ invariants: { truth } }: World): readonly string[] {
  return truth.list(EXPERIMENT).filter((one) => one.metadata.ownerReferences === undefined && !isEndless(one)).flatMap((one) => {
    const { phase }: Fields = statusOf(one);
    const { name } = one.metadata;
    return ENDED.includes(plain(phase)) ? leftPods(truth.owned(REPLICA_SET, name)) : [`experiment ${name} is still ${plain(phase)}`];
  });
}
