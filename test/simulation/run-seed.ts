// One seeded life of the engine: rollouts by chance, an operator who acts by chance, faults, restarts; then calm, in which
// everything must come to its proper end. The same seed gives the same trace, to the byte.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import * as TYPES from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { fnv1a32 } from '../../src/lib/fnv.js';
import { createRng } from '../../src/lib/rng.js';
import type { Rng } from '../../src/lib/rng.js';
import { startSandbox } from '../../src/sandbox/run.js';
import { runCommand } from '../scenarios/operate.js';
import { list, plain, record } from '../scenarios/reduce.js';
import { createFaults, createMetrics } from './faults.js';
import { createFleet } from './fleet.js';
import type { Fleet } from './fleet.js';
import { watchInvariants } from './invariants.js';
import type { Invariants } from './invariants.js';
import { imageOf, NAMESPACE, plan, templates } from './manifests.js';
import type { Plan } from './manifests.js';

export type SeedResult = {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Of all that happened to every object, in order. */
  readonly digest: string;
  readonly events: number;
  readonly writes: number;
  readonly faults: number;
  readonly restarts: number;
  readonly lines: readonly string[];
};

const START = Date.parse('2026-11-21T10:00:00Z');
const STORM_MS = 12 * 60_000;
/** Longer than the longest plan with its pauses and retries. */
const CALM_MS = 15 * 60_000;
const REST_MS = 4 * 60_000;

type Sim = { readonly clock: VirtualClock; readonly rng: Rng; readonly cluster: Cluster; readonly plans: readonly Plan[]; readonly fleet: Fleet; readonly invariants: Invariants; say(line: string): void };

export async function runSeed(seed: number): Promise<SeedResult> {
  const rng = createRng(seed);
  const clock = new VirtualClock(START);
  const lines: string[] = [];
  const say = (line: string): void => { lines.push(`${((clock.now() - START) / 1000).toFixed(2).padStart(8)}  ${line}`); };
  const store = createStore({ now: START, rng: createRng(rng.int(2 ** 31)), definitions: customResourceDefinitions() });
  const cluster = createInProcessCluster({ store, clock, name: 'sim' });
  const plans = ['one', 'two'].map((name) => plan(rng, name));
  let calm = false;
  let digest = 0;
  let events = 0;
  const invariants = watchInvariants(store, plans, () => clock.now(), (event, kind) => {
    if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
    events += 1;
    digest = fnv1a32(Buffer.from(`${digest} ${event.type} ${event.json}`));
    tell(kind, event.object, say);
  }, say);
  const sandbox = startSandbox({ cluster, clock, rng: createRng(rng.int(2 ** 31)), pace: { jitter: 0.01 } });
  const faults = createFaults(createRng(rng.int(2 ** 31)), () => clock.now());
  const isSick = (): boolean => !calm && plans.some(({ name }) => plain(imageIn(invariants.object(TYPES.ROLLOUT, name))).includes(':sick'));
  const fleet = createFleet({ store, clock, rng, faults, http: createMetrics(createRng(rng.int(2 ** 31)), isSick, () => calm), say });
  const sim: Sim = { clock, rng, cluster, plans, fleet, invariants, say };

  await createAll(sim);
  fleet.start();
  await storm(sim);
  calm = true;
  faults.calm();
  const endings = await bringToEnd(sim);
  await clock.runUntil(clock.now() + CALM_MS);
  const violations = [...invariants.violations, ...fleet.violations, ...endings.flatMap((ending) => checkEnding(sim, ending)), ...(await checkRest(sim))];
  const result: SeedResult = { seed, violations, digest: digest.toString(16), events, writes: fleet.writes(), faults: faults.count(), restarts: fleet.restarts(), lines };
  invariants.stop();
  while (fleet.size() > 0) await fleet.stop();
  await sandbox.stop();
  return result;
}

const imageIn = (object: KubeObject | undefined): unknown => record(list(record(record(record(object?.['spec'])['template'])['spec'])['containers'])[0])['image'];

