// Writes the files that are made from other files: `npm run generate`. With --check it changes nothing and fails when one is out of date.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { customResourceFiles } from './custom-resource-files.js';

type GeneratedFile = { readonly name: string; readonly text: string };

const root = process.env['SLUICE_ROOT'] ?? '.';

/** Each entry makes some files; a new kind of generated file is a line here. */
const GENERATORS: readonly (() => readonly GeneratedFile[])[] = [customResourceFiles];

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const file of GENERATORS.flatMap((generator) => generator())) {
  const target = path.join(root, file.name);
  const present = await readFile(target, 'utf8').catch(() => undefined);
  if (present === file.text) continue;
  stale.push(file.name);
  if (check) continue;
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, file.text);
}
const verb = check ? 'out of date' : 'written';
process.stdout.write(stale.length === 0 ? 'generated files are up to date\n' : stale.map((name) => `${verb}: ${name}\n`).join(''));
process.exitCode = check && stale.length > 0 ? 1 : 0;
