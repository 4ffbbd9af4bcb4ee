// Terminals of all kinds: those without a screen get lines, those of every name get one, and all sizes are survived.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRng } from '../../src/lib/rng.js';
import { SHOP } from '../commands/manifests.js';
import { Running, startServer } from '../support/sluice.js';
import { leftBehind, openConsole, SHOWN } from './program-bench.js';

test('TERM=dumb, vt100 and no terminal at all: lines, watched until Ctrl-C', async (t) => {
  const server = await startServer(SHOP, ['--engine', 'off']);
  t.after(() => server.stop());
  for (const terminal of ['dumb', 'vt100']) {
    const console = openConsole({ words: ['--kubeconfig', server.kubeconfig, '--engine', 'off'], variables: { TERM: terminal } });
    t.after(() => console.stop());
    await console.program.waitFor(/NAMESPACE +NAME +STRATEGY/);
    await console.program.waitFor(/default +shop/);
    assert.doesNotMatch(console.program.raw, /\u001b/, 'not one escape sequence');
    console.program.keys('\u0003');
    // The shell around it ends with it.
    await console.program.exited;
  }
  const piped = new Running([], { KUBECONFIG: server.kubeconfig });
  await piped.says(/default +shop/);
  await piped.end();
});

for (const terminal of ['xterm', 'screen', 'tmux', 'linux', 'tmux-256color', 'xterm-direct']) {
  test(`TERM=${terminal}: a screen, and a way back`, async (t) => {
    const console = openConsole({ words: ['demo', 'colorapi', '--autoplay', 'off'], variables: { TERM: terminal } });
    const { program } = console;
    t.after(() => console.stop());
    await program.waitFor(/default\/colorapi .*healthy/i);
    // Codes of 256 colours only where they are known, of 24 bits only where the name says so.
    assert.equal(program.raw.includes(';38;5;'), terminal === 'tmux-256color', '256 colours');
    assert.equal(program.raw.includes(';38;2;'), terminal === 'xterm-direct', '24 bits');
    assert.deepEqual(await console.leave(), { code: 0, modesKept: true });
    assert.deepEqual(leftBehind(program), []);
  });
}

test('a terminal that answers nothing is drawn all the same', async (t) => {
  const console = openConsole({ words: ['demo', 'colorapi', '--autoplay', 'off'], mute: true });
  t.after(() => console.stop());
  await console.program.waitFor(/default\/colorapi .*healthy/i);
  assert.deepEqual(await console.leave(), { code: 0, modesKept: true });
});

test('sizes of chance at any moment, while the demo runs and keys are pressed', async (t) => {
  const console = openConsole({ words: ['demo'] });
  const { program } = console;
  t.after(() => console.stop());
  await program.waitFor(SHOWN);
  const random = createRng(11);
  for (let turn = 0; turn < 120; turn += 1) {
    program.resize(1 + random.int(220), 1 + random.int(70));
    program.keys(['j', 'k', '\r', '\u001b', '?', 'w', 'e', 'y', '\t'][random.int(9)] ?? 'j');
    await new Promise((resolve) => { setTimeout(resolve, random.int(60)); });
  }
  for (const [columns, rows] of [[40, 10], [60, 16], [80, 24]] as const) {
    program.resize(columns, rows);
    program.keys('\u001b');
    await program.waitFor((grid) => /live/.test(grid.row(0)) && grid.row(rows - 1).trim() !== '');
  }
  assert.deepEqual(await console.leave('\u0003'), { code: 0, modesKept: true });
  assert.deepEqual(leftBehind(program), []);
});
