// One seeded life of the engine: rollouts by chance, people who act by chance, faults, restarts; then calm, in which everything
// must come to its proper end. The same seed gives the same trace, to the byte.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { refOf } from '../../src/kinds/object-ref.js';
import { apiVersionOf, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import * as TYPES from '../../src/kinds/resource-type.js';
import * as ROUTES from '../../src/kinds/route-types.js';
import { sleep, VirtualClock } from '../../src/lib/clock.js';
import { fnv1a32 } from '../../src/lib/fnv.js';
import { createRng } from '../../src/lib/rng.js';
import { startSandbox } from '../../src/sandbox/run.js';
import { plain, record } from '../scenarios/reduce.js';
import { checkDecision } from './decisions.js';
import { bringToEnd, checkEnding, checkLoneExperiments, checkPromises } from './endings.js';
import { createFaults, createMetrics } from './faults.js';
import { createFleet } from './fleet.js';
import type { Fleet } from './fleet.js';
import { watchInvariants } from './invariants.js';
import type { Invariants } from './invariants.js';
import { NAMESPACE, oneOf, routeDefinitions, templates } from './manifests.js';
import { act, repair } from './operator.js';
import type { World } from './operator.js';
import { plansOf } from './plans.js';
import type { Plan } from './plans.js';
import { forSandbox } from './sandbox-server.js';
import { belongsTo, hashOf, imageIn, ROUTING, sizeOf, statusOf } from './truth.js';
import type { Change } from './truth.js';

export type SeedResult = {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Of all that happened to every object, in order. */
  readonly digest: string;
  readonly changes: number;
  readonly writes: number;
  readonly faults: number;
  readonly tally: Readonly<Record<string, number>>;
  readonly engines: number;
  readonly minutes: number;
  readonly lines: readonly string[];
};

const START = Date.parse('2026-11-21T10:00:00Z');
const STORM_MS = 33 * 60_000;
/** Between two acts, at most. */
const LONGEST_TURN_MS = 90_000;
/** In one seed of seven somebody acts before most of what went before has come to rest. */
const BUSY_TURN_MS = 15_000;
const isBusy = (seed: number): boolean => seed % 7 === 5;
/** So that what has just been cut off, frozen or taken away is back. */
const AFTERMATH_MS = 4 * 60_000;
/** Longer than the longest plan with its pauses and retries. */
const CALM_MS = 19 * 60_000;
const REST_MS = 5 * 60_000;
/** Users ask nobody here: where they would go is read from the objects. */
const NO_TICK_MS = 1e9;

const BEHAVIOURS = { '*:slow*': { readyAfterMs: 20_000 }, '*:crash*': { crash: 'loop' as const } };

type Sim = World & { readonly longestTurnMs: number; readonly fleet: Fleet; readonly invariants: Invariants };

export async function runSeed(seed: number, tellWrites = false): Promise<SeedResult> {
  const rng = createRng(seed);
  const clock = new VirtualClock(START, 1);
  const lines: string[] = [];
  const say = (line: string): void => { lines.push(`${((clock.now() - START) / 1000).toFixed(2).padStart(8)}  ${line}`); };
  const chance = (): ReturnType<typeof createRng> => createRng(rng.int(2 ** 31));
  const store = createStore({ now: START, rng: chance(), definitions: [...customResourceDefinitions(), ...routeDefinitions()] });
  const cluster = createInProcessCluster({ store, clock, name: 'sim' });
  const plans = plansOf(rng);
  const faults = createFaults(chance(), () => clock.now());
  let digest = 0;
  let changes = 0;
  let fleet: Fleet | undefined;
  const onChange = (change: Change): void => {
    changes += 1;
    const { metadata } = change.object;
    digest = fnv1a32(Buffer.from(`${digest} ${change.event} ${change.type.kind} ${metadata.name} ${metadata.resourceVersion ?? ''} ${metadata.generation ?? ''}`));
    tell(change, plans, invariants, say);
  };
  const invariants: Invariants = watchInvariants({ store, plans, now: () => clock.now(), writer: () => fleet?.writer(), onChange, say });
  const isSick = (name: string): boolean => {
    if (faults.isCalm()) return false;
    const set = invariants.truth.list(REPLICA_SET).find((each) => hashOf(each) === name);
    return set === undefined ? plans.some((plan) => imageIn(invariants.truth.get(ROLLOUT, plan.name)).includes(':sick')) : imageIn(set).includes(':sick');
  };
  const http = createMetrics(chance(), isSick, faults, async (ms) => { await sleep(clock, ms); });
  fleet = createFleet({ store, clock, rng, faults, http, say, tellWrites });
  const world: Sim = { longestTurnMs: isBusy(seed) ? BUSY_TURN_MS : LONGEST_TURN_MS, clock, rng, cluster, plans, fleet, faults, invariants, fullUntil: 0, say };
  const sandbox = startSandbox({ cluster: forSandbox(cluster, () => clock.now() < world.fullUntil), clock, rng: chance(), behaviours: BEHAVIOURS, pace: { jitter: 0.01 }, tickMs: NO_TICK_MS });

  for (const plan of plans) say(`plan    ${plan.name}: ${plan.kind}${plan.route === undefined ? '' : ` through ${plan.route.router}`} ${JSON.stringify(record(plan.objects.at(-1)?.['spec'])['strategy'])}`);
  await createAll(world);
  fleet.start();
  await storm(world);
  const violations = await calm(world);
  const result: SeedResult = {
    seed, digest: digest.toString(16), changes, lines, violations: [...invariants.violations, ...fleet.violations, ...violations],
    writes: fleet.writes(), faults: faults.total(), tally: faults.tally(), engines: fleet.starts(), minutes: Math.round((clock.now() - START) / 60_000),
  };
  invariants.stop();
  while (fleet.members().length > 0) await fleet.stop();
  await sandbox.stop();
  return result;
}

/** One aligned line for what matters of a change. */
function tell({ type, object, event }: Change, plans: readonly Plan[], { truth }: Invariants, say: (line: string) => void): void {
  const status = statusOf(object);
  const { name } = object.metadata;
  if (event === 'DELETED' && type.kind !== 'Pod') say(`gone    ${type.kind} ${name}`);
  else if (type === ROLLOUT) say(`rollout ${name} [${plain(status['stableRS'])}] ${plain(status['phase'])} step ${plain(status['currentStepIndex'], '-')} of ${plain(status['currentPodHash'])} ${status['abort'] === true ? 'ABORT ' : ''}${plain(status['message'])}`);
  else if (type === REPLICA_SET) say(`set     ${name} ${sizeOf(object)} wanted, ${plain(status['availableReplicas'], '0')} available`);
  else if (ROUTING.includes(type)) {
    const plan = belongsTo(plans, name);
    const shares = plan === undefined ? [] : truth.shares(plan);
    say(`route   ${type.kind} ${name} ${shares.map(({ weight, hash }) => `${weight}>${hash}`).join(' ')}`);
  } else if (type.kind === 'AnalysisRun' || type.kind === 'Experiment') say(`run     ${name} ${plain(status['phase'])} ${plain(status['message'])}`);
}

async function createAll({ cluster, plans }: Sim): Promise<void> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const known = [...Object.values(TYPES), ...Object.values(ROUTES)].filter((value): value is TYPES.ResourceType => typeof value === 'object' && 'kind' in value);
  for (const object of [namespace, ...templates(), ...plans.flatMap(({ objects }) => objects)]) {
    const type = known.find((each) => each.kind === object.kind && apiVersionOf(each) === object.apiVersion);
    const made = type === undefined ? undefined : await cluster.create(refOf(type, object), object);
    if (made?.ok !== true) throw new Error(`${object.kind} ${object.metadata.name}: ${made === undefined ? 'no such type' : made.error.message}`);
  }
}

