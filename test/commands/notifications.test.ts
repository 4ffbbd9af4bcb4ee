// `sluice notifications`: triggers and templates tried on a rollout of a cluster, and on files without one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { listen } from '../notifiers/bench.js';
import { type Ran, sluice, startServer, temporaryFolder, type TestServer, until } from '../support/sluice.js';
import { MILL_AND_TILL } from './manifests.js';

const CONFIG = (url: string): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: argo-rollouts-notification-configmap, namespace: argo-rollouts }
data:
  service.webhook.hook: |
    url: ${url}
    headers: [{ name: X-Token, value: $token }]
  trigger.on-rollout-completed: |
    - send: [done]
  trigger.on-phase: |
    - when: rollout.status.phase == 'Healthy'
      send: [done]
    - when: rollout.status.phase == 'Paused'
      send: [done, other]
    - when: rollout.status.nothing.at.all
      send: [done]
  trigger.on-broken: "{}"
  template.done: |
    message: "{{.rollout.metadata.name}} is {{.rollout.status.phase}} for {{.recipient}} with {{.secrets.token}}"
    email:
      subject: "{{.rollout.metadata.name}}"
  template.other: "message: other"
`;

const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: { name: argo-rollouts-notification-secret, namespace: argo-rollouts }\nstringData: { token: very-secret-4711 }\n';
const ROLLOUT = 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: filed }\nspec: {}\nstatus: { phase: Paused }\n';

let hook: Awaited<ReturnType<typeof listen>>;
let server: TestServer;
const folder = temporaryFolder();
before(async () => {
  hook = await listen();
  server = await startServer(`${MILL_AND_TILL}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: argo-rollouts }\n---\n${CONFIG(hook.url)}---\n${SECRET}`, ['--engine', 'on']);
  await until('mill to be healthy', async () => (await server.run('status', 'mill', '--watch=false')).stdout === 'Healthy\n');
});
after(async () => {
  await server.stop();
  hook.close();
  folder.remove();
});

const run = (...words: string[]): Promise<Ran> => server.run('notifications', ...words);

test('what there is: names, what triggers send, what is wrong', async () => {
  assert.equal(
    (await run('trigger', 'get')).stdout,
    ['NAME                  TEMPLATES', 'on-broken             wrong: "send" is missing: it is a list of names of templates', 'on-phase              done, done, other, done', 'on-rollout-completed  done', ''].join('\n'),
  );
  assert.equal((await run('trigger', 'get', '-o', 'name')).stdout, 'on-broken\non-phase\non-rollout-completed\n');
  assert.equal((await run('template', 'get', 'other', '-o', 'yaml')).stdout, 'other:\n  message: other\n');
  assert.match((await run('template', 'get')).stdout, /^NAME {3}PREVIEW\ndone {3}message: "\{\{\.rollout\.metadata\.name\}\} is .*\nother {2}message: other\n$/);
  const gone = await run('template', 'get', 'gone');
  assert.deepEqual([gone.code, gone.stderr], [1, 'Error: there is no template.gone in the ConfigMap\n']);
});

test('a trigger says of each condition whether it holds now', async () => {
  const { code, stdout } = await run('trigger', 'run', 'on-phase', 'mill');
  assert.equal(code, 0);
  const [head = '', ...rows] = stdout.trimEnd().split('\n').map((line) => line.split(/ {2,}/));
  assert.deepEqual(head, ['CONDITION', 'TEMPLATES', 'RESULT']);
  assert.deepEqual(rows.slice(0, 2), [["rollout.status.phase == 'Healthy'", 'done', 'true'], ["rollout.status.phase == 'Paused'", 'done, other', 'false']]);
  assert.match(rows[2]?.[2] ?? '', /^error: /);
  assert.match((await run('trigger', 'run', 'on-rollout-completed', 'mill')).stdout, /\n- {10}done {7}with each event of its name\n$/);
  assert.match((await run('trigger', 'run', 'on-phase', 'nobody')).stderr, /^Error: .*"nobody" not found/);
});

test('a template is shown without secrets, or sent with them', async () => {
  assert.equal((await run('template', 'notify', 'done', 'mill')).stdout, 'message: mill is Healthy for stdout with *****\nemail:\n  subject: mill\n');
  hook.got.length = 0;
  const sent = await run('template', 'notify', 'done', 'mill', '--recipient', 'hook:there');
  assert.deepEqual([sent.code, sent.stdout], [0, 'sent to hook:there\n']);
  assert.deepEqual([hook.got[0]?.body, hook.got[0]?.headers['x-token']], ['mill is Healthy for there with very-secret-4711', 'very-secret-4711']);
  hook.answer = () => ({ status: 403, body: 'not with very-secret-4711' });
  const refused = await run('template', 'notify', 'done', 'mill', '--recipient', 'hook');
  assert.deepEqual([refused.code, refused.stderr], [1, `Error: hook: ${hook.host} answered 403: not with *****\n`]);
});

test('files need no cluster', async () => {
  const config = folder.file('config.yaml', CONFIG(hook.url));
  const rollout = folder.file('rollout.yaml', ROLLOUT);
  const alone = (...words: string[]): Promise<Ran> => sluice(['notifications', ...words, '--config-map', config]);
  assert.match((await alone('trigger', 'run', 'on-phase', rollout)).stdout, /Paused' {2,}done, other {2,}true\n/);
  assert.equal((await alone('template', 'notify', 'other', rollout, '--secret', ':empty')).stdout, 'message: other\n');
  assert.match((await alone('template', 'notify', 'other', rollout)).stderr, /^Error: there is no kubeconfig/);
  assert.match((await sluice(['notifications', 'trigger', 'get', '--config-map', rollout])).stderr, /rollout\.yaml holds no ConfigMap/);
});

test('other words are told what there is', async () => {
  for (const words of [[], ['trigger'], ['trigger', 'run', 'a'], ['template', 'notify', 'a', 'b', 'c']]) {
    const { code, stderr } = await run(...words);
    assert.equal(code, 2);
    assert.match(stderr, /trigger get \[NAME\], trigger run NAME ROLLOUT, template get \[NAME\], template notify NAME ROLLOUT/);
  }
});
