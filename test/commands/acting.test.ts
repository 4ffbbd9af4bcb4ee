// What the verbs that change a cluster leave behind, and what keeps them from changing it.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { sluice, startServer, temporaryFolder, type TestServer } from '../support/sluice.js';
import { MILL_AND_TILL } from './manifests.js';

const HELD = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: held
  annotations: {sluice.dev/hold: '{"by":"ben@x","reason":"database","until":"2096-11-21T22:34:00Z"}'}
spec:
  paused: true
  replicas: 1
  selector: {matchLabels: {app: held}}
  template:
    metadata: {labels: {app: held}}
    spec: {containers: [{name: main, image: 'held:1'}]}
  strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}]}}
`;

const folder = temporaryFolder();
const audit = path.join(folder.path, 'sluice', 'audit.jsonl');
let server: TestServer;
before(async () => {
  server = await startServer(`${MILL_AND_TILL}\n---\n${HELD}`);
});
after(async () => {
  await server.stop();
  folder.remove();
});

type Line = Readonly<Record<string, unknown>>;
const lines = (): Line[] => readFileSync(audit, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Line);
const run = (environment: Record<string, string>, ...words: string[]): ReturnType<typeof sluice> => sluice(words, { KUBECONFIG: server.kubeconfig, XDG_STATE_HOME: folder.path, ...environment });
const name = 'mill';

test('a verb with a reason is a line in the audit log and an Event on the rollout, without annotations', async () => {
  const paused = await run({}, 'pause', name, '--reason', 'incident 7');
  assert.deepEqual([paused.code, paused.stdout], [0, `rollout '${name}' paused\n`]);
  const [line] = lines();
  assert.deepEqual([line?.['action'], line?.['via'], line?.['outcome'], line?.['reason'], line?.['name']], ['rollout.pause', 'command', 'taken', 'incident 7', name]);
  for (const field of ['osUser', 'host', 'user', 'time', 'saw', 'changes']) assert.ok(line?.[field] !== undefined, field);
  assert.equal(statSync(audit).mode & 0o777, 0o600);
  const timeline = await run({}, 'snapshot', name);
  assert.match(timeline.stdout, /@.*: pause default\/mill; reason: incident 7/);
  const { metadata } = (await server.rollout(name)) as { metadata: { annotations?: Record<string, string> } };
  assert.deepEqual(Object.keys(metadata.annotations ?? {}).filter((key) => key.includes('sluice')), []);
});

test('what is created is recorded, too', async () => {
  const file = folder.file('template.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: rate}\nspec: {metrics: [{name: a, provider: {web: {url: http://a}}}]}\n');
  assert.equal((await run({}, 'create', '-f', file, '--reason', 'new gate')).code, 0);
  assert.deepEqual(['action', 'words', 'outcome', 'reason'].map((field) => lines().at(-1)?.[field]), ['analysistemplate.create', 'create analysistemplate default/rate', 'taken', 'new gate']);
});

test('a refusal is recorded too, and leaves no trace in the cluster', async () => {
  const refused = await run({}, 'promote', name, '--read-only');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^Error: read-only \(--read-only, --write\): rollout ".*" was not patched; --write allows it\n$/);
  assert.deepEqual([lines().at(-1)?.['outcome'], lines().at(-1)?.['action']], ['refused', 'rollout.promote']);
});

test('a context that is read-only in the settings is so at the API; --write overrides', async () => {
  const config = folder.file('config.yaml', 'contexts:\n  sluice:\n    readOnly: true\n');
  const refused = await run({ SLUICE_CONFIG: config }, 'set', 'image', name, '*=x:2');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /read-only \(.*config\.yaml:3 \(contexts sluice\)\)/);
  const looked = await run({ SLUICE_CONFIG: config }, 'get', 'rollout', name);
  assert.equal(looked.code, 0, 'reading is not refused');
  const engine = await run({ SLUICE_CONFIG: config }, 'engine');
  assert.deepEqual([engine.code, /read-only here, and an engine writes/.test(engine.stderr)], [1, true]);
  assert.equal((await run({ SLUICE_CONFIG: config }, 'pause', name, '--write')).code, 0);
});

test('settings with a mistake make everything read-only: what they protect can not be known', async () => {
  const config = folder.file('broken.yaml', 'contexts: [\n');
  const refused = await run({ SLUICE_CONFIG: config }, 'abort', name);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /broken\.yaml:\d+:\d+: .*\nError: read-only \(the settings have a mistake\)/);
});

for (const { told, settings, words } of [
  { told: 'without a reason, as a script asks', settings: {}, words: [] },
  { told: 'where the settings want none', settings: { SLUICE_EVENTS: 'none' }, words: ['--reason', 'x'] },
  { told: 'where the settings want all', settings: { SLUICE_EVENTS: 'all' }, words: [] },
]) {
  test(`Events of a verb ${told}`, async () => {
    const count = async (): Promise<number> => (await run({}, 'snapshot', name)).stdout.match(/@.*: retry default\/mill/g)?.length ?? 0;
    const before = await count();
    await run(settings, 'retry', name, ...words);
    assert.equal(lines().at(-1)?.['action'], 'rollout.retry');
    assert.equal((await count()) - before, settings.SLUICE_EVENTS === 'all' ? 1 : 0);
  });
}

test('a snapshot for others has no escape codes, in either form', async () => {
  for (const form of ['markdown', 'text']) {
    const { code, stdout } = await run({}, 'snapshot', name, '-o', form);
    assert.equal(code, 0);
    assert.ok(!stdout.includes('\u001b'));
    assert.match(stdout, new RegExp(`default/${name} on sluice, \\d{4}-`));
    assert.equal(stdout.includes('##'), form === 'markdown');
  }
  assert.equal((await run({}, 'snapshot', 'nobody')).code, 1);
});

test('a snapshot of none or of several is a hand-over note; of several each follows in full', async () => {
  for (const words of [[], ['-A'], ['-n', 'default,other']]) {
    const { code, stdout } = await run({}, 'snapshot', ...words);
    assert.equal(code, 0);
    assert.match(stdout, words[0] === '-A' ? /^## Hand-over: all rollouts, / : words[0] === '-n' ? /^## Hand-over: rollouts in default, other, / : /^## Hand-over: rollouts in default, /);
    assert.match(stdout, /^- context sluice: data \d+s old; driven by: /m);
    assert.match(stdout, /\n### Wait for a person, the longest first \(\d+\)\n(?:.*\n)*?- default\/held: held for \d+s, since \S+Z, owner ben@x\n/);
    assert.match(stdout, /\n### At rest\n- \d+ healthy\n$/);
  }
  const two = await run({}, 'snapshot', name, 'held', '-o', 'text');
  assert.equal(two.code, 0);
  assert.match(two.stdout, /^Hand-over: mill, held, /);
  assert.deepEqual(two.stdout.match(/^default\/\S+ on sluice/gm)?.toSorted(), ['default/held on sluice', 'default/mill on sluice']);
  assert.ok(!two.stdout.includes('till') && !two.stdout.includes('#') && !two.stdout.includes('\u001b'));
  const missing = await run({}, 'snapshot', name, 'nobody', 'nothing');
  assert.deepEqual([missing.code, missing.stderr], [1, 'Error: rollout.argoproj.io "nobody", rollout.argoproj.io "nothing" not found\n']);
  assert.equal((await run({}, 'snapshot', name, name)).code, 2);
});

test('a promotion does not go past a hold, unless it is said why; then that is recorded, and the hold is over', async () => {
  type Held = { readonly spec: { readonly paused?: boolean }; readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } };
  const held = async (): Promise<Held> => (await server.rollout('held')) as Held;
  for (const words of [[], ['--full'], ['--reason', ' ']]) {
    const refused = await run({}, 'promote', 'held', ...words);
    assert.equal(refused.code, 1, words.join(' '));
    assert.match(refused.stderr, /^Error: default\/held is held by ben@x until 2096-11-21T22:34:00Z: database\. Nothing was changed\.\nTo end the hold: kubectl --context sluice -n default patch rollouts\.argoproj\.io held --type=merge -p '.*"sluice\.dev\/hold":null.*"paused":false.*'\nTo promote it all the same, say why: --reason TEXT\n$/);
    assert.equal((await held()).spec.paused, true);
  }
  assert.equal((await run({}, 'promote', 'held', '--reason', 'ben is away')).code, 0);
  const { spec, metadata } = await held();
  assert.deepEqual([spec.paused, metadata.annotations?.['sluice.dev/hold']], [false, undefined]);
  assert.match((await run({}, 'snapshot', 'held')).stdout, /@.*: promote default\/held, past the hold of ben@x \(database\); reason: ben is away/);
});
