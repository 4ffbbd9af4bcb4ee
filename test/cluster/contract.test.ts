// One contract of the Cluster port, held by both implementers: the server in this process, and the same server over HTTPS.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startHttpsDoor } from '../../src/apiserver/http/door.js';
import type { HttpsDoor } from '../../src/apiserver/http/door.js';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import type { Cluster, ClusterError, WatchEvent } from '../../src/cluster/cluster.js';
import { createRemoteCluster } from '../../src/cluster/remote.js';
import type { RemoteCluster } from '../../src/cluster/remote.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { CONFIG_MAP, POD, ROLLOUT } from '../../src/kinds/resource-type.js';
import { systemClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import type { Result } from '../../src/lib/result.js';

let folder: string;
let door: HttpsDoor;
let remote: RemoteCluster;
const clusters: Record<string, Cluster> = {};

async function* logs(): AsyncGenerator<string> {
  yield* ['first', 'second'];
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-contract-'));
  const store = createStore({ now: Date.now(), rng: createRng(3), definitions: customResourceDefinitions() });
  door = await startHttpsDoor({ store, clock: systemClock, readLogs: logs });
  const file = path.join(folder, 'config');
  await writeFile(file, door.kubeconfig());
  const made = await createRemoteCluster({ kubeconfig: { file, environment: {} } });
  assert.ok(made.ok);
  remote = made.value;
  clusters['remote'] = remote;
  clusters['in process'] = createInProcessCluster({ store, clock: systemClock, name: 'sluice', readLogs: logs });
});

after(async () => {
  remote.close();
  await door.close();
  await rm(folder, { recursive: true });
});

const value = <T>(result: Result<T, ClusterError>): T => {
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
};
const failed = <T>(result: Result<T, ClusterError>): readonly [number, string] => {
  assert.ok(!result.ok);
  return [result.error.code, result.error.reason];
};
const map = (name: string, data: Record<string, string> = {}): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', labels: { test: 'yes' } }, data });
const mapRef = (name: string): { type: typeof CONFIG_MAP; namespace: string; name: string } => ({ type: CONFIG_MAP, namespace: 'default', name });
const rollout = (name: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name, namespace: 'default' },
  spec: { replicas: 2, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } }, strategy: { canary: {} } },
});

