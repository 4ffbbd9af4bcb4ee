// A real cluster in real time, with the built program as its engine: the same recordings as in process, one namespace for each.

import { createRemoteCluster, type RemoteCluster } from '../../src/cluster/remote.js';
import { NAMESPACE, SERVICE_ACCOUNT } from '../../src/kinds/resource-type.js';
import { sleep, systemClock } from '../../src/lib/clock.js';
import { Running, until } from '../support/sluice.js';
import type { PlayWorld } from './play-world.js';
import { serveWeb } from './serve-web.js';

export type RealCluster = {
  /** A namespace of its own for one recording. */
  openWorld(): Promise<PlayWorld>;
  close(): Promise<void>;
};

/** Where its Lease is. */
const ENGINE_NAMESPACE = 'argo-rollouts';

async function connect(kubeconfig: string): Promise<RemoteCluster> {
  const made = await createRemoteCluster({ kubeconfig: { file: kubeconfig, environment: {} } });
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

export async function openRealCluster(kubeconfig: string): Promise<RealCluster> {
  const cluster = await connect(kubeconfig);
  const home = await cluster.create({ type: NAMESPACE, namespace: '', name: ENGINE_NAMESPACE }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ENGINE_NAMESPACE } });
  cluster.close();
  if (!home.ok && home.error.reason !== 'AlreadyExists') throw new Error(home.error.message);
  const engine = new Running(['engine'], { KUBECONFIG: kubeconfig });
  await engine.says('leading as');
  return {
    openWorld: () => openWorld(kubeconfig, engine),
    async close() { await engine.end(); },
  };
}

async function openWorld(kubeconfig: string, engine: Running): Promise<PlayWorld> {
  // For each a connection of its own: a watch holds one, and there is a limit to how many one client opens.
  const cluster = await connect(kubeconfig);
  const made = await cluster.create({ type: NAMESPACE, namespace: '', name: '' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'zz-trace-', name: '' } });
  if (!made.ok) throw new Error(made.error.message);
  const namespace = made.value.metadata.name;
  // No pod is admitted without it, and a controller that was refused tries again later than the recording expects.
  await until(`the service account of ${namespace}`, async () => (await cluster.get({ type: SERVICE_ACCOUNT, namespace, name: 'default' })).ok);
  const { web, close } = await serveWeb();
  return {
    cluster,
    namespace,
    web,
    now: () => systemClock.now(),
    runUntil: async (instant) => { await sleep(systemClock, instant - systemClock.now()); },
    log: () => engine.stderr.split('\n').filter((line) => line.includes(`${namespace}/`)),
    async stop() {
      await cluster.delete({ type: NAMESPACE, namespace: '', name: namespace });
      cluster.close();
      await close();
    },
  };
}
