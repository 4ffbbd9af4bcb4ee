// The embedded cluster, whole: store, in-process door, sandbox with its metric sources, engine, HTTPS door.
// It is ephemeral: all of it is gone when the process ends.

import { randomBytes } from 'node:crypto';
import { createInProcessCluster } from '../apiserver/in-process.js';
import type { Served } from '../apiserver/http/serve.js';
import { createStore, type StoreOptions } from '../apiserver/store/store.js';
import type { Cluster } from '../cluster/cluster.js';
import type { EngineEvent } from '../controllers/engine.js';
import { customResourceDefinitions } from '../kinds/custom-resources.js';
import { routeDefinitions } from '../kinds/route-definitions.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { NAMESPACE } from '../kinds/resource-type.js';
import type { Clock } from '../lib/clock.js';
import { err, ok, type Result } from '../lib/result.js';
import { createRng, type Rng } from '../lib/rng.js';
import type { BehaviourTable } from '../sandbox/behaviour.js';
import { startApps, type Apps, type AppHost } from '../sandbox/http/apps.js';
import { startMetricEnds, type MetricEnds } from '../sandbox/http/metrics.js';
import type { Pace } from '../sandbox/kubelet.js';
import { createApmStore } from '../sandbox/metrics/apm-store.js';
import { recordIstio } from '../sandbox/metrics/istio.js';
import { createSeriesStore } from '../sandbox/metrics/series-store.js';
import type { RequestBatch } from '../sandbox/request-batch.js';
import { startSandbox, type Sandbox } from '../sandbox/run.js';
import { attachEngine, type Attached } from './attach-engine.js';
import type { Addresses } from './demo/scenario.js';
import type { PluginSetting } from '../console/settings/rows.js';

export type SandboxParts = {
  readonly behaviours: BehaviourTable;
  /** Services whose app answers HTTP on loopback. */
  readonly hosts: readonly AppHost[];
  /** How fast pods start; absent: a second, and never all in the same instant. */
  readonly pace?: Partial<Pace>;
};

export type EmbeddedOptions = {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: no sandbox, pods stay Pending. */
  readonly sandbox: SandboxParts | undefined;
  readonly engine: boolean;
  readonly awsVerifyTargetGroup?: boolean;
  /** Modules for the engine. */
  readonly plugins?: readonly PluginSetting[];
  readonly log?: (message: string) => void;
  readonly onEngineEvent?: (event: EngineEvent) => void;
};

export type Embedded = {
  readonly cluster: Cluster;
  readonly lease: ObjectRef;
  /** Undefined without a sandbox. */
  readonly addresses: Addresses | undefined;
  leadingAs(): string | undefined;
  /** Opens the HTTPS door; loaded when asked for, because TLS and kubectl's documents cost more than the rest. */
  openDoor(options: DoorOptions): Promise<Result<{ readonly url: string }, string>>;
  stop(): Promise<void>;
};

export type DoorOptions = { readonly port?: number; readonly kubeconfigPath?: string };

/** The name of the context in the kubeconfig, on the screen and everywhere. */
export const EMBEDDED_CONTEXT = 'sluice';

/** `irate` looks at two scrapes: between them must be so many requests that one failed one does not make a bad release. */
const SCRAPE_MS = 5000;

type World = { readonly sandbox: Sandbox; readonly ends: MetricEnds; readonly apps: Apps; readonly addresses: Addresses; stop(): Promise<void> };

async function startWorld(cluster: Cluster, clock: Clock, rng: Rng, parts: SandboxParts): Promise<Result<World, string>> {
  const series = createSeriesStore();
  const apm = createApmStore();
  let scrapedAt = Number.NEGATIVE_INFINITY;
  const onBatches = (batches: readonly RequestBatch[]): void => {
    for (const batch of batches) {
      recordIstio(series, batch);
      apm.record(batch);
    }
    if (clock.now() - scrapedAt < SCRAPE_MS) return;
    scrapedAt = clock.now();
    series.scrape(scrapedAt);
  };
  const sandbox = startSandbox({ cluster, clock, rng, behaviours: parts.behaviours, pace: { inTurn: true, ...parts.pace }, onBatches });
  const apps = await startApps({ hosts: parts.hosts, clock, answer: sandbox.answer });
  if (!apps.ok) return apps;
  const ends = await startMetricEnds({
    prometheus: async (request) => (await import('../sandbox/metrics/prometheus.js')).answerPrometheus(series, request, clock.now()),
    skywalking: async (request) =>
      (await import('../sandbox/metrics/skywalking.js')).answerSkywalking(apm, request, clock.now(), -new Date(clock.now()).getTimezoneOffset()),
  });
  if (!ends.ok) return ends;
  const addresses: Addresses = {
    prometheus: ends.value.prometheus,
    skywalking: ends.value.skywalking,
    app: (namespace, name) => apps.value.urlOf({ namespace, name }) ?? '',
  };
  return ok({
    sandbox,
    ends: ends.value,
    apps: apps.value,
    addresses,
    async stop() {
      await sandbox.stop();
      await Promise.all([apps.value.stop(), ends.value.stop()]);
    },
  });
}

export async function startEmbedded(options: EmbeddedOptions): Promise<Result<Embedded, string>> {
  const { clock } = options;
  const rng = createRng(randomBytes(4).readUInt32LE());
  const putOff: NonNullable<StoreOptions['putOff']> = (delayMs, work) => void clock.after(delayMs, () => work(clock.now()));
  const store = createStore({ now: clock.now(), rng, definitions: [...customResourceDefinitions(), ...routeDefinitions()], putOff });
  let sandbox: Sandbox | undefined;
  const readLogs: Sandbox['readLogs'] = (pod, logs, signal) => (sandbox === undefined ? noLines() : sandbox.readLogs(pod, logs, signal));
  const cluster = createInProcessCluster({ store, clock, name: EMBEDDED_CONTEXT, readLogs });
  const world = options.sandbox === undefined ? undefined : await startWorld(cluster, clock, rng, options.sandbox);
  if (world?.ok === false) return err(world.error);
  sandbox = world?.value.sandbox;
  const attached: Attached = await attachEngine({
    cluster,
    clock,
    environment: options.environment,
    mode: 'embedded',
    drives: options.engine,
    awsVerifyTargetGroup: options.awsVerifyTargetGroup === true,
    ...(options.plugins === undefined ? {} : { plugins: options.plugins }),
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(options.onEngineEvent === undefined ? {} : { onEvent: options.onEngineEvent }),
  });
  // Another engine may want to lead here, and no other hand makes the place for its Lease.
  if (!options.engine)
    await cluster.create(
      { type: NAMESPACE, namespace: '', name: attached.lease.namespace },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: attached.lease.namespace } },
    );
  let opening: Promise<Served | undefined> = Promise.resolve(undefined);
  return ok({
    cluster,
    lease: attached.lease,
    addresses: world?.value.addresses,
    leadingAs: attached.leadingAs,
    async openDoor(door) {
      const served = import('../apiserver/http/serve.js').then(({ serve }) => serve({ store, clock, readLogs, ...door }));
      opening = served.then(
        (result) => (result.ok ? result.value : undefined),
        () => undefined,
      );
      const result = await served;
      return result.ok ? ok({ url: result.value.door.url }) : result;
    },
    async stop() {
      // Whoever leaves at once leaves while the door is still being opened: it must not stay open for ever.
      await (await opening)?.stop();
      await attached.stop();
      await world?.value.stop();
    },
  });
}

async function* noLines(): AsyncGenerator<string> {
  // Without a sandbox no container runs, so none has written anything.
}
