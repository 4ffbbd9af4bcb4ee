// A person whom the server lets into some namespaces only: what is watched is found by asking what is allowed, and is said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { createRemoteCluster } from '../../src/cluster/remote.js';
import { CLUSTER_ROLE_BINDING, SERVICE_ACCOUNT } from '../../src/kinds/resource-type.js';
import { isRecord } from '../../src/lib/deep.js';
import { gated, joinedKubeconfig } from '../support/clusters.js';
import { sluice, startServer, temporaryFolder, until, type TestServer } from '../support/sluice.js';
import { openConsole, sayYes } from './program-bench.js';

const RBAC = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];
const subjects = [{ kind: 'ServiceAccount', name: 'ana', namespace: 'people' }];
const role = (kind: 'ClusterRole' | 'Role', name: string, rules: readonly unknown[], namespace?: string): string =>
  stringify({ apiVersion: `${RBAC}/v1`, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, rules });
const binding = (name: string, kind: string, roleName: string, namespace?: string): string =>
  stringify({ apiVersion: `${RBAC}/v1`, kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding', metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, subjects, roleRef: { apiGroup: RBAC, kind, name: roleName } });

const MANIFESTS = [
  ...['people', 'shop-a', 'shop-b', 'shop-c'].map((name) => stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ana', namespace: 'people' } }),
  role('ClusterRole', 'watcher', [{ apiGroups: ['argoproj.io', 'apps', ''], resources: ['rollouts', 'analysisruns', 'replicasets', 'pods', 'services', 'events'], verbs: READ }]),
  role('ClusterRole', 'names', [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }]),
  role('Role', 'operator', [{ apiGroups: ['argoproj.io'], resources: ['rollouts', 'rollouts/status'], verbs: ['patch'] }], 'shop-a'),
  binding('watcher', 'ClusterRole', 'watcher', 'shop-a'),
  binding('watcher', 'ClusterRole', 'watcher', 'shop-b'),
  binding('operator', 'Role', 'operator', 'shop-a'),
  ...['shop-a', 'shop-b', 'shop-c'].map((namespace) => gated('cart', namespace)),
].join('---\n');

async function tokenOf(server: TestServer): Promise<string> {
  const admin = await createRemoteCluster({ kubeconfig: { file: server.kubeconfig, environment: {} } });
  assert.ok(admin.ok);
  const account = { type: SERVICE_ACCOUNT, namespace: 'people', name: 'ana' };
  const made = await admin.value.create(account, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name: 'ana' }, spec: {} }, { subresource: 'token' });
  admin.value.close();
  assert.ok(made.ok);
  const status = isRecord(made.value['status']) ? made.value['status'] : {};
  return String(status['token']);
}

test('somebody who may see two of three namespaces', async (t) => {
  const server = await startServer(MANIFESTS);
  const folder = temporaryFolder();
  t.after(async () => {
    await server.stop();
    folder.remove();
  });
  const token = await tokenOf(server);
  const KUBECONFIG = folder.file('kubeconfig', joinedKubeconfig([{ context: 'here', kubeconfig: server.kubeconfig, user: { token }, namespace: 'shop-a' }]));
  for (const namespace of ['shop-a', 'shop-b']) {
    assert.equal((await server.run('status', 'cart', '-n', namespace, '--timeout', '20s')).code, 0);
    await server.run('set', 'image', 'cart', 'main=cart:2', '-n', namespace);
  }

  await t.test('without a word about other namespaces, those that the context and the settings name are asked about', async () => {
    const SLUICE_CONFIG = folder.file('named.yaml', 'contexts: { here: { namespaces: { shop-b: { confirm: key }, shop-c: { confirm: key } } } }\n');
    const console = openConsole({ columns: 120, rows: 30, words: [], variables: { KUBECONFIG, SLUICE_CONFIG, XDG_STATE_HOME: folder.path } });
    try {
      await console.program.waitFor(/as permitted, only in shop-a, shop-b/);
      await console.program.waitFor((grid) => /shop-a\/cart +2\/4 +paused/.test(grid.text) && /shop-b\/cart +2\/4 +paused/.test(grid.text));
    } finally {
      console.stop();
    }
  });

  await t.test('where the namespaces may be listed, all are asked about; rights differ from one to the next', async () => {
    const granted = await createRemoteCluster({ kubeconfig: { file: server.kubeconfig, environment: {} } });
    assert.ok(granted.ok);
    const bound = await granted.value.create({ type: CLUSTER_ROLE_BINDING, namespace: '', name: 'names' }, { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'names' }, subjects, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'names' } });
    granted.value.close();
    assert.ok(bound.ok);
    const console = openConsole({ columns: 160, rows: 30, words: [], variables: { KUBECONFIG, SLUICE_CONFIG: folder.file('none.yaml', 'takeBack: 0s\n'), XDG_STATE_HOME: folder.path } });
    const { program } = console;
    try {
      await program.waitFor(/Rollouts 2  as permitted, only in shop-a, shop-b; no right to see virtualservices, destinationrules/);
      await program.waitFor(/who drives can not be seen|driver unseen/);
      await program.waitFor(/● live/);
      program.keys('/shop-b\r');
      await program.waitFor(/p[^\n]*: no right to patch rollouts\/status/);
      program.keys('\u001b');
      await program.waitFor(/shop-a\/cart/);
      program.keys('/shop-a\r');
      await program.waitFor(/p promote/);
      program.keys('p');
      await program.waitFor('Promote shop-a/cart on here?');
      await sayYes(program, 'promote');
      await until('the step after', async () => {
        const rollout = await server.rollout('cart', 'shop-a');
        return isRecord(rollout['status']) && rollout['status']['currentStepIndex'] === 3;
      });
      await program.waitFor(/seen (at once|after)/);
    } finally {
      console.stop();
    }
  });

  await t.test('-n a,b watches those that are named, and says which of them may not be seen', async () => {
    const console = openConsole({ columns: 160, rows: 30, words: ['-n', 'shop-b,shop-c'], variables: { KUBECONFIG, XDG_STATE_HOME: folder.path } });
    try {
      await console.program.waitFor(/only in shop-b, shop-c \(no right to shop-c\)/);
      await console.program.waitFor(/shop-b\/cart +2\/4 +paused/);
      assert.doesNotMatch(console.program.text, /shop-a\/cart/);
    } finally {
      console.stop();
    }
    const wrong = await sluice(['-n', 'shop-b,Shop C'], { KUBECONFIG });
    assert.deepEqual([wrong.code, wrong.stderr.includes('"Shop C" is none')], [2, true]);
  });

  await t.test('nothing to see at all: it says so, and what to do', async () => {
    const elsewhere = folder.file('elsewhere', joinedKubeconfig([{ context: 'here', kubeconfig: server.kubeconfig, user: { token }, namespace: 'shop-c' }]));
    const admin = await createRemoteCluster({ kubeconfig: { file: server.kubeconfig, environment: {} } });
    assert.ok(admin.ok);
    await admin.value.delete({ type: CLUSTER_ROLE_BINDING, namespace: '', name: 'names' });
    admin.value.close();
    const console = openConsole({ columns: 160, rows: 30, words: [], variables: { KUBECONFIG: elsewhere, XDG_STATE_HOME: folder.path } });
    try {
      await console.program.waitFor(/you may not list rollouts in the whole cluster, nor in any of 1 namespaces: name those that you may see with -n a,b/);
    } finally {
      console.stop();
    }
  });
});
