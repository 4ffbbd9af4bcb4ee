// The arguments that a rollout gives its analyses: texts, pod hashes, and fields of the rollout itself.

import type { Argument, RolloutArgument } from '../../kinds/analysis-spec.js';
import { isRecord } from '../../lib/deep.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import type { Pass } from './pass.js';
import { hashOf } from './sets.js';

export function resolveArguments(pass: Pass, args: readonly RolloutArgument[]): Result<readonly Argument[], string> {
  const resolved: Argument[] = [];
  for (const arg of args) {
    const value = resolve(pass, arg);
    if (!value.ok) return value;
    resolved.push({ name: arg.name, ...(value.value === undefined ? {} : { value: value.value }) });
  }
  return ok(resolved);
}

function resolve(pass: Pass, arg: RolloutArgument): Result<string | undefined, string> {
  const from = arg.valueFrom;
  if (from?.podTemplateHashValue === 'Latest') return ok(hashOf(pass.sets.newest));
  if (from?.podTemplateHashValue === 'Stable') return ok(hashOf(pass.sets.stable));
  if (from?.fieldRef !== undefined) return fieldOf(pass, from.fieldRef.fieldPath);
  return ok(arg.value);
}

function fieldOf(pass: Pass, path: string): Result<string, string> {
  const { metadata, spec, status } = pass.rollout;
  if (path.startsWith('metadata')) return metadataField(pass, path);
  let value: unknown = { metadata, spec, status };
  for (const part of path.split(/[.[\]]/).filter((piece) => piece !== '')) {
    if (Array.isArray(value)) {
      const index = Number(part);
      if (!Number.isInteger(index)) return err(`invalid path ${path} in rollout`);
      if (index < 0 || index >= value.length) return err(`index ${index} out of range`);
      value = (value as unknown[])[index];
    } else if (isRecord(value) && value[part] !== undefined) {
      value = value[part];
    } else {
      return err(`invalid path ${path} in rollout`);
    }
  }
  if (typeof value === 'string' || typeof value === 'boolean') return ok(String(value));
  if (typeof value === 'number') return ok(goNumber(value));
  return err(`path ${path} in rollout must terminate in a primitive value`);
}

/** As the downward API has it: `metadata.labels['k']` and a few plain fields. */
function metadataField(pass: Pass, path: string): Result<string, string> {
  const { metadata } = pass.rollout;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) return ok((keyed[1] === 'labels' ? metadata.labels : metadata.annotations)?.[keyed[2] ?? ''] ?? '');
  const listed = (map: Readonly<Record<string, string>> | undefined): string =>
    Object.entries(map ?? {})
      .map(([key, value]) => `${key}="${value}"`)
      .sort((a, b) => (a < b ? -1 : 1))
      .join('\n');
  switch (path) {
    case 'metadata.name':
      return ok(metadata.name);
    case 'metadata.namespace':
      return ok(metadata.namespace ?? '');
    case 'metadata.uid':
      return ok(metadata.uid ?? '');
    case 'metadata.labels':
      return ok(listed(metadata.labels));
    case 'metadata.annotations':
      return ok(listed(metadata.annotations));
    default:
      return err(`unsupported fieldPath: ${path}`);
  }
}

/** Every number is a float64 there, and Go writes those of a million and more with an exponent. */
function goNumber(value: number): string {
  const exponential = value.toExponential();
  const exponent = Number(exponential.slice(exponential.indexOf('e') + 1));
  if (exponent >= -4 && exponent < 6) return String(value);
  return exponential.replace(/e([+-])(\d)$/, 'e$10$2');
}
