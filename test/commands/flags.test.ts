// Every flag that a verb takes is told by its help, and no help tells of one that is not taken. What is taken is what the verb
// hands to Node's parser, so that nothing has to be said twice.

import assert from 'node:assert/strict';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { after, before, test } from 'node:test';
import type * as Util from 'node:util';
import type { CommandIo } from '../../src/commands/command.js';
import { flagNames } from '../../src/commands/completion.js';
import { openConsole } from '../../src/commands/console.js';
import { COMMANDS, overview } from '../../src/commands/table.js';
import { systemClock } from '../../src/lib/clock.js';

const util = createRequire(import.meta.url)('node:util') as { parseArgs: typeof Util.parseArgs };
const { parseArgs } = util;

type Taken = { readonly flag: string; readonly short: string | undefined };
let taken: readonly Taken[] = [];

before(() => {
  util.parseArgs = ((config: Util.ParseArgsConfig) => {
    // Every verb answers --help; one does so by itself.
    taken = Object.entries(config.options ?? {}).filter(([name]) => name !== 'help').map(([name, { short }]) => ({ flag: `--${name}`, short }));
    throw new Error('the test has seen enough');
  }) as typeof Util.parseArgs;
  syncBuiltinESMExports();
});
after(() => {
  util.parseArgs = parseArgs;
  syncBuiltinESMExports();
});

const io = (): CommandIo => ({
  stdin: (async function* () {})(),
  stdout() {},
  stderr() {},
  environment: {},
  clock: systemClock,
  colour: false,
  signal: AbortSignal.abort(),
});

async function takenBy(run: (words: readonly string[], io: CommandIo) => Promise<number>): Promise<readonly Taken[]> {
  taken = [];
  await (async () => run([], io()))().catch(() => {});
  return taken;
}

const WITHOUT_FLAGS = ['completion', 'dashboard'];

test('the help of every verb tells the flags that it takes, long and short, and no others', async () => {
  for (const { words, load } of COMMANDS) {
    const command = await load();
    const flags = await takenBy(command.run);
    assert.equal(flags.length === 0, WITHOUT_FLAGS.includes(words), `${words} takes ${flags.length} flags`);
    assert.deepEqual([...new Set(flagNames(command.flags))].toSorted(), flags.map(({ flag }) => flag).toSorted(), words);
    for (const { flag, short } of flags) if (short !== undefined) assert.ok(command.flags.some((line) => line.startsWith(`-${short}, ${flag}`)), `${words} ${flag}: -${short}`);
  }
});

test('the first page of help tells the flags of the console', async () => {
  const flags = await takenBy(openConsole);
  const [, page = ''] = overview().split('Console flags:');
  for (const { flag } of flags) assert.match(page, new RegExp(flag === '--namespace' ? '-n NS' : `${flag}\\b(?!-)`), flag);
});
