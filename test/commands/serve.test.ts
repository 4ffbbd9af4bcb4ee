// `sluice serve` from outside: its one line when it is ready, its end, and how it refuses what it can not load.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { Agent } from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { doorOf, open } from '../support/door.js';
import { bareEnvironment, MAIN, Running, sluice, temporaryFolder } from '../support/sluice.js';
import { MILL_AND_TILL, SHOP } from './manifests.js';

const folder = temporaryFolder();
after(() => folder.remove());

test('prints one line when it is ready, keeps the kubeconfig to the user, and ends with 0 on SIGTERM and SIGINT', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const kubeconfig = path.join(folder.path, `kubeconfig-${signal}`);
    const running = new Running(['serve', '--kubeconfig-out', kubeconfig]);
    await running.says('\n');
    assert.equal(running.stdout, `ready KUBECONFIG=${kubeconfig}\n`);
    assert.equal(statSync(kubeconfig).mode & 0o777, 0o600);
    assert.match(readFileSync(kubeconfig, 'utf8'), /current-context: "?sluice/);
    assert.equal(await running.end(signal), 0);
    assert.equal(running.stdout, `ready KUBECONFIG=${kubeconfig}\n`);
    assert.equal(existsSync(kubeconfig), false);
  }
});

test('loads files and folders, and keeps to the port', async () => {
  const manifests = path.join(folder.path, 'manifests');
  mkdirSync(manifests);
  folder.file('manifests/1.yaml', MILL_AND_TILL);
  folder.file('manifests/2.yml', SHOP);
  folder.file('manifests/notes.txt', 'not: [yaml');
  const kubeconfig = path.join(folder.path, 'kubeconfig-loads');
  const first = new Running(['serve', '--kubeconfig-out', kubeconfig, '-f', manifests, '--engine', 'off', '--sandbox', 'off']);
  await first.says('ready');
  const listed = await sluice(['list', 'rollouts', '-A', '--kubeconfig', kubeconfig]);
  assert.deepEqual(listed.stdout.split('\n').slice(1, -1).map((line) => line.split(/\s+/).slice(0, 2).join('/')), ['default/mill', 'default/shop', 'default/till']);
  // Nobody drives: nothing has been seen of them.
  assert.match(listed.stdout, /shop +Canary +Progressing/);
  const port = /https:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '';
  const second = await sluice(['serve', '--port', port, '--kubeconfig-out', path.join(folder.path, 'other')]);
  assert.equal(second.code, 1);
  assert.ok(second.stderr.includes(port), second.stderr);
  assert.equal(second.stdout, '');
  await first.end();
});

test('serves the routing kinds of all routers; a real definition takes the place of what stands in for it', async () => {
  const route = 'apiVersion: traefik.io/v1alpha1\nkind: TraefikService\nmetadata: {name: shop, namespace: default}\nspec: {weighted: {services: []}}\n';
  const definition = JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'traefikservices.traefik.io' },
    spec: { group: 'traefik.io', scope: 'Namespaced', names: { kind: 'TraefikService', plural: 'traefikservices', singular: 'traefikservice', listKind: 'TraefikServiceList' },
      versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { weighted: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } } } } } }] },
  });
  const given = { alone: route, over: `${definition}\n---\n${route}` };
  for (const [name, manifest] of Object.entries(given)) {
    const kubeconfig = path.join(folder.path, `kubeconfig-route-${name}`);
    const running = new Running(['serve', '--kubeconfig-out', kubeconfig, '-f', folder.file(`route-${name}.yaml`, manifest)]);
    await running.says('ready');
    const [door, agent] = [doorOf(kubeconfig), new Agent()];
    const get = async (target: string): Promise<string> => text(await open(door, { method: 'GET', target, agent }));
    const [object, served] = [await get('/apis/traefik.io/v1alpha1/namespaces/default/traefikservices/shop'), await get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/traefikservices.traefik.io')];
    agent.destroy();
    await running.end();
    assert.match(object, /"weighted"/);
    assert.deepEqual([served.includes('"weighted"'), served.includes('stand-in')], name === 'over' ? [true, false] : [false, true]);
  }
});

