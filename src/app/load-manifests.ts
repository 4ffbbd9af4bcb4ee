// Reads the documents of YAML files. What is wrong is told with file, line and reason.

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { KubeObject } from '../kinds/kube-object.js';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import type { ManifestDocument } from './create-object.js';
import { readYamlDocuments } from './yaml-text.js';

const MOST_FILE_BYTES = 16 * 1024 * 1024;

async function filesUnder(given: string): Promise<string[]> {
  if (!(await stat(given)).isDirectory()) return [given];
  const names = (await readdir(given)).toSorted((a, b) => a.localeCompare(b));
  return names.filter((name) => /\.(ya?ml|json)$/.test(name)).map((name) => path.join(given, name));
}

const isManifest = (value: unknown): value is KubeObject =>
  isRecord(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string' && isRecord(value['metadata']);

function readDocuments(file: string, text: string): Result<ManifestDocument[], string> {
  const documents = readYamlDocuments(text);
  if (!documents.ok) {
    const [{ line, col, message }] = documents.error;
    return err(`${file}:${line}:${col}: ${message}`);
  }
  const found: ManifestDocument[] = [];
  for (const { value, placeOf } of documents.value) {
    const { line } = placeOf([]);
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
