// What a person's console remembers from one start to the next: small JSON files in their state folder.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { err, ok, type Result } from '../lib/result.js';
import { writeOwned } from './owned-file.js';
import { stateFolder } from './user-folders.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined where it is missing or broken: it is written anew with the next change. */
export async function readStateFile(environment: Environment, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path.join(stateFolder(environment), file), 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Two keys that are pressed one after the other are written one after the other. */
let last: Promise<unknown> = Promise.resolve();

type Kept = { readonly file: string; /** "the favourites" */ readonly what: string };

/** From what is there now: what another console has written meanwhile stays. The failure is a sentence. */
export function changeStateFile(environment: Environment, { file, what }: Kept, make: (value: unknown) => unknown): Promise<Result<undefined, string>> {
  const changed = last.then(async (): Promise<Result<undefined, string>> => {
    const next = make(await readStateFile(environment, file));
    try {
      await writeOwned(path.join(stateFolder(environment), file), `${JSON.stringify(next, undefined, 2)}\n`);
      return ok(undefined);
    } catch (error) {
      return err(`${what} could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  last = changed;
  return changed;
}
