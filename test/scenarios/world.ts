// The embedded server, the sandbox and the engine in one process on a virtual clock: what a demo runs, without its sockets.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { startEngine } from '../../src/controllers/engine.js';
import { createExperimentReconciler } from '../../src/controllers/experiment.js';
import { createDestinationRuleReleaseReconciler, createServiceReleaseReconciler } from '../../src/controllers/release.js';
import { createRolloutReconciler } from '../../src/controllers/rollout.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { NAMESPACE } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { startSandbox } from '../../src/sandbox/run.js';
import { routeDefinitions } from '../../src/kinds/route-definitions.js';
import type { PlayWorld } from './play-world.js';
import { asHttpSend, scriptedWeb } from './web.js';

const START = Date.parse('2026-11-21T10:00:00Z');
const SEED = 1;
const PLACE = 'zz-trace';
const WEB = 'web.zz-play:8080/x';
/** Longer than all start-ups together; the engine leads by then. */
const READY_MS = 1000;

export async function startWorld(): Promise<PlayWorld> {
  const clock = new VirtualClock(START);
  const rng = createRng(SEED);
  const web = scriptedWeb(WEB);
  const store = createStore({ now: clock.now(), rng: createRng(rng.int(2 ** 31)), definitions: [...customResourceDefinitions(), ...routeDefinitions()] });
  const cluster = createInProcessCluster({ store, clock, name: 'play' });
  const sandbox = startSandbox({ cluster, clock, rng: createRng(rng.int(2 ** 31)), pace: { inTurn: true } });
  const log: string[] = [];
  const engine = startEngine({
    cluster,
    reconcilers: [createRolloutReconciler(), createServiceReleaseReconciler(), createDestinationRuleReleaseReconciler(), createExperimentReconciler(), createAnalysisRunReconciler({ http: asHttpSend(web), environment: {}, utcOffsetMinutes: () => 0 })],
    clock,
    rng: createRng(rng.int(2 ** 31)),
    log: (message) => log.push(`${((clock.now() - START) / 1000).toFixed(2)} ${message}`),
    hostname: 'play',
    environment: {},
    mode: 'embedded',
  });
  await clock.runUntil(START + READY_MS);
  const made = await cluster.create({ type: NAMESPACE, namespace: '', name: PLACE }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: PLACE } });
  if (!made.ok) throw new Error(made.error.message);
  return {
    cluster,
    namespace: PLACE,
    web,
    now: () => clock.now(),
    runUntil: (until) => clock.runUntil(until),
    log: () => log,
    async stop() {
      await engine.stop();
      await sandbox.stop();
    },
  };
}
