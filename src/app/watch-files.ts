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

export type FileWatch = {
  /** From now on these are the files. A change that was seen and not yet told is told all the same. */
  follow(files: readonly string[]): void;
  stop(): void;
};

/** Watches the folders of the files; calls back once the files have settled, and never while an earlier call is still under way. */
export function watchFiles(files: readonly string[], clock: Clock, onChange: () => void | Promise<void>): FileWatch {
  let names: ReadonlySet<string> = new Set();
  let watchers: readonly FSWatcher[] = [];
  let cancel: Cancel = () => {};
  let isTelling = false;
  const settle = (): void => {
    cancel();
    cancel = clock.after(SETTLE_MS, () => void tell());
  };
  const tell = async (): Promise<void> => {
    if (isTelling) return settle();
    isTelling = true;
    try {
      await onChange();
    } finally {
      isTelling = false;
    }
  };
  const arm = (): void => {
    const places = [...new Set([...names].map((file) => path.dirname(file)))].map((folder) => ({ folder, ...nearest(folder) }));
    const before = watchers;
    watchers = places.flatMap(({ folder, there, awaited }) =>
      watchFolder(there, (name) => {
        if (awaited !== undefined && (name === undefined || name === awaited)) moveOn([folder]);
        if (awaited === undefined && (name === undefined || names.has(path.join(folder, name)))) settle();
      }),
    );
    // Only now: what changed before the new watches were there is still told by the old ones.
    close(before);
    // Made between looking and watching.
    const made = places.filter(({ folder, there }) => nearest(folder).there !== there).map(({ folder }) => folder);
    if (made.length > 0) moveOn(made);
  };
  const moveOn = (towards: readonly string[]): void => {
    arm();
    if ([...names].some((file) => towards.includes(path.dirname(file)) && existsSync(file))) settle();
  };
  const follow = (wanted: readonly string[]): void => {
    names = new Set(wanted.map((file) => path.resolve(file)));
    // Even if they are the same: a folder that has gone and come back is another one.
    arm();
  };
  follow(files);
  return {
    follow,
    stop: () => {
      cancel();
      close(watchers);
    },
  };
}

const close = (watchers: readonly FSWatcher[]): void => watchers.forEach((watcher) => watcher.close());
