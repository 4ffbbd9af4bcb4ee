// Rollouts that a person has marked as their own: a small file in their state folder.

import type { Result } from '../lib/result.js';
import { changeStateFile, readStateFile } from './state-file.js';

type Environment = Readonly<Record<string, string | undefined>>;

const FILE_NAME = 'favourites.json';

/** More are no favourites: the oldest goes. */
const MOST_FAVOURITES = 500;

const parsed = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((key) => typeof key === 'string').slice(-MOST_FAVOURITES) : []);

/** A file that is missing or broken has none. */
export const readFavourites = async (environment: Environment): Promise<readonly string[]> => parsed(await readStateFile(environment, FILE_NAME));

/** The failure is a sentence. */
export function changeFavourite(environment: Environment, key: string, favourite: boolean): Promise<Result<undefined, string>> {
  return changeStateFile(environment, { file: FILE_NAME, what: 'the favourites' }, (value) => {
    const others = parsed(value).filter((each) => each !== key);
    return (favourite ? [...others, key] : others).slice(-MOST_FAVOURITES);
  });
}
