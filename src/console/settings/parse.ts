// The schema of the settings file: global values, and closer ones for contexts and for namespaces in them.

import { isRecord } from '../../lib/deep.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import { err, ok, type Result } from '../../lib/result.js';
import { describeValue, type FieldProblem, problem } from '../problem.js';
import { linksProblem } from './link-setting.js';
import { mayStandIn, type Scope, settingRow, SETTINGS, type ValueKind, type Values } from './rows.js';

/** `*` in a pattern stands for any characters. The first entry that fits is taken. */
export type NamespaceSettings = { readonly pattern: string; readonly values: Values };
export type ContextSettings = NamespaceSettings & { readonly namespaces: readonly NamespaceSettings[] };

export type SettingsFile = { readonly global: Values; readonly contexts: readonly ContextSettings[] };

export const EMPTY_SETTINGS: SettingsFile = { global: {}, contexts: [] };

/** The kept form of a value, or what is wrong with it as "must be …". */
export function readValue(kind: ValueKind, value: unknown): Result<unknown, string> {
  const wrong = (wanted: string): Result<unknown, string> => err(`must be ${wanted}, not ${describeValue(value)}`);
  switch (kind.type) {
    case 'word':
      return kind.words.some((word) => word === value) ? ok(value) : wrong(kind.words.join(' or '));
    case 'flag':
      return typeof value === 'boolean' ? ok(value) : wrong('true or false');
    case 'text':
      return typeof value === 'string' && value !== '' ? ok(value) : wrong('a text');
    case 'duration': {
      const ms = typeof value === 'string' ? parseGoDuration(value) : undefined;
      return ms !== undefined && ms >= 0 && ms <= kind.mostMs ? ok(ms) : wrong(`a duration from 0s to ${kind.mostMs / 1000}s`);
    }
    case 'links': {
      const wrong = linksProblem(value);
      return wrong === undefined ? ok(value) : err(wrong);
    }
    case 'plugins':
      return readPlugins(value);
  }
}

function readPlugins(value: unknown): Result<unknown, string> {
  if (!Array.isArray(value)) return err(`must be a list of modules, each with name and module, not ${describeValue(value)}`);
  const names: string[] = [];
  for (const plugin of value) {
    const known = isRecord(plugin) && Object.keys(plugin).every((field) => field === 'name' || field === 'module');
    const { name, module } = isRecord(plugin) ? plugin : { name: undefined, module: undefined };
    if (!known || typeof name !== 'string' || name === '' || typeof module !== 'string' || module === '')
      return err('must hold modules that have name (such as acme/mesh) and module (such as ./mesh.mjs), and nothing else');
    if (names.includes(name)) return err(`has '${name}' twice`);
    names.push(name);
  }
  return ok(value);
}

type Gathered = { values: Record<string, unknown>; problems: FieldProblem[] };

function readScope(source: Record<string, unknown>, scope: Scope, path: readonly string[], inner: readonly string[]): Gathered {
  const gathered: Gathered = { values: {}, problems: [] };
  const allowed = SETTINGS.filter((row) => mayStandIn(row, scope)).map(({ name }) => name);
  for (const [name, value] of Object.entries(source)) {
    if (inner.includes(name)) continue;
    const row = settingRow(name);
    const where = [...path, name];
    if (row === undefined) gathered.problems.push(problem(where, `is no setting; settings here are ${[...allowed, ...inner].join(', ')}`));
    else if (!mayStandIn(row, scope)) gathered.problems.push(problem(where, `can not be set for a single ${scope}`));
    else {
      const read = readValue(row.kind, value);
      if (read.ok) gathered.values[name] = read.value;
      else gathered.problems.push(problem(where, read.error));
    }
  }
  return gathered;
}

/** Entries of a map of patterns; each must be a map. */
function readPatterns<T>(
  value: unknown,
  path: readonly string[],
  problems: FieldProblem[],
  read: (inner: Record<string, unknown>, at: readonly string[], pattern: string) => T,
): T[] {
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) {
    problems.push(problem(path, `must be a map from names (* stands for any characters) to settings, not ${describeValue(value)}`));
    return [];
  }
  return Object.entries(value).flatMap(([pattern, inner]) => {
    const at = [...path, pattern];
    if (isRecord(inner)) return [read(inner, at, pattern)];
    problems.push(problem(at, `must be a map of settings, not ${describeValue(inner)}`));
    return [];
  });
}

/** Takes what a YAML parser made of the file. All that is wrong is told at once. An empty file sets nothing. */
export function parseSettings(value: unknown): Result<SettingsFile, readonly FieldProblem[]> {
  if (value === null || value === undefined) return ok(EMPTY_SETTINGS);
  if (!isRecord(value)) return err([problem([], `settings are a map, not ${describeValue(value)}`)]);
  const { values: global, problems } = readScope(value, 'global', [], ['contexts']);
  const contexts = readPatterns(value['contexts'], ['contexts'], problems, (inner, at, pattern): ContextSettings => {
    const own = readScope(inner, 'context', at, ['namespaces']);
    problems.push(...own.problems);
    const namespaces = readPatterns(inner['namespaces'], [...at, 'namespaces'], problems, (innermost, place, name): NamespaceSettings => {
      const closest = readScope(innermost, 'namespace', place, []);
      problems.push(...closest.problems);
      return { pattern: name, values: closest.values };
    });
    return { pattern, values: own.values, namespaces };
  });
  return problems.length > 0 ? err(problems) : ok({ global, contexts });
}
