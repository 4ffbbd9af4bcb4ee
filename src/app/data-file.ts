// Reads a theme or keymap file: YAML checked against its schema, every complaint with file, line and reason.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { FieldProblem } from '../console/problem.js';
import { err, type Result } from '../lib/result.js';
import { packageRoot } from './package-root.js';

/** A larger file is no theme or keymap. */
const MOST_BYTES = 256 * 1024;

export type DataFolder = 'themes' | 'keymaps';

/** A bare name means one that comes with Sluice; anything with a slash or an ending is a path. */
export function dataFilePath(folder: DataFolder, nameOrPath: string): string {
  return /[/\\]|\.ya?ml$/.test(nameOrPath) ? nameOrPath : path.join(packageRoot(), folder, `${nameOrPath}.yaml`);
}

function lineOf(document: Document.Parsed, lines: LineCounter, at: FieldProblem['path']): number | undefined {
  for (let length = at.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(at.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as readonly number[] | null | undefined) : undefined;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return undefined;
}

/** The parsed value, or sentences that each name the file, the line and what is wrong there. */
export async function readDataFile<T>(file: string, parse: (value: unknown) => Result<T, readonly FieldProblem[]>): Promise<Result<T, readonly string[]>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return err([`${file}: can not be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (text.length > MOST_BYTES) return err([`${file}: is larger than ${MOST_BYTES / 1024} KiB: not a file of this kind`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    return err(document.errors.map((problem) => `${file}:${problem.linePos?.[0].line ?? 1}: ${problem.message.split('\n')[0] ?? problem.message}`));
  }
  const parsed = parse(document.toJS());
  if (parsed.ok) return parsed;
  return err(parsed.error.map((problem) => `${file}:${lineOf(document, lines, problem.path) ?? 1}: ${problem.message}`));
}
