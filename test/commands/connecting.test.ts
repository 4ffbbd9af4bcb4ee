// The ways to a cluster that do not lead to one: each verb says which file, which context, and what to do.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { sluice, temporaryFolder } from '../support/sluice.js';

const folder = temporaryFolder();
after(() => folder.remove());

const CONFIG = `apiVersion: v1
kind: Config
clusters:
- name: gone
  cluster: {server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true}
users:
- name: somebody
  user: {token: very-secret-token}
contexts:
- name: gone
  context: {cluster: gone, user: somebody}
current-context: gone
`;

const verbs = [['list', 'rollouts'], ['get', 'rollout', 'a'], ['status', 'a'], ['promote', 'a'], ['set', 'image', 'a', 'b=c']];

test('without a kubeconfig: says so, and offers the demo', async () => {
  for (const words of verbs) {
    const ran = await sluice(words);
    assert.deepEqual([ran.code, ran.stdout], [1, ''], words.join(' '));
    assert.match(ran.stderr, /^Error: there is no kubeconfig.*`sluice demo`.*\n$/, words.join(' '));
  }
});

test('a server that does not answer is named, and no secret is told', async () => {
  const KUBECONFIG = folder.file('gone', CONFIG);
  for (const words of verbs) {
    const ran = await sluice(words, { KUBECONFIG });
    assert.deepEqual([ran.code, ran.stdout], [1, ''], words.join(' '));
    assert.match(ran.stderr, /^Error: .*127\.0\.0\.1:1.*\n$/, words.join(' '));
    assert.doesNotMatch(ran.stderr, /very-secret/);
  }
});

test('a context that is not there, and a file that is not one', async () => {
  const file = folder.file('other', CONFIG);
  const context = await sluice(['list', 'rollouts', '--kubeconfig', file, '--context', 'staging']);
  assert.equal(context.code, 1);
  assert.match(context.stderr, /staging/);
  const missing = path.join(folder.path, 'missing');
  const noFile = await sluice(['list', 'rollouts', '--kubeconfig', missing]);
  assert.equal(noFile.code, 1);
  assert.ok(noFile.stderr.includes(missing), noFile.stderr);
  const broken = folder.file('broken', 'clusters: [\n');
  const noYaml = await sluice(['list', 'rollouts', '--kubeconfig', broken]);
  assert.equal(noYaml.code, 1);
  assert.ok(noYaml.stderr.includes(broken), noYaml.stderr);
});

test('the console says the same before it opens anything', async () => {
  const ran = await sluice([]);
  assert.deepEqual([ran.code, ran.stdout], [1, '']);
  assert.match(ran.stderr, /^sluice: there is no kubeconfig.*`sluice demo`.*\n$/);
});

test('without a terminal the console of a cluster says so, and is lines instead', async () => {
  const ran = await sluice(['--kubeconfig', folder.file('third', CONFIG)]);
  assert.deepEqual([ran.code, ran.stdout], [1, '']);
  assert.match(ran.stderr, /^sluice: .*terminal.*lines as of `sluice list rollouts -w`\nError: can not reach https:\/\/127\.0\.0\.1:1: /);
});
