// What is wrong with a field, in the words of Kubernetes' own field errors, which people know and search for.

import { goJson } from '../../../lib/go-json.js';

export function invalid(path: string, value: unknown, detail: string): string {
  return invalidJson(path, typeof value === 'string' ? JSON.stringify(value) : goJson(value), detail);
}

/** For a value whose fields have an order of their own. */
export function invalidJson(path: string, json: string, detail: string): string {
  return `${path}: Invalid value: ${json}: ${detail}`;
}

export function required(path: string, detail = ''): string {
  return `${path}: Required value${detail === '' ? '' : `: ${detail}`}`;
}

/** Questions are asked in order and only the first answer counts: the first thing wrong is the one to mend first. */
export function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}
