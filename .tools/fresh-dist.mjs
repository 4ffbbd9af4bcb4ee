// Builds the program when a source is newer than it, for tests and measurements that run the real one.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './transpile.mjs';

const LOCK = path.join(root, '.cache', 'build.lock');
/** A lock older than this belongs to somebody who has died. */
const STALE_LOCK_MS = 60_000;

const mtime = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newest(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return Math.max(0, ...entries.map((entry) => mtime(path.join(entry.parentPath ?? entry.path, entry.name))));
}

const isFresh = () => mtime(path.join(root, 'dist', 'main.js')) > Math.max(newest(path.join(root, 'src')), mtime(path.join(root, '.tools', 'build.mjs')));

export async function freshDist() {
  while (!isFresh()) {
    try {
      mkdirSync(LOCK);
    } catch {
      if (Date.now() - mtime(LOCK) > STALE_LOCK_MS) rmSync(LOCK, { recursive: true, force: true });
      await new Promise((resolve) => { setTimeout(resolve, 200); });
      continue;
    }
    try {
      const { status } = spawnSync(process.execPath, [path.join(root, '.tools', 'build.mjs')], { stdio: 'inherit' });
      if (status !== 0) throw new Error('the program can not be built');
      return;
    } finally {
      rmSync(LOCK, { recursive: true, force: true });
    }
  }
}
