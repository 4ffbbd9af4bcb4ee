// Namespaces that a person has looked at lately, by context: a small file in their state folder.

import { isRecord } from '../lib/deep.js';
import type { Result } from '../lib/result.js';
import { withNamespace } from '../console/update-namespaces.js';
import { changeStateFile, readStateFile } from './state-file.js';

type Environment = Readonly<Record<string, string | undefined>>;

const FILE_NAME = 'namespaces.json';

/** Contexts come and go: those that were narrowed last are kept. */
const MOST_CONTEXTS = 200;

type ByContext = ReadonlyMap<string, readonly string[]>;

function parsed(value: unknown): ByContext {
  if (!isRecord(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([context, names]) => (Array.isArray(names) ? [[context, names.filter((name) => typeof name === 'string')] as const] : [])),
  );
}

/** A file that is missing or broken has none. */
export const readRecentNamespaces = async (environment: Environment): Promise<ByContext> => parsed(await readStateFile(environment, FILE_NAME));

/** The failure is a sentence. */
export function keepNamespace(environment: Environment, contexts: readonly string[], namespace: string): Promise<Result<undefined, string>> {
  return changeStateFile(environment, { file: FILE_NAME, what: 'the namespaces of late' }, (value) => {
    const known = parsed(value);
    const others = [...known].filter(([context]) => !contexts.includes(context));
    const news = contexts.map((context) => [context, withNamespace(known.get(context) ?? [], namespace)] as const);
    return Object.fromEntries([...others, ...news].slice(-MOST_CONTEXTS));
  });
}
