// Creates objects on a cluster: those of the demos, and the documents of YAML files. What is refused is told with file,
// document and the server's reason; the rest is loaded all the same.

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import type { Cluster } from '../cluster/cluster.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { apiVersionOf, BUILT_IN_TYPES, type ResourceType } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';

const MOST_FILE_BYTES = 16 * 1024 * 1024;

export type ManifestDocument = { readonly origin: string; readonly object: KubeObject };

/** The type of an object, asking the server for groups that are not built in. */
export type TypeLookup = (object: KubeObject) => Promise<ResourceType | undefined>;

export function createTypeLookup(cluster: Cluster): TypeLookup {
  const groups = new Map<string, readonly ResourceType[]>();
  return async ({ apiVersion, kind }) => {
    const builtIn = BUILT_IN_TYPES.find((type) => apiVersionOf(type) === apiVersion && type.kind === kind);
    if (builtIn !== undefined) return builtIn;
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const find = (types: readonly ResourceType[] | undefined): ResourceType | undefined =>
      types?.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
    const known = find(groups.get(group));
    if (known !== undefined) return known;
    // Not kept when it is missing: an earlier document may just have installed its CustomResourceDefinition.
    const found = await cluster.discover(group);
    if (found.ok) groups.set(group, found.value);
    return find(groups.get(group));
  };
}

export async function createObject(cluster: Cluster, lookup: TypeLookup, { origin, object }: ManifestDocument): Promise<Result<undefined, string>> {
  const type = await lookup(object);
  if (type === undefined) return err(`${origin}: the server does not know the kind ${object.kind} in ${object.apiVersion}`);
  const ref: ObjectRef = { type, namespace: type.namespaced ? (object.metadata.namespace ?? 'default') : '', name: object.metadata.name };
  const answer = await cluster.create(ref, object, { fieldManager: 'sluice', fieldValidation: 'Strict' });
  const name = (object.metadata.name as string | undefined) ?? '(without a name)';
  return answer.ok ? ok(undefined) : err(`${origin}: ${object.kind} ${name}: ${answer.error.message}`);
}

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
