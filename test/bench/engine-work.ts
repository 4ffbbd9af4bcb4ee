// What the engine asks of the API server: for a hundred releases, for rollouts at rest, and for changes that mean nothing.
// In process, on the virtual clock, with the pretend kubelet: counts do not depend on the machine, processor time does.

import { createInProcessCluster, type FaultRequest } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { type Engine, startEngine } from '../../src/controllers/engine.js';
import { createRolloutReconciler } from '../../src/controllers/rollout.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { LEASE, NAMESPACE, type ResourceType, ROLLOUT } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { isRecord } from '../../src/lib/deep.js';
import { createRng } from '../../src/lib/rng.js';
import { startSandbox } from '../../src/sandbox/run.js';

export type Count = { readonly requests: number; readonly reads: number; readonly writes: number; readonly watchEvents: number; readonly passes: number; readonly cpuMs: number; readonly virtualMs: number };

export type EngineFigures = { readonly rollouts: number; readonly create: Count; readonly update: Count; readonly rest: Count; readonly idlePasses: Count };

const START = Date.parse('2026-11-21T10:00:00Z');
const SPACE = 'default';
const STEP_MS = 500;
const LONGEST_MS = 15 * 60_000;
const REST_MS = 10 * 60_000;

const READS = new Set(['get', 'list']);

type Meter = { note(request: FaultRequest): void; readonly seen: { requests: number; reads: number; writes: number; watchEvents: number } };

/** `isServed` tells the kinds that the server has; asking now and then whether it has others by now is part of watching them. */
function createMeter(isServed: (type: ResourceType) => boolean): Meter {
  const seen = { requests: 0, reads: 0, writes: 0, watchEvents: 0 };
  return {
    seen,
    note({ verb, type }) {
      if (type.kind === LEASE.kind || type.kind === NAMESPACE.kind || verb === 'watch' || !isServed(type)) return;
      if (verb === 'watch-event') {
        seen.watchEvents += 1;
        return;
      }
      seen.requests += 1;
      if (READS.has(verb)) seen.reads += 1;
      else seen.writes += 1;
    },
  };
}

const rolloutNamed = (name: string, replicas: number): object => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name, namespace: SPACE },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: `bench.test/${name}:1` }] } },
    strategy: { canary: { steps: [{ setWeight: 20 }, { pause: { duration: '1s' } }, { setWeight: 50 }, { pause: { duration: '1s' } }] } },
  },
});

async function allHealthy(cluster: Cluster, image: string): Promise<boolean> {
  const list = await cluster.list(ROLLOUT, { namespace: SPACE });
  if (!list.ok) return false;
  return list.value.items.every(({ metadata, status, spec }) => {
    const template = isRecord(spec) ? JSON.stringify(spec['template']) : '';
    return isRecord(status) && status['phase'] === 'Healthy' && status['observedGeneration'] === String(metadata.generation) && template.includes(image);
  });
}

/** Measures a hundred rollouts through their lives. */
export async function measureEngine(rollouts = 100): Promise<EngineFigures> {
  const clock = new VirtualClock(START);
  const store = createStore({ now: START, rng: createRng(1), definitions: customResourceDefinitions() });
  const world = createInProcessCluster({ store, clock, name: 'bench' });
  const served = new Set(store.types().map(({ group, plural }) => `${plural}.${group}`));
  const meter = createMeter(({ group, plural }) => served.has(`${plural}.${group}`));
  const counted = createInProcessCluster({
    store, clock, name: 'bench',
    faults: (request) => {
      meter.note(request);
      return undefined;
    },
  });
  const sandbox = startSandbox({ cluster: world, clock, rng: createRng(2) });
  const engine: Engine = startEngine({
    cluster: counted,
    reconcilers: [createRolloutReconciler(), createAnalysisRunReconciler({ http: () => Promise.reject(new Error('no metric is asked here')), environment: {}, utcOffsetMinutes: () => 0 })],
    clock, rng: createRng(3), log: () => {}, hostname: 'bench', environment: {}, mode: 'embedded',
  });
  const passes = (): number => engine.stats().reduce((sum, each) => sum + each.passes, 0);
  const measure = async (work: () => Promise<void>): Promise<Count> => {
    const before = { ...meter.seen, passes: passes(), now: clock.now() };
    const cpu = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(cpu);
    return {
      requests: meter.seen.requests - before.requests, reads: meter.seen.reads - before.reads, writes: meter.seen.writes - before.writes,
      watchEvents: meter.seen.watchEvents - before.watchEvents, passes: passes() - before.passes, cpuMs: (user + system) / 1000, virtualMs: clock.now() - before.now,
    };
  };
  const untilHealthy = async (image: string): Promise<void> => {
    const end = clock.now() + LONGEST_MS;
    while (!(await allHealthy(world, image))) {
      if (clock.now() > end) throw new Error('the rollouts of the measurement have not become healthy');
      await clock.runUntil(clock.now() + STEP_MS);
    }
  };
  const each = async (work: (name: string, place: number) => Promise<{ readonly ok: boolean }>): Promise<void> => {
    for (let place = 0; place < rollouts; place += 1) {
      const name = `bench-${place}`;
      if (!(await work(name, place)).ok) throw new Error(`${name} was refused`);
    }
  };
  await clock.runUntil(clock.now() + 2000);
  const create = await measure(async () => {
    await each((name, place) => world.create({ type: ROLLOUT, namespace: SPACE, name }, rolloutNamed(name, 1 + (place % 3)) as never));
    await untilHealthy(':1');
  });
  const update = await measure(async () => {
    await each((name) => world.patch({ type: ROLLOUT, namespace: SPACE, name }, 'json', [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: `bench.test/${name}:2` }]));
    await untilHealthy(':2');
  });
  // Old ReplicaSets are still being scaled down for a while.
  await clock.runUntil(clock.now() + REST_MS);
  const rest = await measure(() => clock.runUntil(clock.now() + REST_MS));
  const idlePasses = await measure(async () => {
    await each((name) => world.patch({ type: ROLLOUT, namespace: SPACE, name }, 'merge', { metadata: { labels: { 'bench.test/touched': 'yes' } } }));
    await clock.runUntil(clock.now() + 10_000);
  });
  await engine.stop();
  await sandbox.stop();
  return { rollouts, create, update, rest, idlePasses };
}
