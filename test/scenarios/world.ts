// The embedded server, the sandbox and the engine in one process on a virtual clock: what a demo runs, without its sockets.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { startEngine } from '../../src/controllers/engine.js';
import type { Engine } from '../../src/controllers/engine.js';
import { createExperimentReconciler } from '../../src/controllers/experiment.js';
import { createDestinationRuleReleaseReconciler, createServiceReleaseReconciler } from '../../src/controllers/release.js';
import { createRolloutReconciler } from '../../src/controllers/rollout.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { VirtualClock } from '../../src/lib/clock.js';
import type { HttpSend } from '../../src/lib/http.js';
import type { Instant } from '../../src/lib/instant.js';
import { createRng } from '../../src/lib/rng.js';
import { startSandbox } from '../../src/sandbox/run.js';
import { routeDefinitions } from '../support/route-definitions.js';

export type PlayWorld = {
  readonly clock: VirtualClock;
  /** As an operator sees it. */
  readonly cluster: Cluster;
  readonly engine: Engine;
  readonly log: readonly string[];
  stop(): Promise<void>;
};

/** Longer than all start-ups together; the engine leads by then. */
const READY_MS = 1000;

export async function startWorld(options: { readonly start: Instant; readonly seed: number; readonly http: HttpSend }): Promise<PlayWorld> {
  const clock = new VirtualClock(options.start);
  const rng = createRng(options.seed);
  const store = createStore({ now: clock.now(), rng: createRng(rng.int(2 ** 31)), definitions: [...customResourceDefinitions(), ...routeDefinitions()] });
  const cluster = createInProcessCluster({ store, clock, name: 'play' });
  const sandbox = startSandbox({ cluster, clock, rng: createRng(rng.int(2 ** 31)), pace: { inTurn: true } });
  const log: string[] = [];
  const engine = startEngine({
    cluster,
    reconcilers: [createRolloutReconciler(), createServiceReleaseReconciler(), createDestinationRuleReleaseReconciler(), createExperimentReconciler(), createAnalysisRunReconciler({ http: options.http, environment: {}, utcOffsetMinutes: () => 0 })],
    clock,
    rng: createRng(rng.int(2 ** 31)),
    log: (message) => log.push(`${((clock.now() - options.start) / 1000).toFixed(2)} ${message}`),
    hostname: 'play',
    environment: {},
    mode: 'embedded',
  });
  await clock.runUntil(options.start + READY_MS);
  return {
    clock,
    cluster,
    engine,
    log,
    async stop() {
      await engine.stop();
      await sandbox.stop();
    },
  };
}
