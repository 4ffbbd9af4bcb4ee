// Rollouts that a person has marked as their own, by context: a small file in their state folder.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import { stateFolder } from './user-folders.js';

type Environment = Readonly<Record<string, string | undefined>>;

const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;

/** More are no favourites. */
const MOST_FAVOURITES = 500;

const fileOf = (environment: Environment): string => path.join(stateFolder(environment), 'favourites.json');

const keysIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((key) => typeof key === 'string').slice(0, MOST_FAVOURITES) : []);

/** By context. A file that is missing or broken has none: it is written anew with the next mark. */
async function readAll(environment: Environment): Promise<Record<string, readonly string[]>> {
  try {
    const value: unknown = JSON.parse(await readFile(fileOf(environment), 'utf8'));
    return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([context, keys]) => [context, keysIn(keys)])) : {};
  } catch {
    return {};
  }
}

export async function readFavourites(environment: Environment, context: string): Promise<readonly string[]> {
  return (await readAll(environment))[context] ?? [];
}

/** Those of one context in place of what was there; the failure is a sentence. */
export async function writeFavourites(environment: Environment, context: string, keys: readonly string[]): Promise<Result<undefined, string>> {
  const file = fileOf(environment);
  const all = { ...(await readAll(environment)), [context]: keys.slice(0, MOST_FAVOURITES) };
  const unfinished = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: OWNER_FOLDER });
    await writeFile(unfinished, `${JSON.stringify(all, undefined, 2)}\n`, { mode: OWNER_ONLY });
    await rename(unfinished, file);
    return ok(undefined);
  } catch (error) {
    return err(`the favourites could not be kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}
