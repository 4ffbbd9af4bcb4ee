// Log-in plugins as programs that behave well and badly.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { readExecPlugin, runExecPlugin, wordsOf, type ExecPlugin } from '../../src/cluster/exec-plugin.js';
import { openCredentials } from '../../src/cluster/credentials.js';
import { temporaryFolder } from '../support/sluice.js';

const folder = temporaryFolder();
after(() => folder.remove());

const environment = { PATH: process.env['PATH'] };
let made = 0;
function script(body: string, more: Readonly<Record<string, unknown>> = {}): ExecPlugin {
  made += 1;
  const file = folder.file(`plugin-${made}`, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  const plugin = readExecPlugin({ command: file, ...more }, { server: 'https://here:6443' });
  assert.ok(plugin !== undefined);
  return plugin;
}
const run = (plugin: ExecPlugin): ReturnType<typeof runExecPlugin> => runExecPlugin(plugin, { environment, terminal: false });
const credential = (status: string): string => `echo '{"kind":"ExecCredential","status":${status}}'`;

test('a token, a certificate, and until when', async () => {
  assert.deepEqual(await run(script(credential('{"token":"t","expirationTimestamp":"2026-11-21T12:00:00Z"}'))), { ok: true, value: { token: 't', certificate: undefined, expiresAt: Date.parse('2026-11-21T12:00:00Z') } });
  assert.deepEqual(await run(script(credential('{"clientCertificateData":"c","clientKeyData":"k"}'))), { ok: true, value: { token: undefined, certificate: { cert: 'c', key: 'k' }, expiresAt: undefined } });
});

test('it is told whether it may ask, and of the cluster only when it wants to know', async () => {
  const told = script(`${credential('{"token":"t"}')}; echo "$KUBERNETES_EXEC_INFO|$MORE" > ${folder.path}/told`, { env: [{ name: 'MORE', value: 'x' }], provideClusterInfo: true, apiVersion: 'client.authentication.k8s.io/v1beta1' });
  await run(told);
  const [info = '', more] = readFileSync(`${folder.path}/told`, 'utf8').trim().split('|');
  assert.deepEqual([JSON.parse(info), more], [{ apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential', spec: { interactive: false, cluster: { server: 'https://here:6443' } } }, 'x']);
});

const FAILURES: readonly (readonly [string, () => ExecPlugin, RegExp])[] = [
  ['says why', () => script('echo "session expired" >&2; exit 2'), /^the log-in plugin plugin-\d+ failed with exit code 2: session expired$/],
  ['says nothing', () => script('exit 1'), /failed with exit code 1: it said nothing$/],
  ['is not there', () => ({ ...script(''), command: '/nowhere/corp-login', installHint: 'get it from the intranet' }), /^the log-in plugin corp-login failed: there is no such program; get it from the intranet$/],
  ['answers no JSON', () => script('echo "top-s3cret"'), /^the log-in plugin plugin-\d+ brought no token and no certificate$/],
  ['answers without a token', () => script(credential('{}')), /brought no token and no certificate$/],
  ['answers without end', () => script('yes'), /failed: it answered with more than 1048576 bytes$/],
  ['needs a person', () => script('exit 0', { interactiveMode: 'Always' }), /asks for a person$/],
  ['has no command', () => ({ ...script(''), command: '' }), /names a log-in plugin without a command$/],
];
for (const [name, plugin, wanted] of FAILURES)
  test(`a plugin that ${name}`, async () => {
    const answer = await run(plugin());
    assert.ok(!answer.ok);
    assert.match(answer.error, wanted);
    assert.doesNotMatch(answer.error, /s3cret/);
  });

test('its words lose escape sequences, line breaks and tokens, and have an end', () => {
  assert.equal(wordsOf('\u001b[31mno\u001b[0m\n\tgood \u0007Bearer abcdefghijk token=0123456789abc eyJhbGciOi.eyJzdWIi.c2ln'), 'no good Bearer *** token=*** ***');
  assert.equal(wordsOf(`${'x'.repeat(5000)} the end`).length, 601);
  assert.match(wordsOf(`${'x'.repeat(5000)} the end`), /the end$/);
});

test('what it brought is used until it ends or is refused; a failure is not tried again at once', async () => {
  const counting = (body: string): string => {
    const plugin = script(`echo run >> ${folder.path}/count-${made + 1}; ${body}`);
    return folder.file('config', JSON.stringify({ 'current-context': 'x', clusters: [{ name: 'x', cluster: { server: 'https://127.0.0.1:1' } }], users: [{ name: 'x', user: { exec: { command: plugin.command } } }], contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }] }));
  };
  const runs = (): number => readFileSync(`${folder.path}/count-${made}`, 'utf8').trim().split('\n').length;
  let now = 1_000_000;
  const open = async (file: string) => {
    const opened = await openCredentials({ file, environment }, undefined, () => now);
    assert.ok(opened.ok);
    return opened.value;
  };
  const good = await open(counting(credential('{"token":"t"}')));
  const access = await good.access();
  assert.ok(access.ok && access.value.headers['Authorization'] === 'Bearer t');
  now += 120_000;
  await good.access();
  assert.equal(runs(), 1, 'without an end it holds until it is refused');
  await good.renew();
  await good.access();
  assert.equal(runs(), 2, 'refused');
  now += 5000;
  await good.renew();
  await good.access();
  assert.equal(runs(), 2, 'what was brought a moment ago is not brought again');
  const bad = await open(counting('echo expired >&2; exit 1'));
  for (let turn = 0; turn < 3; turn += 1) assert.equal((await bad.access()).ok, false);
  assert.equal(runs(), 1);
  assert.match(bad.entrance.trouble() ?? '', /: expired$/);
  now += 31_000;
  await bad.access();
  assert.equal(runs(), 2);
  assert.equal((await bad.entrance.again(false)).ok, false);
  assert.equal(runs(), 3, 'a person may try at any time');
});
