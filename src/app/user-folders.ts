// Where a person's own files are: settings, themes and keymaps in the one folder, logs and snapshots in the other.

import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

function folderOf(environment: Environment, named: string | undefined, below: string): string {
  // The specification of these variables tells programs to pass over a relative path.
  const home = environment['HOME'] ?? homedir();
  return path.join(named !== undefined && path.isAbsolute(named) ? named : path.join(home, below), 'sluice');
}

/** $XDG_CONFIG_HOME/sluice */
export const configFolder = (environment: Environment): string => folderOf(environment, environment['XDG_CONFIG_HOME'], '.config');

/** $XDG_STATE_HOME/sluice */
export const stateFolder = (environment: Environment): string => folderOf(environment, environment['XDG_STATE_HOME'], '.local/state');
