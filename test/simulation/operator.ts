// People and other programs at work by chance: those who drive rollouts, and those who take pods, routes and Services away.

import type { Cluster } from '../../src/cluster/cluster.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { ANALYSIS_RUN, DEPLOYMENT, EXPERIMENT, POD, REPLICA_SET, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';
import type { VirtualClock } from '../../src/lib/clock.js';
import type { Rng } from '../../src/lib/rng.js';
import { runCommand } from '../scenarios/operate.js';
import { record } from '../scenarios/reduce.js';
import type { FaultSource } from './faults.js';
import type { Fleet } from './fleet.js';
import type { Invariants } from './invariants.js';
import { imageOf, NAMESPACE, once, oneOf } from './manifests.js';
import { loneExperiment } from './plans.js';
import type { Plan } from './plans.js';
import { stepsOf } from './steps.js';
import { belongsTo, HASH, ROUTING, specOf, statusOf } from './truth.js';
import { NOTICE_MS, PASS_MS } from './view.js';

export type World = {
  readonly clock: VirtualClock;
  readonly rng: Rng;
  readonly cluster: Cluster;
  readonly plans: readonly Plan[];
  readonly fleet: Fleet;
  readonly faults: FaultSource;
  readonly invariants: Invariants;
  /** Until then no new pod is let in. */
  fullUntil: number;
  say(line: string): void;
};

const LONGEST_FULL_MS = 90_000;
const LONGEST_CUT_OFF_MS = 60_000;
const LONGEST_GONE_MS = 60_000;
const MOST_WRITES_BEFORE_DEATH = 12;

/** The operator's hands; what is refused is refused, as for any operator. */
export async function operate({ cluster, clock, say }: World, line: string): Promise<void> {
  say(`person  ${line}`);
  const refused = await runCommand(cluster, NAMESPACE, line, clock.now());
  if (refused !== undefined) say(`person  refused: ${refused}`);
}

async function promote(world: World, { name }: Plan, full: boolean): Promise<void> {
  const memory = world.invariants.memory(name);
  memory.promotedAt = world.clock.now();
  await operate(world, `argo rollouts promote ${name}${full ? ' --full' : ''}`);
}

export const setImage = (world: World, { name }: Plan, image: string): Promise<void> => operate(world, `argo rollouts set image ${name} main=${image}`);

async function scale(world: World, { name }: Plan): Promise<void> {
  await operate(world, `scale rollout/${name} --replicas=${once(world.rng, 10) ? 0 : 1 + world.rng.int(6)}`);
}

async function undo(world: World, { name, workload }: Plan): Promise<void> {
  await (workload ? setImage(world, { name } as Plan, `sim.test/${name}:good0`) : operate(world, `argo rollouts undo ${name}`));
}

async function editSteps({ cluster, rng, invariants, say }: World, { name, route, blueGreen }: Plan): Promise<void> {
  const present = record(record(specOf(invariants.truth.get(ROLLOUT, name))['strategy'])['canary'])['steps'];
  if (blueGreen || present === undefined) return;
  say(`person  new steps for ${name}`);
  await cluster.patch({ type: ROLLOUT, namespace: NAMESPACE, name }, 'merge', { spec: { strategy: { canary: { steps: stepsOf(rng, route) } } } });
}

async function losePods({ cluster, rng, invariants, faults, say }: World, { name }: Plan): Promise<void> {
  const mode = rng.int(3);
  for (const pod of invariants.truth.list(POD)) {
    if (pod.metadata.labels?.['app'] !== name || !once(rng, mode === 0 ? 1 : 3)) continue;
    faults.count('pod lost');
    say(`person  ${mode === 1 ? 'evicts' : 'deletes'} pod ${pod.metadata.name}`);
    const ref = { type: POD, namespace: NAMESPACE, name: pod.metadata.name };
    if (mode === 1) await cluster.create(ref, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: ref.name, namespace: NAMESPACE } }, { subresource: 'eviction' });
    else await cluster.delete(ref);
  }
}

