// A file of a person's own: nobody else reads it, and who opens it finds all of it or what was there before.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OWNER_FOLDER, OWNER_ONLY } from '../lib/owner-only.js';

export async function writeOwned(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: OWNER_FOLDER });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, text, { mode: OWNER_ONLY });
  await rename(unfinished, file);
}
