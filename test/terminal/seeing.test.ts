// What a person sees of a running cluster on a real pty: what comes and goes meanwhile, what pods write, and what is taken along.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { doorOf, open } from '../support/door.js';
import { temporaryFolder, until } from '../support/sluice.js';
import { openConsole } from './program-bench.js';

const LATE = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: late, namespace: bookinfo}
spec:
  replicas: 1
  selector: {matchLabels: {app: late}}
  template: {metadata: {labels: {app: late}}, spec: {containers: [{name: main, image: reg.test/late:1}]}}
  strategy: {canary: {}}
`;

test('a console on the demo', async (t) => {
  const folder = temporaryFolder();
  const console = openConsole({ columns: 120, rows: 40, words: ['demo', 'bookinfo', '--autoplay', 'off'], variables: { XDG_STATE_HOME: folder.path } });
  t.after(() => {
    console.stop();
    folder.remove();
  });
  const { program } = console;
  await program.waitFor(/reviews-rollout +\d+\/10 +paused/, 30_000);
  await console.pid();

  await t.test('a rollout that is created while it looks appears, and goes when it is deleted', async () => {
    const created = await console.run('create', '-f', folder.file('late.yaml', LATE));
    assert.equal(created.stdout, 'rollout.argoproj.io/late created\n', created.stderr);
    await program.waitFor(/bookinfo\/late +– +healthy/);
    const agent = new Agent();
    const gone = await open(doorOf(console.kubeconfig), { method: 'DELETE', target: '/apis/argoproj.io/v1alpha1/namespaces/bookinfo/rollouts/late', agent });
    gone.resume();
    assert.equal(gone.statusCode, 200);
    await program.waitFor((grid) => !grid.text.includes('bookinfo/late'));
    agent.destroy();
  });

  await t.test('l follows what canary and stable pods write, and / narrows it to one of them', async () => {
    program.keys('\r');
    await program.waitFor('Revisions');
    program.keys('l');
    await program.waitFor(/stable \w{5} +\S+ level=/);
    program.keys('/');
    await program.waitFor('enter keep');
    program.keys('canary');
    await program.waitFor((grid) => /canary \w{5} +\S+ level=/.test(grid.text) && !/stable \w{5} /.test(grid.text));
    program.keys('\u001b');
    await program.waitFor(/stable \w{5} +\S+ level=/);
    program.keys('\u001b');
    await program.waitFor('Revisions');
  });

  await t.test('C copies the kubectl line of what is asked, through the terminal and into a file', async () => {
    program.keys('a');
    await program.waitFor('Abort bookinfo/reviews-rollout');
    program.keys('C');
    const copied = await until('the clipboard of the terminal', () => /\u001b\]52;c;([^\u0007]*)\u0007/.exec(program.raw)?.[1]);
    const text = Buffer.from(copied, 'base64').toString();
    assert.match(text, /^kubectl --context sluice -n bookinfo patch rollouts\.argoproj\.io reviews-rollout --subresource=status .*"path":"\/status\/abort","value":true/);
    const file = path.join(folder.path, 'sluice', 'clipboard.txt');
    // The file comes a moment after the terminal's.
    await until('the file', () => existsSync(file) && readFileSync(file, 'utf8') === `${text}\n`);
    program.keys('n');
    await program.waitFor((grid) => !grid.text.includes('Abort bookinfo/reviews-rollout'));
  });

  await t.test('S writes the rollout down for others, without escape codes', async () => {
    program.keys('S');
    const folderOf = path.join(folder.path, 'sluice');
    const written = (): string | undefined => readdirSync(folderOf, { recursive: true }).map(String).find((name) => name.endsWith('.md'));
    const text = await until('the snapshot', () => {
      const name = written();
      const read = name === undefined ? '' : readFileSync(path.join(folderOf, name), 'utf8');
      return read === '' ? undefined : read;
    });
    assert.match(text, /bookinfo\/reviews-rollout/);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /\u001b/);
  });
});
