// Log-in plugins on a real terminal: their own words stand on the screen, a key runs them again with the terminal, and all
// comes back without a restart. No token is ever shown.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { gated, joinedKubeconfig } from '../support/clusters.js';
import { startServer, temporaryFolder, type TestServer } from '../support/sluice.js';
import { openConsole } from './program-bench.js';

const tokenOf = (server: TestServer): string => (parse(readFileSync(server.kubeconfig, 'utf8')) as { users: { user: { token: string } }[] }).users[0]?.user.token ?? '';

/** Lets nobody in who has no terminal; there it asks for a code, and takes "open". Counts how often it ran. */
const plugin = (token: string, folder: string): string => `#!/bin/sh
echo run >> ${folder}/runs
case "$KUBERNETES_EXEC_INFO" in *'"interactive":true'*) ;; *)
  printf '\\033[31mYour session has expired\\033[0m\\007; last token eyJhbGciOi.c2VjcmV0.c2ln\\nrun: corp-login\\n' >&2
  exit 3;;
esac
printf 'code: ' >&2
read code
[ "$code" = open ] || { echo "wrong code" >&2; exit 4; }
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"${token}"}}'
`;

test('an expired log-in says why, and a key mends it', async (t) => {
  const server = await startServer(gated('cart'));
  const folder = temporaryFolder();
  const token = tokenOf(server);
  chmodSync(folder.file('corp-login', plugin(token, folder.path)), 0o755);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './corp-login', interactiveMode: 'IfAvailable' };
  const KUBECONFIG = folder.file('kubeconfig', joinedKubeconfig([{ context: 'sso', kubeconfig: server.kubeconfig, user: { exec } }, { context: 'open', kubeconfig: server.kubeconfig }]));
  const console = openConsole({ columns: 120, rows: 30, words: ['--context', 'sso', '--context', 'open'], variables: { KUBECONFIG, XDG_STATE_HOME: folder.path } });
  t.after(async () => {
    console.stop();
    await server.stop();
    folder.remove();
  });
  const { program } = console;
  const runs = (): number => readFileSync(path.join(folder.path, 'runs'), 'utf8').trim().split('\n').length;

  await t.test('its own words stand beside the cluster, without escape sequences and tokens; the other cluster is there', async () => {
    await program.waitFor(/● open +driven by/);
    await program.waitFor(/⚠ sso +I logs in anew; no answer for .*: the log-in plugin corp-login failed with/);
    await program.waitFor(/default\/cart +open/);
    program.resize(300, 30);
    await program.waitFor(/corp-login failed with exit code 3: Your session has expired ; last token \*\*\* run: corp-login/);
    program.resize(120, 30);
    assert.doesNotMatch(program.raw, /c2VjcmV0/);
    assert.equal(runs(), 1, 'it is not run again and again by itself');
  });

  await t.test('I gives it the terminal; a wrong code is told, and the screen is back', async () => {
    program.keys('I');
    await program.waitFor(/Logging in to sso \(Ctrl-C gives up\):/);
    await program.waitFor(/code: /);
    program.keys('shut\r');
    await program.waitFor(/sso: the log-in plugin corp-login failed with exit code 4: code: wrong code/);
    await program.waitFor(/Rollouts 1/);
  });

  await t.test('the right one brings everything back at once', async () => {
    program.keys('I');
    // The first time still stands above.
    await program.waitFor((grid) => /Logging in[^]*code: shut[^]*Logging in[^]*code: /.test(grid.text));
    program.keys('open\r');
    await program.waitFor(/● sso +driven by/);
    await program.waitFor(/default\/cart +sso/);
    await program.waitFor(/● live/);
    assert.equal(runs(), 3);
    assert.ok(!program.raw.includes(token), 'what it brought is shown nowhere');
    assert.equal((await console.leave()).code, 0);
  });
});

test('a token that is no longer accepted is called that, and a new kubeconfig is taken without a restart', async (t) => {
  const server = await startServer(gated('cart'));
  const folder = temporaryFolder();
  const old = 'eyJhbGciOi.b2xk.c2ln';
  const KUBECONFIG = folder.file('kubeconfig', joinedKubeconfig([{ context: 'here', kubeconfig: server.kubeconfig, user: { token: old } }]));
  const console = openConsole({ columns: 160, rows: 30, words: [], variables: { KUBECONFIG, XDG_STATE_HOME: folder.path } });
  t.after(async () => {
    console.stop();
    await server.stop();
    folder.remove();
  });
  const { program } = console;
  await program.waitFor(/I logs in anew\. no answer for .*: the server does not accept the token of user here \(context here of /);
  assert.ok(!program.raw.includes(old));
  folder.file('kubeconfig', joinedKubeconfig([{ context: 'here', kubeconfig: server.kubeconfig }]));
  program.keys('I');
  await program.waitFor(/default\/cart/);
  await program.waitFor(/● live/);
});