for (const kind of ['in process', 'remote']) {
  const prefix = kind === 'remote' ? 'r' : 'p';
  const cluster = (): Cluster => clusters[kind] ?? assert.fail();

  describe(kind, () => {
    test('create, get, update, patch and delete, with conflicts told', async () => {
      const name = `${prefix}-crud`;
      const made = value(await cluster().create(mapRef(name), map(name, { a: '1' })));
      assert.deepEqual(failed(await cluster().create(mapRef(name), map(name))), [409, 'AlreadyExists']);
      const patched = value(await cluster().patch(mapRef(name), 'merge', { data: { b: '2' } }));
      assert.deepEqual(patched['data'], { a: '1', b: '2' });
      assert.deepEqual(failed(await cluster().update(mapRef(name), { ...made, data: {} })), [409, 'Conflict']);
      value(await cluster().update(mapRef(name), { ...patched, data: { c: '3' } }));
      assert.deepEqual(value(await cluster().get(mapRef(name)))['data'], { c: '3' });
      assert.deepEqual(failed(await cluster().patch(mapRef(name), 'json', [{ op: 'test', path: '/data/c', value: 'other' }]))[0], 422);
      assert.equal(failed(await cluster().delete(mapRef(name), { uid: 'another' }))[0], 409);
      value(await cluster().delete(mapRef(name), { uid: made.metadata.uid ?? assert.fail() }));
      assert.deepEqual(failed(await cluster().get(mapRef(name))), [404, 'NotFound']);
      assert.deepEqual(failed(await cluster().patch(mapRef(name), 'merge', {})), [404, 'NotFound']);
    });

    test('the status is written apart from the spec', async () => {
      const ref = { type: ROLLOUT, namespace: 'default', name: `${prefix}-status` };
      const made = value(await cluster().create(ref, rollout(ref.name)));
      const one = value(await cluster().patch(ref, 'merge', { spec: { replicas: 9 }, status: { phase: 'Healthy' } }, { subresource: 'status' }));
      assert.deepEqual([(one['spec'] as Record<string, unknown>)['replicas'], one['status'], one.metadata.generation], [2, { phase: 'Healthy' }, made.metadata.generation]);
      const two = value(await cluster().patch(ref, 'merge', { spec: { replicas: 3 } }));
      assert.equal(two.metadata.generation, (made.metadata.generation ?? 0) + 1);
    });

    test('lists come in pages of one version, and by label', async () => {
      for (const index of [1, 2, 3]) value(await cluster().create(mapRef(`${prefix}-page-${index}`), { ...map(`${prefix}-page-${index}`), metadata: { name: `${prefix}-page-${index}`, namespace: 'default', labels: { page: prefix } } }));
      const names: string[] = [];
      let next: string | undefined;
      do {
        const page = value(await cluster().list(CONFIG_MAP, { labelSelector: `page=${prefix}`, limit: 2, ...(next === undefined ? {} : { continue: next }) }));
        names.push(...page.items.map(({ metadata }) => metadata.name));
        next = page.metadata.continue === '' ? undefined : page.metadata.continue;
      } while (next !== undefined);
      assert.deepEqual(names, [1, 2, 3].map((index) => `${prefix}-page-${index}`));
    });

    test('a watch tells what follows a version, in order, and ends when told to', async () => {
      const ref = mapRef(`${prefix}-watch`);
      const from = value(await cluster().list(CONFIG_MAP)).metadata.resourceVersion;
      const ending = new AbortController();
      const seen: string[] = [];
      const watching = (async () => {
        for await (const event of cluster().watch(CONFIG_MAP, { resourceVersion: from, namespace: 'default' }, ending.signal)) {
          if (event.type === 'ERROR') assert.fail(event.error.message);
          if (event.type === 'BOOKMARK' || event.object.metadata.name !== ref.name) continue;
          seen.push(event.type);
          if (event.type === 'DELETED') ending.abort();
        }
      })();
      value(await cluster().create(ref, map(ref.name)));
      value(await cluster().patch(ref, 'merge', { data: { x: 'y' } }));
      value(await cluster().delete(ref));
      await watching;
      assert.deepEqual(seen, ['ADDED', 'MODIFIED', 'DELETED']);
    });

    test('a watch ends at its time', async () => {
      const from = value(await cluster().list(POD)).metadata.resourceVersion;
      const events: WatchEvent[] = [];
      for await (const event of cluster().watch(POD, { resourceVersion: from, timeoutSeconds: 1 }, new AbortController().signal)) events.push(event);
      assert.ok(events.every(({ type }) => type === 'BOOKMARK'));
    });

    test('a type that is not served is a 404, a bad object a 422 with causes', async () => {
      const unknown = { ...CONFIG_MAP, group: 'nobody.example', plural: 'things', kind: 'Thing' };
      assert.equal(failed(await cluster().list(unknown))[0], 404);
      assert.deepEqual(value(await cluster().discover('nobody.example')), []);
      const bad = await cluster().create({ type: ROLLOUT, namespace: 'default', name: `${prefix}-bad` }, { ...rollout(`${prefix}-bad`), spec: { replicas: 'many' } });
      assert.equal(failed(bad)[0], 422);
      assert.ok(!bad.ok && (bad.error.causes?.length ?? 0) > 0);
    });

    test('types of a group are discovered', async () => {
      const types = value(await cluster().discover('argoproj.io'));
      const found = types.find(({ kind: name }) => name === 'Rollout');
      assert.deepEqual(found && [found.plural, found.version, found.namespaced, found.shortNames], ['rollouts', 'v1alpha1', true, ['ro']]);
    });
  });
}
