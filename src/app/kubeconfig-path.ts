// Where the kubeconfig of an embedded cluster goes unless somebody says otherwise, and what processes that were killed left there.

import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OWNER_ONLY } from '../lib/owner-only.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The names that this program gives, drafts of them too. */
const OWN_NAME = /^sluice-(\d+)\.kubeconfig(?:\.[0-9a-f]{12}\.tmp)?$/;

/** One start puts away so many; the next goes on. */
const MOST_REMOVED = 100;

const folderOf = ({ XDG_RUNTIME_DIR: runtime = '' }: Environment): string => (runtime === '' ? tmpdir() : runtime);

/** In the user's run-time folder, which others can not read, or the temp folder. One file for each process. */
export function defaultKubeconfigPath(environment: Environment): string {
  return path.join(folderOf(environment), `sluice-${process.pid}.kubeconfig`);
}

/** Only what surely is no more: a process of somebody else answers too, with a refusal. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A process that was killed could not take its kubeconfig away: this user's own, as this program writes them, are removed for it. */
export async function removeDeadKubeconfigs(environment: Environment): Promise<void> {
  const folder = folderOf(environment);
  const names = await readdir(folder).catch(() => []);
  const dead = names.filter((name) => {
    const pid = Number(OWN_NAME.exec(name)?.[1] ?? 0);
    return pid > 0 && !isAlive(pid);
  });
  for (const name of dead.slice(0, MOST_REMOVED)) {
    const file = path.join(folder, name);
    const found = await lstat(file).catch(() => undefined);
    const own = found?.isFile() === true && found.uid === process.getuid?.() && (found.mode & 0o777) === OWNER_ONLY;
    // What can not be removed is no reason not to start.
    if (own) await rm(file, { force: true }).catch(() => undefined);
  }
}