function fillNodes(world: World): void {
  world.faults.count('nodes full');
  world.fullUntil = world.clock.now() + world.rng.int(LONGEST_FULL_MS);
  world.say('person  the nodes are full');
}

const routesOf = ({ invariants, plans }: World, plan: Plan): readonly (readonly [ResourceType, KubeObject])[] =>
  ROUTE_TYPES.flatMap((type) => invariants.truth.list(type).map((object) => [type, object] as const)).filter(([, { metadata }]) => belongsTo(plans, metadata.name) === plan);

/** Numbers that mean a share, wherever they stand. */
function shaken(rng: Rng, value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => shaken(rng, item));
  if (field === 'weight' && once(rng, 2)) return typeof value === 'string' ? String(rng.int(101)) : rng.int(101);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shaken(rng, item, key)]));
}

/** From now on what its routes and Services say may be somebody's. */
function noteVandal({ invariants, clock }: World, plan: Plan): void {
  const memory = invariants.memory(plan.name);
  memory.vandalAt = clock.now();
  for (const host of plan.route?.hosts ?? []) memory.edited.add(host);
}

/** Somebody edits a routing object, or takes one away and puts it back later as it once was. */
async function vandalise(world: World, plan: Plan): Promise<void> {
  const { rng, cluster, clock, faults, say } = world;
  const [type, object] = (() => {
    const found = routesOf(world, plan);
    return found.length === 0 ? [undefined, undefined] : oneOf(rng, found);
  })();
  if (type === undefined || object === undefined) return;
  noteVandal(world, plan);
  faults.count('route edited');
  const ref = { type, namespace: NAMESPACE, name: object.metadata.name };
  const chance = rng.int(4);
  if (chance === 0) {
    say(`person  deletes ${type.kind} ${ref.name}`);
    await cluster.delete(ref);
    const original = plan.objects.find((each) => each.kind === type.kind && each.metadata.name === ref.name);
    if (original !== undefined) clock.after(rng.int(LONGEST_GONE_MS), () => void cluster.create(ref, original).then(() => { noteVandal(world, plan); }));
    return;
  }
  say(`person  edits ${type.kind} ${ref.name}`);
  if (chance === 1) await cluster.patch(ref, 'merge', { metadata: { annotations: { 'their.example/note': String(rng.int(100)) }, labels: { theirs: 'yes' } } });
  else await cluster.update(ref, { ...object, spec: shaken(rng, object['spec']) });
}

/** A Service loses its selector's version, or goes and comes back. */
async function vandaliseService(world: World, plan: Plan): Promise<void> {
  const { rng, cluster, clock, faults, say } = world;
  const services = plan.objects.filter(({ kind }) => kind === 'Service');
  if (services.length === 0) return;
  const service = oneOf(rng, services);
  noteVandal(world, plan);
  faults.count('service edited');
  const ref = { type: SERVICE, namespace: NAMESPACE, name: service.metadata.name };
  say(`person  ${ref.name} is edited or gone`);
  if (once(rng, 2)) await cluster.patch(ref, 'merge', { spec: { selector: { [HASH]: null } } });
  else {
    await cluster.delete(ref);
    clock.after(rng.int(LONGEST_GONE_MS), () => void cluster.create(ref, service).then(() => { noteVandal(world, plan); }));
  }
}

async function restart({ fleet, faults, say, rng }: World): Promise<void> {
  const way = rng.int(4);
  faults.count('engine ended');
  if (way === 0) {
    say('fleet   stop');
    void fleet.stop();
  } else {
    const writes = way === 1 ? 0 : 1 + rng.int(MOST_WRITES_BEFORE_DEATH);
    say(`fleet   dies ${writes === 0 ? 'now' : `with write ${writes}`}`);
    fleet.kill(writes);
    if (writes > 0 && once(rng, 2)) fleet.start();
  }
  if (fleet.members().length === 0) fleet.start();
  await Promise.resolve();
}

