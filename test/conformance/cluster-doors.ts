// The doors that the Cluster contract is held against. A new implementation of the port is one more row.
// A server that is not ours joins through KUBECONFIG_TEST, the path of a kubeconfig whose current context may be written to.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startHttpsDoor } from '../../src/apiserver/http/door.js';
import { writeKubeconfig } from '../../src/apiserver/http/kubeconfig.js';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import type { ApiStore } from '../../src/apiserver/store/api.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { createRemoteCluster, type RemoteCluster } from '../../src/cluster/remote.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { CUSTOM_RESOURCE_DEFINITION } from '../../src/kinds/resource-type.js';
import { systemClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import type { ClusterDoor } from './cluster-contract.js';

const aStore = (): ApiStore => createStore({ now: systemClock.now(), rng: createRng(1), definitions: customResourceDefinitions() });

async function connect(file: string): Promise<RemoteCluster> {
  const made = await createRemoteCluster({ kubeconfig: { file, environment: {} } });
  assert.ok(made.ok, 'the kubeconfig can be read');
  return made.value;
}

async function* noLines(): AsyncGenerator<string, void> {
  // No container runs behind these doors.
}

const inProcess: ClusterDoor = {
  name: 'in process',
  open: async () => ({ cluster: createInProcessCluster({ store: aStore(), clock: systemClock, name: 'in-process' }), close: async () => undefined }),
};

const https: ClusterDoor = {
  name: 'https',
  open: async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sluice-conformance-'));
    const door = await startHttpsDoor({ store: aStore(), clock: systemClock, readLogs: noLines });
    const file = path.join(folder, 'config');
    await writeKubeconfig(file, door.kubeconfig());
    const cluster = await connect(file);
    const close = async (): Promise<void> => {
      cluster.close();
      await door.close();
      await rm(folder, { recursive: true });
    };
    return { cluster, close };
  },
};

const real = (file: string): ClusterDoor => ({
  name: 'KUBECONFIG_TEST',
  open: async () => {
    const cluster = await connect(file);
    for (const definition of customResourceDefinitions()) {
      const made = await cluster.create({ type: CUSTOM_RESOURCE_DEFINITION, namespace: '', name: definition.metadata.name }, definition);
      assert.ok(made.ok || made.error.reason === 'AlreadyExists', made.ok ? '' : made.error.message);
    }
    return { cluster, close: async () => cluster.close() };
  },
});

const { KUBECONFIG_TEST: kubeconfig } = process.env;

export const CLUSTER_DOORS: readonly ClusterDoor[] = [inProcess, https, ...(kubeconfig === undefined ? [] : [real(kubeconfig)])];
