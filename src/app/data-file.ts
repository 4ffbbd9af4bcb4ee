// Reads a settings, theme, keymap or commands file: YAML checked against its schema, every complaint with file, line, column and reason.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FieldProblem } from '../console/problem.js';
import { err, ok, type Result } from '../lib/result.js';
import { packageRoot } from './package-root.js';
import { configFolder } from './user-folders.js';
import { readYaml, type YamlPlace } from './yaml-text.js';

/** A larger file is no theme or keymap. */
const MOST_BYTES = 256 * 1024;

export type DataFolder = 'themes' | 'keymaps';

/** A bare name means a person's own, or else one that comes with Sluice; anything with a slash or an ending is a path. */
export function dataFilePath(folder: DataFolder, nameOrPath: string, environment: Readonly<Record<string, string | undefined>>): string {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) return nameOrPath;
  const own = path.join(configFolder(environment), folder, `${nameOrPath}.yaml`);
  return existsSync(own) ? own : path.join(packageRoot(), folder, `${nameOrPath}.yaml`);
}

/** What a file holds, and on which line each field stands. */
export type Read<T> = { readonly content: T; lineOf(field: FieldProblem['path']): number };

const placeText = (file: string, { line, col }: YamlPlace): string => `${file}:${line}:${col}`;

/** The parsed value, or sentences that each name the file, line and column, and what is wrong there. */
export async function readDataFile<T>(
  file: string,
  parse: (value: unknown) => Result<T, readonly FieldProblem[]>,
): Promise<Result<Read<T>, readonly string[]>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return err([`${file}: can not be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (text.length > MOST_BYTES) return err([`${file}: is larger than ${MOST_BYTES / 1024} KiB: not a file of this kind`]);
  const document = readYaml(text);
  if (!document.ok) return err(document.error.map((problem) => `${placeText(file, problem)}: ${problem.message}`));
  const { value, placeOf } = document.value;
  const parsed = parse(value);
  if (!parsed.ok) return err(parsed.error.map((problem) => `${placeText(file, placeOf(problem.path))}: ${problem.message}`));
  return ok({ content: parsed.value, lineOf: (at) => placeOf(at).line });
}
