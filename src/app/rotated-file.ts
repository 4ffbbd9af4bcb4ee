// A file that only its owner reads, that grows by lines and never beyond a limit: a full one is set aside as FILE.1, FILE.2
// and so on, and the oldest goes.

import { appendFile, chmod, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { OWNER_FOLDER, OWNER_ONLY } from '../lib/owner-only.js';

export type Rotation = { readonly mostBytes: number; readonly keptFiles: number };

async function rotate(file: string, { mostBytes, keptFiles }: Rotation): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < mostBytes) return;
  for (let place = keptFiles - 1; place >= 1; place -= 1) await rename(`${file}.${place}`, `${file}.${place + 1}`).catch(() => undefined);
  await rename(file, `${file}.1`);
}

/** One write: lines of two programs do not mix. */
export async function appendRotated(file: string, text: string, rotation: Rotation): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: OWNER_FOLDER });
  await rotate(file, rotation);
  await appendFile(file, text, { mode: OWNER_ONLY });
  // A file that somebody made before with wider rights is closed too.
  await chmod(file, OWNER_ONLY);
}