async function storm(world: Sim): Promise<void> {
  const { clock, rng, plans, fleet, invariants } = world;
  const end = clock.now() + STORM_MS;
  for (let turn = 1; clock.now() < end; turn += 1) {
    await clock.runUntil(clock.now() + 1000 + rng.int(world.longestTurnMs));
    for (const line of checkDecision(fleet.cache(), oneOf(rng, plans), clock.now())) invariants.violated(line);
    await act(world, turn);
  }
}

/** Returns what was wrong when all faults had ended. */
async function calm(world: Sim): Promise<readonly string[]> {
  const { clock, fleet, faults, say } = world;
  faults.calm();
  say('calm');
  for (const member of fleet.members()) member.writesLeft = 0;
  world.fullUntil = 0;
  if (fleet.members().length === 0) fleet.start();
  await clock.runUntil(clock.now() + AFTERMATH_MS / 2);
  await repair(world);
  await clock.runUntil(clock.now() + AFTERMATH_MS / 2);
  const promises = checkPromises(world);
  for (const line of promises) say(`VIOLATION ${line}`);
  const endings = await bringToEnd(world);
  await clock.runUntil(clock.now() + CALM_MS);
  return [...promises, ...endings.flatMap((ending) => checkEnding(world, ending)), ...checkLoneExperiments(world), ...(await checkRest(world))];
}

/** Rollouts at rest cost nothing: no request but those of the lease, and of watches. */
async function checkRest({ clock, fleet, say }: Sim): Promise<readonly string[]> {
  const before = fleet.requests();
  say('rest');
  await clock.runUntil(clock.now() + REST_MS);
  return fleet.requests() === before ? [] : [`${fleet.requests() - before} requests in ${REST_MS / 1000} s at rest`];
}