/** One aligned line for what matters of a change. */
function tell(kind: string, object: KubeObject, say: (line: string) => void): void {
  const status = record(object['status']);
  const spec = record(object['spec']);
  const { name } = object.metadata;
  if (kind === 'Rollout') say(`rollout ${name} [${plain(status['stableRS'])}] ${plain(status['phase'])} step ${plain(status['currentStepIndex'], '-')} ${status['abort'] === true ? 'ABORT ' : ''}${plain(status['message'])}`);
  if (kind === 'ReplicaSet') say(`set     ${name} ${plain(spec['replicas'])} wanted, ${plain(status['availableReplicas'], '0')} available`);
  if (kind === 'VirtualService') say(`route   ${name} ${list(record(list(spec['http'])[0])['route']).map((each) => plain(record(each)['weight'])).join('/')}`);
}

async function createAll(sim: Sim): Promise<void> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const types = new Map(Object.values(TYPES).filter((value): value is TYPES.ResourceType => typeof value === 'object' && 'kind' in value).map((type) => [type.kind, type]));
  for (const object of [namespace, ...templates(), ...sim.plans.flatMap(({ objects }) => objects)]) {
    const type = types.get(object.kind);
    const made = type === undefined ? undefined : await sim.cluster.create({ type, namespace: object.metadata.namespace ?? '', name: object.metadata.name }, object);
    if (made?.ok !== true) throw new Error(`${object.kind} ${object.metadata.name}: ${made === undefined ? 'no such type' : made.error.message}`);
  }
}

/** The operator's hands; what is refused is refused, as for any operator. */
async function operate(sim: Sim, line: string): Promise<void> {
  sim.say(`person  ${line}`);
  const refused = await runCommand(sim.cluster, NAMESPACE, line, sim.clock.now());
  if (refused !== undefined) sim.say(`person  refused: ${refused}`);
}

async function storm(sim: Sim): Promise<void> {
  const { clock, rng, plans } = sim;
  const end = clock.now() + STORM_MS;
  for (let turn = 1; clock.now() < end; turn += 1) {
    await clock.runUntil(clock.now() + 1000 + rng.int(25_000));
    const target = plans[rng.int(plans.length)] ?? plans[0];
    if (target !== undefined) await act(sim, target, turn);
  }
}

async function act(sim: Sim, { name }: Plan, turn: number): Promise<void> {
  const { rng, fleet, invariants } = sim;
  const chance = rng.int(20);
  if (chance < 7) await operate(sim, `argo rollouts set image ${name} main=${imageOf(rng, name, turn)}`);
  else if (chance < 10) await operate(sim, `argo rollouts promote ${name}`);
  else if (chance === 10) await operate(sim, `argo rollouts promote ${name} --full`);
  else if (chance === 11) await operate(sim, `argo rollouts abort ${name}`);
  else if (chance === 12) await operate(sim, `argo rollouts retry rollout ${name}`);
  else if (chance === 13) await operate(sim, `argo rollouts pause ${name}`);
  else if (chance === 14) await operate(sim, `scale rollout/${name} --replicas=${1 + rng.int(6)}`);
  else if (chance === 15) await operate(sim, `argo rollouts undo ${name}`);
  else if (chance === 16) await losePods(sim, name);
  else if (chance === 17 && fleet.size() < 2) fleet.start();
  else if (chance === 18) await restart(sim, true);
  else if (chance === 19) await restart(sim, false);
  if (chance === 14) invariants.disturbed(name);
}

async function restart({ fleet, say }: Sim, clean: boolean): Promise<void> {
  say(`fleet   ${clean ? 'stop' : 'kill'}`);
  if (clean) void fleet.stop();
  else fleet.kill();
  if (fleet.size() === 0) fleet.start();
  await Promise.resolve();
}

