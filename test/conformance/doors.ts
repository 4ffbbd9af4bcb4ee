// The doors that the contracts are held against: of the Cluster port, of the API, of what goes over the wire. A new door is one more row.
// A server that is not ours joins through KUBECONFIG_TEST, the path of a kubeconfig whose current context may be written to.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startHttpsDoor } from '../../src/apiserver/http/door.js';
import { writeKubeconfig } from '../../src/apiserver/http/kubeconfig.js';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import type { ApiStore, StoreEvent } from '../../src/apiserver/store/api.js';
import { createStore } from '../../src/apiserver/store/store.js';
import { createRemoteCluster, type RemoteCluster } from '../../src/cluster/remote.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import { CUSTOM_RESOURCE_DEFINITION } from '../../src/kinds/resource-type.js';
import { systemClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { Api, Http, Seen } from './api-door.js';
import { openHttpApi } from './http-api.js';

export type OpenDoor = {
  readonly cluster: Cluster;
  readonly api: Api;
  /** Absent where nothing goes over a wire. */
  readonly http?: Http;
  close(): Promise<void>;
};

export type Door = {
  readonly name: string;
  readonly speaksHttp: boolean;
  /** A real server has controllers that act on what they see. */
  readonly isReal: boolean;
  /** A server with our CustomResourceDefinitions installed. */
  open(): Promise<OpenDoor>;
};

const aStore = (): ApiStore =>
  createStore({
    now: systemClock.now(),
    rng: createRng(1),
    definitions: customResourceDefinitions(),
    putOff: (delayMs, work) => void systemClock.after(delayMs, () => work(systemClock.now())),
  });

async function connect(file: string): Promise<RemoteCluster> {
  const made = await createRemoteCluster({ kubeconfig: { file, environment: {} } });
  assert.ok(made.ok, 'the kubeconfig can be read');
  return made.value;
}

async function* noLines(): AsyncGenerator<string, void> {
  // No container runs behind these doors.
}

function seenOf(event: StoreEvent): Seen {
  if (event.type === 'ERROR') return { type: 'ERROR', object: event.status as unknown as KubeObject };
  if (event.type !== 'BOOKMARK') return { type: event.type, object: event.object };
  const annotations = event.initialEventsEnd === true ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  return { type: 'BOOKMARK', object: { apiVersion: '', kind: '', metadata: { name: '', resourceVersion: event.resourceVersion, ...annotations } } };
}

/** The store itself, asked as its in-process cluster asks it. */
const storeApi = (store: ApiStore): Api => ({
  ask: async (request) => store.execute(request, systemClock.now()),
  watch: (request, enough) =>
    new Promise((resolve) => {
      const seen: Seen[] = [];
      let close: (() => void) | undefined;
      let isDone = false;
      const finish = (): void => {
        isDone = true;
        close?.();
        resolve(seen);
      };
      const handle = store.watch(request, (event) => {
        if (isDone) return;
        seen.push(seenOf(event));
        if (enough(seen) || event.type === 'ERROR') finish();
      });
      if (handle.ok) close = () => handle.value.close();
      else {
        // Over HTTP a version that is gone is told within the stream.
        seen.push({ type: handle.error.code === 410 ? 'ERROR' : 'REFUSED', object: handle.error as unknown as KubeObject });
        finish();
      }
      if (isDone) close?.();
    }),
});

const inProcess: Door = {
  name: 'in process',
  speaksHttp: false,
  isReal: false,
  open: async () => {
    const store = aStore();
    const cluster = createInProcessCluster({ store, clock: systemClock, name: 'in-process' });
    return { cluster, api: storeApi(store), close: async () => undefined };
  },
};

const https: Door = {
  name: 'https',
  speaksHttp: true,
  isReal: false,
  open: async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sluice-conformance-'));
    const door = await startHttpsDoor({ store: aStore(), clock: systemClock, readLogs: noLines });
    const file = path.join(folder, 'config');
    await writeKubeconfig(file, door.kubeconfig());
    const cluster = await connect(file);
    const { api, http, close: closeApi } = await openHttpApi(file);
    const close = async (): Promise<void> => {
      cluster.close();
      closeApi();
      await door.close();
      await rm(folder, { recursive: true });
    };
    return { cluster, api, http, close };
  },
};

const real = (file: string): Door => ({
  name: 'KUBECONFIG_TEST',
  speaksHttp: true,
  isReal: true,
  open: async () => {
    const cluster = await connect(file);
    for (const definition of customResourceDefinitions()) {
      const made = await cluster.create({ type: CUSTOM_RESOURCE_DEFINITION, namespace: '', name: definition.metadata.name }, definition);
      assert.ok(made.ok || made.error.reason === 'AlreadyExists', made.ok ? '' : made.error.message);
    }
    const { api, http, close: closeApi } = await openHttpApi(file);
    const close = async (): Promise<void> => {
      cluster.close();
      closeApi();
    };
    return { cluster, api, http, close };
  },
});

const { KUBECONFIG_TEST: kubeconfig } = process.env;

export const DOORS: readonly Door[] = [inProcess, https, ...(kubeconfig === undefined ? [] : [real(kubeconfig)])];