function disturbEngine({ fleet, faults, say, rng, clock }: World): void {
  const members = fleet.members();
  if (members.length === 0) return;
  const member = oneOf(rng, members);
  const way = rng.int(4);
  if (way === 0 && members.length < 2) fleet.start();
  if (way === 1) {
    faults.count('engine cut off');
    member.cutOffUntil = clock.now() + 5000 + rng.int(LONGEST_CUT_OFF_MS);
    if (members.length < 2) fleet.start();
  }
  if (way === 2) {
    faults.count('engine frozen');
    member.clock.freeze(2000 + rng.int(40_000));
    if (members.length < 2 && once(rng, 2)) fleet.start();
  }
  if (way === 3) {
    faults.count('clock jump');
    member.clock.jump((once(rng, 2) ? 1 : -1) * (500 + rng.int(90_000)));
  }
  say(`fleet   ${['may be two', 'is cut off', 'stands still', 'has another time'][way] ?? ''}: ${member.engine.identity}`);
}

async function terminateSomething({ cluster, rng, invariants, fleet, say }: World): Promise<void> {
  const running = [ANALYSIS_RUN, EXPERIMENT].flatMap((type) => invariants.truth.list(type).filter((one) => ['Running', 'Pending'].includes(String(statusOf(one)['phase']))).map((one) => [type, one] as const));
  if (running.length === 0) return;
  const [type, one] = oneOf(rng, running);
  say(`person  terminates ${one.metadata.name}`);
  // An engine that is cut off hears of it late, and a pass may have begun before (seed 3267).
  fleet.outrun(one.metadata.name, NOTICE_MS + PASS_MS);
  await cluster.patch({ type, namespace: NAMESPACE, name: one.metadata.name }, 'merge', { spec: { terminate: true } });
}

async function tryExperiment({ cluster, rng, say }: World, turn: number): Promise<void> {
  const name = `lab${turn}`;
  say(`person  experiment ${name}`);
  await cluster.create({ type: EXPERIMENT, namespace: NAMESPACE, name }, loneExperiment(rng, name));
}

type Act = (world: World, plan: Plan, turn: number) => Promise<void> | void;

/** How often, of all acts, each is done. */
const ACTS: readonly (readonly [times: number, act: Act])[] = [
  [14, (world, plan, turn) => setImage(world, plan, imageOf(world.rng, plan.name, turn))],
  [9, (world, plan) => promote(world, plan, false)],
  [3, (world, plan) => promote(world, plan, true)],
  [4, (world, { name }) => operate(world, `argo rollouts abort ${name}`)],
  [3, (world, plan) => {
    world.invariants.memory(plan.name).promotedAt = world.clock.now();
    return operate(world, `argo rollouts retry rollout ${plan.name}`);
  }],
  [2, (world, { name }) => operate(world, `argo rollouts pause ${name}`)],
  [2, (world, { name }) => operate(world, `argo rollouts restart ${name}`)],
  [4, scale],
  [3, undo],
  [2, editSteps],
  [4, losePods],
  [1, fillNodes],
  [4, vandalise],
  [2, vandaliseService],
  [6, restart],
  [5, disturbEngine],
  [2, terminateSomething],
  [1, (world, _plan, turn) => tryExperiment(world, turn)],
];

const ALL_TIMES = ACTS.reduce((sum, [times]) => sum + times, 0);

export async function act(world: World, turn: number): Promise<void> {
  const plan = oneOf(world.rng, world.plans);
  let left = world.rng.int(ALL_TIMES);
  for (const [times, doing] of ACTS) {
    if (left < times) {
      await doing(world, plan, turn);
      return;
    }
    left -= times;
  }
}

/** What has been edited or taken away is as at the beginning, but for what the engine has written into it since. */
export async function repair(world: World): Promise<void> {
  const { cluster, invariants, plans } = world;
  for (const plan of plans) {
    for (const original of plan.objects) {
      const type = [DEPLOYMENT, REPLICA_SET, ...ROUTING].find(({ kind, group, version }) => kind === original.kind && original.apiVersion === (group === '' ? version : `${group}/${version}`));
      if (type === undefined || invariants.truth.get(type, original.metadata.name) !== undefined) continue;
      noteVandal(world, plan);
      await cluster.create({ type, namespace: NAMESPACE, name: original.metadata.name }, original);
    }
  }
}
