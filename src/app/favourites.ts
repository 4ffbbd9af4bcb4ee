// Rollouts that a person has marked as their own: a small file in their state folder.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { err, ok, type Result } from '../lib/result.js';
import { writeOwned } from './owned-file.js';
import { stateFolder } from './user-folders.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** More are no favourites: the oldest goes. */
const MOST_FAVOURITES = 500;

const fileOf = (environment: Environment): string => path.join(stateFolder(environment), 'favourites.json');

/** A file that is missing or broken has none: it is written anew with the next mark. */
export async function readFavourites(environment: Environment): Promise<readonly string[]> {
  try {
    const value: unknown = JSON.parse(await readFile(fileOf(environment), 'utf8'));
    return Array.isArray(value) ? value.filter((key) => typeof key === 'string').slice(-MOST_FAVOURITES) : [];
  } catch {
    return [];
  }
}

/** Two keys that are pressed one after the other are written one after the other. */
let last: Promise<unknown> = Promise.resolve();

async function change(environment: Environment, key: string, favourite: boolean): Promise<Result<undefined, string>> {
  const file = fileOf(environment);
  // What another console has written meanwhile stays.
  const others = (await readFavourites(environment)).filter((each) => each !== key);
  const keys = (favourite ? [...others, key] : others).slice(-MOST_FAVOURITES);
  try {
    await writeOwned(file, `${JSON.stringify(keys, undefined, 2)}\n`);
    return ok(undefined);
  } catch (error) {
    return err(`the favourites could not be kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The failure is a sentence. */
export function changeFavourite(environment: Environment, key: string, favourite: boolean): Promise<Result<undefined, string>> {
  const changed = last.then(() => change(environment, key, favourite));
  last = changed;
  return changed;
}
