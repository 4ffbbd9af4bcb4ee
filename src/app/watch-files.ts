// Tells when one of a few files changes. Editors replace files rather than write them, so it is their folders that are watched;
// of a folder that is not there yet, the nearest one above it, until it is made.

import { existsSync, type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import type { Cancel, Clock } from '../lib/clock.js';

/** An editor makes several changes of one saving. */
const SETTLE_MS = 100;

/** The nearest folder that is there, and the name in it that leads on to the wanted one; undefined when it is the wanted one. */
function nearest(folder: string): { readonly there: string; readonly awaited: string | undefined } {
  let there = folder;
  let awaited: string | undefined;
  while (!existsSync(there) && path.dirname(there) !== there) {
    awaited = path.basename(there);
    there = path.dirname(there);
  }
  return { there, awaited };
}

/** `onName` hears what has changed in the folder; undefined: something. */
function watchFolder(folder: string, onName: (name: string | undefined) => void): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => onName(name ?? undefined));
    // A folder that goes away takes its watch along; the settings stay as they are.
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    // No watches left on this machine, or no right to look: then changes take effect at the next start.
    return [];
  }
}

/** Watches the folders of the files; calls back once the files have settled. Returns what ends it. */
export function watchFiles(files: readonly string[], clock: Clock, onChange: () => void): Cancel {
  const names = new Set(files.map((file) => path.resolve(file)));
  const folders = [...new Set([...names].map((file) => path.dirname(file)))];
  let cancel: Cancel = () => {};
  let watchers: readonly FSWatcher[] = [];
  const settle = (): void => {
    cancel();
    cancel = clock.after(SETTLE_MS, onChange);
  };
  const close = (): void => watchers.forEach((watcher) => watcher.close());
  const arm = (): void => {
    close();
    const places = folders.map((folder) => ({ folder, ...nearest(folder) }));
    watchers = places.flatMap(({ folder, there, awaited }) =>
      watchFolder(there, (name) => {
        if (awaited !== undefined && (name === undefined || name === awaited)) moveOn([folder]);
        if (awaited === undefined && (name === undefined || names.has(path.join(folder, name)))) settle();
      }),
    );
    // Made between looking and watching.
    const made = places.filter(({ folder, there }) => nearest(folder).there !== there).map(({ folder }) => folder);
    if (made.length > 0) moveOn(made);
  };
  const moveOn = (towards: readonly string[]): void => {
    arm();
    if ([...names].some((file) => towards.includes(path.dirname(file)) && existsSync(file))) settle();
  };
  arm();
  return () => {
    cancel();
    close();
  };
}
