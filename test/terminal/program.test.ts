// The whole program on a real pty: its first frame, keys, the one question that changes something, and the way out.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { isRecord } from '../../src/lib/deep.js';
import { type Console, leftBehind, openConsole, sayYes, SHOWN, untilGate } from './program-bench.js';

async function stepOf(console: Console): Promise<unknown> {
  const { stdout } = await console.run('get', 'rollout', 'silly-demo', '-n', 'a-team', '-o', 'json');
  const rollout = JSON.parse(stdout) as { readonly status?: unknown };
  return isRecord(rollout.status) ? rollout.status['currentStepIndex'] : undefined;
}

test('from the first frame to a promotion and the way out', async (t) => {
  const console = openConsole();
  const { program } = console;
  t.after(() => console.stop());
  await program.waitFor('sluice');
  await program.waitFor(SHOWN);
  for (const name of ['bookinfo/reviews-rollout', 'canary-demo-app', 'default/colorapi', 'default/myapp']) await program.waitFor(name);
  await console.pid();
  const { kubeconfig } = console;
  assert.ok(existsSync(kubeconfig));

  await t.test('? shows the keys and the line for the shell, Esc leaves', async () => {
    program.keys('?');
    await program.waitFor(/In an emergency: w why/);
    await program.waitFor(`export KUBECONFIG=${kubeconfig}`.slice(0, 60));
    program.keys('\u001b');
    await program.waitFor((grid) => !grid.text.includes('Keys of the list'));
  });

  await t.test('j and k move the mark', async () => {
    // The rest of the line counts down.
    const marked = (): string => /^▌.*? (\S+\/\S+)/m.exec(program.text)?.[1] ?? '';
    const first = marked();
    program.keys('j');
    await program.waitFor(() => marked() !== first && marked() !== '');
    // What waits for a person meanwhile has gone to the top, so that the line above may be another.
    const second = marked();
    program.keys('k');
    await program.waitFor(() => marked() !== second && marked() !== '');
  });

  await t.test('/ shows only what it finds, Esc shows all again', async () => {
    program.keys('/');
    program.keys('reviews\r');
    await program.waitFor((grid) => grid.text.includes('reviews-rollout') && !grid.text.includes('colorapi'));
    program.keys('\u001b');
    await program.waitFor('colorapi');
  });

  await t.test('Enter opens a rollout, Esc goes back to the list', async () => {
    program.keys('/silly\r');
    await program.waitFor((grid) => !grid.text.includes('colorapi'));
    program.keys('\r');
    await program.waitFor(/embedded › a-team › silly-demo/);
    await program.waitFor('Traffic');
    program.keys('\u001b');
    await program.waitFor('Rollouts');
  });

  await t.test('neither Enter nor a y that came with the p says yes', async () => {
    await untilGate(console);
    program.keys('py');
    await program.waitFor(/Promote a-team\/silly-demo on sluice\?/);
    await program.waitFor(/step 2 to 3, 20 % to 40 %/);
    program.keys('\r');
    program.keys('\r\r');
    assert.equal(await stepOf(console), 1);
    await program.waitFor(/Promote a-team\/silly-demo on sluice\?/);
  });

  await t.test('a later y does, and the effect is told when it is seen', async () => {
    await sayYes(program, 'promote');
    await program.waitFor(/promote a-team\/silly-demo: seen (at once|after)/);
    await program.waitFor((grid) => !grid.text.includes('on sluice?'));
    assert.notEqual(await stepOf(console), 1);
  });

  await t.test('resized, the screen is drawn for its new size', async () => {
    for (const [columns, rows] of [[200, 50], [40, 10], [80, 24]] as const) {
      program.resize(columns, rows);
      await program.waitFor((grid) => /live/.test(grid.row(0)) && grid.row(rows - 1).startsWith(' p '));
      assert.ok(program.row(0).length <= columns);
    }
  });

  await t.test('q says what would be lost; once more, it gives the terminal back, says where the kubeconfig was, and removes it', async () => {
    program.keys('q');
    await program.waitFor((grid) => /the embedded cluster would be lost, with .* on the way: the same key\s+again ends/.test(grid.text));
    program.keys('q');
    assert.deepEqual(await console.ended(), { code: 0, modesKept: true });
    assert.deepEqual(leftBehind(program), []);
    await program.waitFor(`export KUBECONFIG=${kubeconfig}`.slice(0, 60));
    assert.equal(existsSync(kubeconfig), false);
  });
});

test('q before anything is connected ends just as well', async (t) => {
  const console = openConsole();
  t.after(() => console.stop());
  await console.program.waitFor('sluice');
  assert.deepEqual(await console.leave(), { code: 0, modesKept: true });
  assert.deepEqual(leftBehind(console.program), []);
  assert.deepEqual(readdirSync(console.folder.path), []);
});

test('a bad theme is named with file, line and reason, and the default is used', async (t) => {
  const console = openConsole({ words: ['demo', 'colorapi', '--theme', 'themes-of-test.yaml'], columns: 160 });
  t.after(() => console.stop());
  await console.program.waitFor(/themes-of-test\.yaml: can not be read.*the default is used/);
  await console.program.waitFor('colorapi');
  assert.equal((await console.leave()).code, 0);
});

test('--ascii and NO_COLOR: no character beyond ASCII, no colour', async (t) => {
  const console = openConsole({ words: ['demo', 'colorapi', '--ascii'], variables: { NO_COLOR: '1' } });
  const { program } = console;
  t.after(() => console.stop());
  await program.waitFor(/colorapi .*healthy/i);
  assert.doesNotMatch(program.text, /[^\n\u0020-\u007e]/);
  for (let y = 0; y < 24; y += 1) {
    for (let x = 0; x < 80; x += 1) assert.deepEqual([program.cell(x, y).foreground, program.cell(x, y).background], [-1, -1], `${x},${y}`);
  }
  assert.equal((await console.leave()).code, 0);
});

test('a terminal that can not address its screen gets lines', async (t) => {
  const console = openConsole({ variables: { TERM: 'dumb' } });
  t.after(() => console.stop());
  await console.program.waitFor(/colorapi +Canary/);
  assert.match(console.program.raw, /^sluice: TERM=dumb can not address the screen/);
  assert.ok(!console.program.raw.includes('\u001b'));
});
