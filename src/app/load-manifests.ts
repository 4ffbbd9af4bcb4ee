// Reads the documents of YAML files. What is wrong is told with file, line and reason.

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Document, Lexer, LineCounter, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../kinds/kube-object.js';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import { DEEPEST_YAML, tooDeepLine } from '../lib/yaml-depth.js';
import type { ManifestDocument } from './create-object.js';

const MOST_FILE_BYTES = 16 * 1024 * 1024;

async function filesUnder(given: string): Promise<string[]> {
  if (!(await stat(given)).isDirectory()) return [given];
  const names = (await readdir(given)).toSorted((a, b) => a.localeCompare(b));
  return names.filter((name) => /\.(ya?ml|json)$/.test(name)).map((name) => path.join(given, name));
}

const isManifest = (value: unknown): value is KubeObject =>
  isRecord(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string' && isRecord(value['metadata']);

/** The parser names the place again at the end of what it says, and quotes the lines. */
function problemText(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}

/** A value that refers to itself is refused here: nothing behind this expects one. */
function readValue(document: Document.Parsed): Result<unknown, string> {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return ok(value);
  } catch (error) {
    const message = error instanceof Error ? problemText(error.message) : String(error);
    return err(/circular/i.test(message) ? 'a value refers to itself' : message);
  }
}

function readDocuments(file: string, text: string): Result<ManifestDocument[], string> {
  const deep = tooDeepLine(new Lexer().lex(text));
  if (deep !== undefined) return err(`${file}:${deep}: lists and maps stand more than ${DEEPEST_YAML} deep in each other`);
  const lines = new LineCounter();
  // Its warnings would be written over the screen.
  const documents = parseAllDocuments(text, { lineCounter: lines, logLevel: 'error' });
  const found: ManifestDocument[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const [problem] = document.errors;
    if (problem !== undefined) {
      const at = problem.linePos?.[0];
      return err(`${file}:${at?.line ?? 1}:${at?.col ?? 1}: ${problemText(problem.message)}`);
    }
    const line = lines.linePos((document.contents ?? document).range[0]).line;
    const read = readValue(document);
    if (!read.ok) return err(`${file}:${line}: ${read.error}`);
    const { value } = read;
    if (value === null || value === undefined) continue;
    if (!isManifest(value)) return err(`${file}:${line}: not a manifest: apiVersion, kind and metadata are needed`);
    const items: readonly unknown[] = value.kind.endsWith('List') && Array.isArray(value['items']) ? value['items'] : [value];
    for (const [index, item] of items.entries()) {
      if (!isManifest(item)) return err(`${file}:${line}: items[${index}] is not a manifest: apiVersion, kind and metadata are needed`);
      found.push({ origin: `${file}:${line}`, object: item });
    }
  }
  return ok(found);
}

/** All documents of the files and folders (their .yaml, .yml and .json), in order; or the first complaint. */
export async function readManifests(paths: readonly string[]): Promise<Result<ManifestDocument[], string>> {
  const found: ManifestDocument[] = [];
  for (const given of paths) {
    try {
      for (const file of await filesUnder(given)) {
        const { size } = await stat(file);
        const text = size > MOST_FILE_BYTES ? '' : await readFile(file, 'utf8');
        if (size > MOST_FILE_BYTES || text.length > MOST_FILE_BYTES) return err(`${file}: is larger than ${MOST_FILE_BYTES / 1024 / 1024} MiB`);
        const documents = readDocuments(file, text);
        if (!documents.ok) return documents;
        found.push(...documents.value);
      }
    } catch (error) {
      return err(`${given}: can not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return ok(found);
}
