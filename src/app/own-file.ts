// A person's own commands and hotkeys: $XDG_CONFIG_HOME/sluice/commands.yaml, read after the first frame and whenever it changes.

import { type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { Keymap } from '../console/keymap.js';
import { NO_OWN, type Own } from '../console/own/own.js';
import { err, ok, type Result } from '../lib/result.js';
import { configFolder } from './user-folders.js';

type Environment = Readonly<Record<string, string | undefined>>;

const WRITABLE_BY_ALL = 0o002;

export const ownFile = (environment: Environment): string => path.join(configFolder(environment), 'commands.yaml');

/** Programs that somebody else could have put there are not run. */
function foreignFault({ mode, uid }: Stats): string | undefined {
  const self = process.getuid?.();
  if (self !== undefined && uid !== self && uid !== 0) return 'belongs to another user: its commands are not taken';
  return (mode & WRITABLE_BY_ALL) === 0 || self === undefined ? undefined : 'can be written by everybody: its commands are not taken (chmod o-w)';
}

/** None without a file. The failure is a list of sentences that each name file, line and column. */
export async function readOwn(environment: Environment, keymap: Keymap): Promise<Result<Own, readonly string[]>> {
  const file = ownFile(environment);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return ok(NO_OWN);
  const fault = foreignFault(found);
  if (fault !== undefined) return err([`${file}: ${fault}`]);
  const [{ readDataFile }, { parseOwn }] = await Promise.all([import('./data-file.js'), import('../console/own/parse.js')]);
  const read = await readDataFile(file, (value) => parseOwn(value, keymap));
  return read.ok ? ok(read.value.content) : read;
}