test('takes manifests that bring along what is there already, with their labels', async () => {
  const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: argo-rollouts, labels: {team: release}}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: mall}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: mall, labels: {team: shop}}\n';
  const kubeconfig = path.join(folder.path, 'kubeconfig-there');
  const running = new Running(['serve', '--kubeconfig-out', kubeconfig, '-f', folder.file('there.yaml', manifest)]);
  await running.says('ready');
  const [door, agent] = [doorOf(kubeconfig), new Agent()];
  const teams = await Promise.all(['argo-rollouts', 'mall'].map(async (name) => /"team": ?"(\w+)"/.exec(await text(await open(door, { method: 'GET', target: `/api/v1/namespaces/${name}`, agent })))?.[1]));
  agent.destroy();
  assert.deepEqual(teams, ['release', 'shop']);
  await running.end();
});

/** A manifest that can not be loaded, and what the one line of complaint must say. */
const REFUSED: readonly (readonly [name: string, text: string, wanted: RegExp])[] = [
  ['malformed.yaml', 'kind: Rollout\nspec:\n  a: [1,\n  b: 2\n', /malformed\.yaml:4:3: .+/],
  ['second.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\nkind: Rollout\n', /second\.yaml:5: not a manifest: apiVersion, kind and metadata are needed/],
  ['unknown-field.yaml', MILL_AND_TILL.replace('replicas: 1', 'replicas: 1\n  replicaz: 2'), /unknown-field\.yaml:1: Rollout mill: .*unknown field "spec\.replicaz"/],
  ['deep-field.yaml', MILL_AND_TILL.replace('- setWeight: 50', '- setWeight: 50\n        wait: 3'), /unknown field "spec\.strategy\.canary\.steps\[0\]\.wait"/],
  ['wrong-type.yaml', MILL_AND_TILL.replace('replicas: 1', 'replicas: one'), /Rollout mill: .*spec\.replicas/],
  ['unknown-kind.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Rolloutt\nmetadata: {name: a}\n', /unknown-kind\.yaml:1: the server does not know the kind Rolloutt in argoproj\.io\/v1alpha1/],
  ['bad-name.yaml', MILL_AND_TILL.replace('name: mill', 'name: Mill_1'), /Rollout Mill_1: .*metadata\.name/],
  ['no-namespace.yaml', MILL_AND_TILL.replace('name: mill', 'name: mill\n  namespace: nowhere'), /nowhere/],
  ['twice.yaml', `${MILL_AND_TILL}---\n${MILL_AND_TILL}`, /Rollout mill: .*already exists/],
];

test('what can not be loaded is named with file, place and reason, and nothing is served', async () => {
  for (const [name, text, wanted] of REFUSED) {
    const kubeconfig = path.join(folder.path, `kubeconfig-${name}`);
    const ran = await sluice(['serve', '--kubeconfig-out', kubeconfig, '-f', folder.file(name, text)]);
    assert.equal(ran.code, 1, name);
    assert.equal(ran.stdout, '', name);
    const complaint = ran.stderr.split('\n').find((line) => line.startsWith('Error: ')) ?? ran.stderr;
    assert.match(complaint, wanted, name);
    assert.equal(existsSync(kubeconfig), false, name);
  }
  const missing = await sluice(['serve', '-f', path.join(folder.path, 'missing.yaml')]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /missing\.yaml: can not be read: /);
});

test('a kubeconfig that can not be written is told', async () => {
  const ran = await sluice(['serve', '--kubeconfig-out', path.join(folder.path, 'no', 'such', 'folder')]);
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /no\/such\/folder/);
});

test('as a plugin of kubectl', async (t) => {
  const kubectl = new Running(['version', '--client'], {}, ['kubectl']);
  const found = await new Promise<boolean>((resolve) => {
    kubectl.child.on('error', () => resolve(false));
    void kubectl.exited.then((code) => resolve(code === 0));
  });
  if (!found) {
    t.skip('kubectl is not there');
    return;
  }
  const bin = path.join(folder.path, 'bin');
  mkdirSync(bin);
  symlinkSync(path.resolve(MAIN), path.join(bin, 'kubectl-sluice'));
  const { PATH: searched = '' } = bareEnvironment();
  const plugin = new Running(['sluice', 'version'], { PATH: `${bin}:${path.dirname(process.execPath)}:${searched}` }, ['kubectl']);
  assert.equal(await plugin.exited, 0, plugin.stderr);
  assert.match(plugin.stdout, /^sluice \d/);
});