async function losePods({ cluster, rng, invariants, say }: Sim, name: string): Promise<void> {
  invariants.disturbed(name);
  const pods = await cluster.list(TYPES.POD, { namespace: NAMESPACE, labelSelector: `app=${name}` });
  if (!pods.ok) return;
  for (const pod of pods.value.items) {
    if (rng.int(3) > 0) continue;
    say(`person  delete pod ${pod.metadata.name}`);
    await cluster.delete({ type: TYPES.POD, namespace: NAMESPACE, name: pod.metadata.name });
  }
}

type Ending = { readonly plan: Plan; readonly wanted: 'healthy' | 'aborted' };

/** Each rollout gets a last wish: a good version to be promoted fully, or a good version that is aborted on its way. */
async function bringToEnd(sim: Sim): Promise<readonly Ending[]> {
  const { clock, rng, plans, fleet } = sim;
  if (fleet.size() === 0) fleet.start();
  await clock.runUntil(clock.now() + 90_000);
  const endings: Ending[] = [];
  for (const each of plans) {
    const aborted = rng.int(2) === 0;
    await operate(sim, `argo rollouts promote ${each.name}`);
    await operate(sim, `argo rollouts set image ${each.name} main=sim.test/${each.name}:good-last`);
    await clock.runUntil(clock.now() + 3000 + rng.int(12_000));
    await operate(sim, aborted ? `argo rollouts abort ${each.name}` : `argo rollouts promote ${each.name} --full`);
    endings.push({ plan: each, wanted: aborted ? 'aborted' : 'healthy' });
  }
  return endings;
}

function checkEnding({ invariants }: Sim, { plan: { name, routed }, wanted }: Ending): readonly string[] {
  const rollout = invariants.object(TYPES.ROLLOUT, name);
  const status = record(rollout?.['status']);
  const replicas = Number(record(rollout?.['spec'])['replicas']);
  const stable = invariants.setsOf(name).find((set) => set.metadata.labels?.['rollouts-pod-template-hash'] === status['stableRS']);
  // What was brought out first is stable at once, even when it never gets a pod: there is no good place to go back to then.
  if (wanted === 'aborted' && (stable === undefined || plain(imageIn(stable)).endsWith(':bad'))) return [];
  const failures: string[] = [];
  const expect = (holds: boolean, line: string): void => { if (!holds) failures.push(`${name} at the end (${wanted}): ${line}; phase ${plain(status['phase'])}, ${plain(status['message'])}`); };
  // A release that was over before the abort came is healthy, and an abort of it changes nothing.
  const over = status['currentPodHash'] === status['stableRS'];
  if (wanted === 'healthy' || over) expect(status['phase'] === 'Healthy' && over, 'it is not healthy');
  else expect(status['abort'] === true && status['phase'] === 'Degraded', 'it is not aborted');
  if (routed) expect(invariants.canaryWeight(name) === 0, `the canary still has ${invariants.canaryWeight(name) ?? '?'} %`);
  expect(Number(record(stable?.['status'])['availableReplicas'] ?? 0) === replicas, `stable has ${plain(record(stable?.['status'])['availableReplicas'], '0')} of ${replicas} pods`);
  for (const experiment of invariants.experimentsOf(name)) {
    const { phase } = record(experiment['status']);
    const { name: title } = experiment.metadata;
    expect(['Successful', 'Failed', 'Error', 'Inconclusive'].includes(plain(phase)), `experiment ${title} is still ${plain(phase)}`);
    expect(invariants.setsOf(title).every((set) => Number(record(set['spec'])['replicas']) === 0), `pods of experiment ${title} still run`);
  }
  const others = invariants.setsOf(name).filter((set) => set !== stable && Number(record(set['spec'])['replicas']) > 0);
  expect(others.length === 0, `${others.map(({ metadata }) => metadata.name).join(', ')} still run`);
  return failures;
}

/** Rollouts at rest cost nothing: no request but those of the lease, and of watches. */
async function checkRest({ clock, fleet, say }: Sim): Promise<readonly string[]> {
  const before = fleet.requests();
  say('rest');
  await clock.runUntil(clock.now() + REST_MS);
  return fleet.requests() === before ? [] : [`${fleet.requests() - before} requests in ${REST_MS / 1000} s at rest`];
}
