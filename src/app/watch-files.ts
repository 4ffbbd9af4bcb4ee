// Tells when one of a few files changes. Editors replace files rather than write them, so it is their folders that are watched.

import { existsSync, type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import type { Cancel, Clock } from '../lib/clock.js';

/** An editor makes several changes of one saving. */
const SETTLE_MS = 100;

/** Watches the folders that are there; calls back once the files have settled. Returns what ends it. */
export function watchFiles(files: readonly string[], clock: Clock, onChange: () => void): Cancel {
  const names = new Set(files.map((file) => path.resolve(file)));
  let cancel: Cancel = () => {};
  const watchers = [...new Set([...names].map((file) => path.dirname(file)))].filter(existsSync).flatMap((folder): FSWatcher[] => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name !== null && !names.has(path.join(folder, name))) return;
        cancel();
        cancel = clock.after(SETTLE_MS, onChange);
      });
      // A folder that goes away takes its watch along; the settings stay as they are.
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      // No watches left on this machine: then changes take effect at the next start.
      return [];
    }
  });
  return () => {
    cancel();
    for (const watcher of watchers) watcher.close();
  };
}
