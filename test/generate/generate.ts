// Writes the files that are made from other files: `npm run generate`. With --check it changes nothing and fails when one is out of date.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { customResourceFiles } from './custom-resource-files.js';
import { defaultThemes } from './default-themes.js';
import { jsonSchemaFiles } from './json-schemas.js';
import { kubeFieldFiles, readKubeFields } from './kube-fields.js';
import { readmeWithKeys } from './readme-keys.js';
import { screenFiles } from './screens.js';

/** `file` is below the root of the project. */
type GeneratedFile = { readonly file: string; readonly text: string };

const root = process.env['SLUICE_ROOT'] ?? '.';

const kubeFields = readKubeFields(path.join(root, 'test/control-plane/kubernetes'));
if (kubeFields === undefined) process.stdout.write('skipped: the field tables of built-in kinds are made from Go packages, and Go is not here or can not fetch them\n');

/** A new kind of generated file is a line here. */
const GENERATED: readonly GeneratedFile[] = [
  ...(kubeFields === undefined ? [] : kubeFieldFiles(kubeFields)),
  ...customResourceFiles(),
  ...jsonSchemaFiles(),
  defaultThemes(root),
  readmeWithKeys(root),
  ...(await screenFiles(root)),
];

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const { file, text } of GENERATED) {
  const target = path.join(root, file);
  const present = await readFile(target, 'utf8').catch(() => undefined);
  if (present === text) continue;
  stale.push(file);
  if (check) continue;
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}
const verb = check ? 'out of date' : 'written';
process.stdout.write(stale.length === 0 ? 'generated files are up to date\n' : stale.map((file) => `${verb}: ${file}\n`).join(''));
process.exitCode = check && stale.length > 0 ? 1 : 0;
