// Reads a settings, theme, keymap or commands file: YAML checked against its schema, every complaint with file, line, column and reason.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { FieldProblem } from '../console/problem.js';
import { err, ok, type Result } from '../lib/result.js';
import { packageRoot } from './package-root.js';
import { configFolder } from './user-folders.js';

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

type Place = { readonly line: number; readonly col: number };

const START: Place = { line: 1, col: 1 };

const placeText = (file: string, { line, col }: Place): string => `${file}:${line}:${col}`;

/** Where the field stands, or what is nearest around it. */
function placeOf(document: Document.Parsed, lines: LineCounter, at: FieldProblem['path']): Place {
  for (let length = at.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(at.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as readonly number[] | null | undefined) : undefined;
    if (range?.[0] !== undefined) return lines.linePos(range[0]);
  }
  return START;
}

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  if (document.errors.length > 0) {
    return err(
      document.errors.map(
        (problem) => `${placeText(file, problem.linePos?.[0] ?? START)}: ${problem.message.split('\n')[0]?.replace(/:$/, '') ?? problem.message}`,
      ),
    );
  }
  const parsed = parse(document.toJS());
  if (!parsed.ok) return err(parsed.error.map((problem) => `${placeText(file, placeOf(document, lines, problem.path))}: ${problem.message}`));
  return ok({ content: parsed.value, lineOf: (at) => placeOf(document, lines, at).line });
}
