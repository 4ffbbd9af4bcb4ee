// Text for the person's clipboard, through the terminal: that works over SSH too. What is too long, or for a terminal that
// has no clipboard, goes into a file.

import path from 'node:path';
import { passThrough } from './notification.js';
import { writeOwned } from './owned-file.js';
import { stateFolder } from './user-folders.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals drop longer sequences whole; this is what xterm takes. */
export const MOST_OSC52_BYTES = 74_994;

export function osc52(text: string, environment: Environment): string {
  return passThrough(`\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`, environment);
}

/** Whether the terminal may have a clipboard, and takes that much. */
export function fitsClipboard(text: string, environment: Environment): boolean {
  return environment['TERM'] !== 'linux' && Math.ceil(Buffer.byteLength(text, 'utf8') / 3) * 4 <= MOST_OSC52_BYTES;
}

/** Where it went, as a sentence. Terminals do not say whether they took it, so the file is always written too. */
export async function copyText(text: string, what: string, environment: Environment, write: (sequence: string) => void): Promise<string> {
  const file = path.join(stateFolder(environment), 'clipboard.txt');
  const fits = fitsClipboard(text, environment);
  if (fits) write(osc52(text, environment));
  const saved = await writeOwned(file, `${text}\n`).then(
    () => true,
    () => false,
  );
  if (fits) return `${what} is on the clipboard, if this terminal allows it${saved ? `; and in ${file}` : ''}`;
  return saved
    ? `${what} is in ${file}: this terminal takes no ${environment['TERM'] === 'linux' ? 'clipboard' : 'text of that length'}`
    : `${what} could not be written to ${file}`;
}
