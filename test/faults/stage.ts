// A whole embedded world on a virtual clock in which things can be made to go wrong: the server's answers, the metric source,
// objects that people delete, engines that end and are followed by others.

import { readYamlValue as readYaml } from '../../src/app/yaml-text.js';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import type { Fault, FaultRequest } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import type { ApiStore, StoreEvent } from '../../src/apiserver/store/api.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { startEngine } from '../../src/controllers/engine.js';
import type { Engine } from '../../src/controllers/engine.js';
import { createExperimentReconciler } from '../../src/controllers/experiment.js';
import { startNotifications, type StartNotifications } from '../../src/controllers/notifications/notifications.js';
import type { Plugins } from '../../src/controllers/plugins.js';
import { createDestinationRuleReleaseReconciler, createIngressReleaseReconciler, createServiceReleaseReconciler } from '../../src/controllers/release.js';
import { createRolloutReconciler } from '../../src/controllers/rollout.js';
import type { RolloutReconcilerOptions } from '../../src/controllers/rollout.js';
import type { LoadBalancers } from '../../src/controllers/verify.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import * as TYPES from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import type { HttpSend } from '../../src/lib/http.js';
import { ok } from '../../src/lib/result.js';
import { createRng } from '../../src/lib/rng.js';
import { createNotifier } from '../../src/notifiers/notifier.js';
import { startSandbox } from '../../src/sandbox/run.js';
import { runCommand } from '../scenarios/operate.js';
import { list, plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';

export const START = Date.parse('2026-11-21T10:00:00Z');
export const NAMESPACE = 'shop';

const BY_KIND = new Map(Object.values(TYPES).filter((value): value is ResourceType => typeof value === 'object' && 'kind' in value).map((type) => [type.kind, type]));

export type FaultHook = (request: FaultRequest) => Fault;

export type Stage = {
  readonly clock: VirtualClock;
  readonly store: ApiStore;
  /** As people see it: no fault ever comes between. */
  readonly cluster: Cluster;
  /** What the engine's requests meet, from now on. */
  faults: FaultHook;
  /** What the metric source answers, from now on. */
  metrics: HttpSend;
  engine: Engine | undefined;
  readonly log: string[];
  /** The weight of the canary at each change of the VirtualService `cart`. */
  readonly weights: number[];
  readonly podsDeleted: string[];
  startEngine(): void;
  stopEngine(): Promise<void>;
  /** Its process is gone: nothing of it reaches the server any more, and the Lease is not given back. */
  killEngine(): void;
  create(...objects: readonly KubeObject[]): Promise<void>;
  get(type: ResourceType, name: string): Promise<KubeObject | undefined>;
  list(type: ResourceType): Promise<readonly KubeObject[]>;
  patch(type: ResourceType, name: string, body: unknown, subresource?: string): Promise<void>;
  remove(type: ResourceType, name: string): Promise<void>;
  /** The verb of the command line, without "argo rollouts". */
  person(words: string): Promise<void>;
  run(seconds: number): Promise<void>;
  /** Fails with the rollout's state when that does not come about in time. */
  until(what: string, holds: () => Promise<boolean>, seconds?: number): Promise<void>;
  status(): Promise<Fields>;
  /** As the engine says it of the present spec. */
  untilPhase(phase: string, seconds?: number): Promise<void>;
  untilStep(index: number, seconds?: number): Promise<void>;
  weight(): Promise<number | undefined>;
  events(reason: string): Promise<readonly string[]>;
  stop(): Promise<void>;
};

const FINE: HttpSend = async () => ok({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"value": 0.99}' });

export const specOf = (object: KubeObject | undefined): Fields => record(object?.['spec']);
export const statusOf = (object: KubeObject | undefined): Fields => record(object?.['status']);
export const destinationsOf = (object: KubeObject | undefined): readonly Fields[] => list(record(list(specOf(object)['http'])[0])['route']).map(record);
export const conditionOf = (object: KubeObject | undefined, type: string): Fields => record(list(statusOf(object)['conditions']).map(record).find((each) => each['type'] === type));

function weightOf(object: KubeObject | undefined): number | undefined {
  const canary = destinationsOf(object).find((each) => /canary/.test(plain(record(each['destination'])['host']) + plain(record(each['destination'])['subset'])));
  return canary === undefined ? undefined : Number(canary['weight'] ?? 0);
}

type World = Pick<Stage, 'clock' | 'store' | 'cluster' | 'log'>;

function engineOf(world: World, ask: FaultHook, http: HttpSend, seed: number, parts: RolloutReconcilerOptions, notifies: boolean): Engine {
  const { clock, store, log } = world;
  const instance = parts.instanceId === undefined ? {} : { instanceId: parts.instanceId };
  return startEngine({
    cluster: createInProcessCluster({ store, clock, name: 'faults', faults: ask }),
    reconcilers: [
      createRolloutReconciler(parts), createAnalysisRunReconciler({ http, environment: {}, utcOffsetMinutes: () => 0, ...(parts.plugins === undefined ? {} : { plugins: parts.plugins }), ...instance }),
      createServiceReleaseReconciler(), createDestinationRuleReleaseReconciler(), createIngressReleaseReconciler(), createExperimentReconciler(instance),
    ],
    clock,
    rng: createRng(seed),
    log: (message) => log.push(`${((clock.now() - START) / 1000).toFixed(2)} ${message}`),
    hostname: `engine${seed}`,
    environment: {},
    mode: 'embedded',
    ...(notifies ? { notifications: (namespace: string): StartNotifications => (term) => startNotifications({ namespace, instanceId: parts.instanceId ?? '', make: (data, secrets) => Promise.resolve(createNotifier(data, secrets, readYaml)), io: { http, clock, readYaml } }, term) } : {}),
  });
}

type StageOptions = { readonly engine?: boolean; readonly balancers?: LoadBalancers; readonly instanceId?: string; readonly plugins?: (clock: VirtualClock) => Promise<Plugins>; /** Its messages go where metrics are asked for. */ readonly notifies?: boolean };

/** An engine runs from the start, unless it is said otherwise. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const clock = new VirtualClock(START);
  const plugins = await options.plugins?.(clock);
  const parts: RolloutReconcilerOptions = { ...(plugins === undefined ? {} : { plugins }), ...(options.balancers === undefined ? {} : { balancers: options.balancers }), ...(options.instanceId === undefined ? {} : { instanceId: options.instanceId }) };
  const store = createStore({ now: START, rng: createRng(2), definitions: customResourceDefinitions() });
  const cluster = createInProcessCluster({ store, clock, name: 'faults' });
  const sandbox = startSandbox({ cluster, clock, rng: createRng(3), pace: { jitter: 0.01 } });
  let engines = 0;
  let mute: { dead: boolean } | undefined;
  const record_ = watchWorld(store);
  const stage: Stage = {
    clock, store, cluster, faults: () => undefined, metrics: FINE, engine: undefined, log: [], ...record_,
    startEngine() {
      const life = { dead: false };
      mute = life;
      engines += 1;
      stage.engine = engineOf(stage, (request) => (life.dead ? 'drop' : stage.faults(request)), (request, signal) => stage.metrics(request, signal), engines, parts, options.notifies === true);
    },
    async stopEngine() {
      const ended = stage.engine?.stop();
      stage.engine = undefined;
      await clock.runUntil(clock.now() + 100);
      await ended;
    },
    killEngine() {
      if (mute !== undefined) mute.dead = true;
      void stage.engine?.stop();
      stage.engine = undefined;
    },
    ...hands({ clock, cluster }),
    async stop() {
      record_.close();
      const ended = Promise.all([stage.engine?.stop() ?? Promise.resolve(), sandbox.stop()]);
      await clock.runUntil(clock.now() + 10_000);
      await ended;
    },
  };
  await stage.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  if (options.engine !== false) stage.startEngine();
  await stage.run(1);
  return stage;
}

/** What is remembered of all that happened, at the moment at which it did. */
function watchWorld(store: ApiStore): Pick<Stage, 'weights' | 'podsDeleted'> & { close(): void } {
  const weights: number[] = [];
  const podsDeleted: string[] = [];
  const follow = (type: ResourceType, take: (event: StoreEvent & { object: KubeObject }) => void): () => void => {
    const handle = store.watch({ type, options: {} }, (event) => { if (event.type !== 'BOOKMARK' && event.type !== 'ERROR') take(event); });
    return handle.ok ? () => handle.value.close() : () => undefined;
  };
  const closes = [
    follow(TYPES.VIRTUAL_SERVICE, ({ object }) => {
      const weight = weightOf(object);
      if (object.metadata.name === 'cart' && weight !== undefined && weight !== weights.at(-1)) weights.push(weight);
    }),
    follow(TYPES.POD, ({ type, object }) => { if (type === 'DELETED') podsDeleted.push(object.metadata.name); }),
  ];
  return { weights, podsDeleted, close: () => { for (const close of closes) close(); } };
}

type Hands = Omit<Stage, 'store' | 'clock' | 'cluster' | 'faults' | 'metrics' | 'engine' | 'log' | 'weights' | 'podsDeleted' | 'startEngine' | 'stopEngine' | 'killEngine' | 'stop'>;

function hands({ clock, cluster }: Pick<Stage, 'clock' | 'cluster'>): Hands {
  const refTo = (type: ResourceType, name: string): { type: ResourceType; namespace: string; name: string } => ({ type, namespace: type.namespaced ? NAMESPACE : '', name });
  const get = async (type: ResourceType, name: string): Promise<KubeObject | undefined> => {
    const found = await cluster.get(refTo(type, name));
    return found.ok ? found.value : undefined;
  };
  const done = (what: string, answer: Awaited<ReturnType<Cluster['patch']>>): void => { if (!answer.ok) throw new Error(`${what}: ${answer.error.message}`); };
  const status = async (): Promise<Fields> => statusOf(await get(TYPES.ROLLOUT, 'cart'));
  const until = async (what: string, holds: () => Promise<boolean>, seconds = 120): Promise<void> => {
    for (const end = clock.now() + seconds * 1000; !(await holds()); await clock.runUntil(clock.now() + 200)) {
      if (clock.now() > end) throw new Error(`${what} did not come within ${seconds} s: ${JSON.stringify(await status())}`);
    }
  };
  return {
    get,
    status,
    until,
    async create(...objects) {
      for (const object of objects) {
        const type = BY_KIND.get(object.kind);
        if (type === undefined) throw new Error(`no type ${object.kind}`);
        done(`${object.kind} ${object.metadata.name}`, await cluster.create({ ...refTo(type, object.metadata.name), namespace: type.namespaced ? (object.metadata.namespace ?? NAMESPACE) : '' }, object));
      }
    },
    async list(type) {
      const found = await cluster.list(type, { namespace: NAMESPACE });
      return found.ok ? found.value.items : [];
    },
    async patch(type, name, body, subresource) { done(`patch of ${name}`, await cluster.patch(refTo(type, name), 'merge', body, subresource === undefined ? {} : { subresource })); },
    async remove(type, name) { done(`deletion of ${name}`, await cluster.delete(refTo(type, name))); },
    async person(words) {
      const refused = await runCommand(cluster, NAMESPACE, `argo rollouts ${words}`, clock.now());
      if (refused !== undefined) throw new Error(`${words}: ${refused}`);
    },
    run: (seconds) => clock.runUntil(clock.now() + seconds * 1000),
    untilPhase: (phase, seconds) => until(`phase ${phase}`, async () => {
      const found = await get(TYPES.ROLLOUT, 'cart');
      return statusOf(found)['phase'] === phase && statusOf(found)['observedGeneration'] === String(found?.metadata.generation);
    }, seconds),
    untilStep: (index, seconds) => until(`step ${index}`, async () => (await status())['currentStepIndex'] === index, seconds),
    weight: async () => weightOf(await get(TYPES.VIRTUAL_SERVICE, 'cart')),
    async events(reason) {
      const found = await cluster.list(TYPES.EVENT, { namespace: NAMESPACE });
      return (found.ok ? found.value.items : []).filter((event) => event['reason'] === reason).map((event) => plain(event['message']));
    },
  };
}
