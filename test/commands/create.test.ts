// `sluice create`: objects from files, and runs from templates; what is refused, and what is watched afterwards.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isRecord } from '../../src/lib/deep.js';
import { type Ran, Running, startServer, temporaryFolder, type TestServer, until } from '../support/sluice.js';
import { MILL_AND_TILL } from './manifests.js';

const folder = temporaryFolder();
let server: TestServer;
before(async () => { server = await startServer('', ['--engine', 'on']); });
after(async () => {
  await server.stop();
  folder.remove();
});

const create = (text: string, ...words: string[]): Promise<Ran> => server.run('create', '-f', folder.file('file.yaml', text), ...words);

const rollout = (name: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: ${name}${more}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, image: reg.test/${name}:1}]}}
  strategy: {canary: {steps: [{setWeight: 50}, {pause: {}}]}}
`;
const TEMPLATE = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate, labels: {team: a}}
spec: {metrics: [{name: a, successCondition: 'true', provider: {web: {url: 'http://127.0.0.1:1/', jsonPath: '{$.a}'}}}]}
`;
const EXPERIMENT = `apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {generateName: duel-}
spec:
  duration: 1h
  templates:
  - {name: base, selector: {matchLabels: {app: duel}}, template: {metadata: {labels: {app: duel}}, spec: {containers: [{name: main, image: reg.test/duel:1}]}}}
`;

test('each object of the files is created, in order, in the namespace that it or the flag names', async () => {
  const ran = await create(`${rollout('cart')}---\n${TEMPLATE}`);
  assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, 'rollout.argoproj.io/cart created\nanalysistemplate.argoproj.io/rate created\n', '']);
  const elsewhere = await create(rollout('cart'), '-n', 'kube-public');
  assert.equal(elsewhere.stdout, 'rollout.argoproj.io/cart created\n');
  assert.equal((await server.rollout('cart', 'kube-public'))['kind'], 'Rollout');
});

test('what can not be created is told with its place, and nothing after it is created', async () => {
  const twice = await create(`${rollout('twice')}---\n${rollout('twice')}---\n${rollout('never')}`);
  assert.deepEqual([twice.code, twice.stdout], [1, 'rollout.argoproj.io/twice created\n']);
  assert.match(twice.stderr, /^Error: \S+file\.yaml:10: rollouts\.argoproj\.io "twice" already exists\n$/);
  assert.equal((await server.run('get', 'rollout', 'never')).code, 1);
  const typo = await create(rollout('typo').replace('setWeight', 'setWeigth'));
  assert.equal(typo.code, 1);
  assert.match(typo.stderr, /strict decoding error: unknown field "spec\.strategy\.canary\.steps\[0\]\.setWeigth"/);
  const kinds = await create(MILL_AND_TILL.replace(/^[^]*?(?=apiVersion: v1\n)/, ''));
  assert.match(kinds.stderr, /creates no Service of v1, only Rollout, Experiment, AnalysisTemplate, ClusterAnalysisTemplate, AnalysisRun\n$/);
  assert.match((await create(rollout('lost', ', namespace: shop'), '-n', 'mall')).stderr, /namespace "shop" is not "mall", which -n asks for\n$/);
});

test('an experiment with a generated name is created and watched until the time is over', async () => {
  const watched = new Running(['create', '-f', folder.file('duel.yaml', EXPERIMENT), '-w', '--timeout-seconds', '600'], { KUBECONFIG: server.kubeconfig });
  await watched.says(/^experiment\.argoproj\.io\/duel-\w{5} created\n/);
  await watched.says(/Status: +◌ Running\n/);
  await watched.says(/□ duel-\w{5}-base-\w{5} +Pod +✔ Running/);
  assert.equal(await watched.end('SIGINT'), 0);
  const name = /duel-\w{5}/.exec(watched.stdout)?.[0] ?? '';
  const late = await server.run('get', 'experiment', name, '-w', '--timeout-seconds', '1');
  assert.equal(late.code, 1);
  assert.match(late.stdout, new RegExp(`^Name: +${name}\n`));
  assert.equal(late.stderr, `Error: experiment "${name}" was watched for 1 s, as --timeout-seconds says\n`);
  const both = await create(`${rollout('one')}---\n${rollout('two')}`, '-w');
  assert.deepEqual([both.code, both.stderr], [1, 'Error: --watch shows one rollout or experiment, and the files hold 2\n']);
});

test('a run from a template carries its labels, and that of the instance', async () => {
  const ran = await server.run('create', 'analysisrun', '--from', 'rate', '--name', 'now', '--instance-id', 'blue');
  assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, 'analysisrun.argoproj.io/now created\n', '']);
  const other = await server.run('terminate', 'analysis', 'now');
  assert.equal(other.stdout, "analysisRun 'now' terminated\n");
});

test('list rollouts shows one by its name, and the time of each line', async () => {
  await until('the rollout', async () => isRecord((await server.rollout('cart'))['status']));
  const { stdout } = await server.run('list', 'rollouts', '-A', '--name', 'cart', '--timestamps');
  const [heading = '', ...lines] = stdout.trimEnd().split('\n');
  assert.match(heading, /^TIMESTAMP {13}NAMESPACE {4}NAME /);
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}(default|kube-public) +cart +Canary /);
});

test('what is not here says what to use instead, and fails', async () => {
  const ran = await server.run('dashboard');
  assert.deepEqual([ran.code, ran.stdout], [1, '']);
  assert.match(ran.stderr, /serves no web page.*`sluice`/);
});
