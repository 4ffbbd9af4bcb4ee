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

type Check = () => string | undefined | Iterable<string>;

/** What is wrong, in the order of the questions. A question is asked when its answer is wanted, so the first one alone costs no more. */
export function* problemsOf(checks: Iterable<Check>): Iterable<string> {
  for (const check of checks) {
    const found = check();
    if (typeof found === 'string') yield found;
    else if (found !== undefined) yield* found;
  }
}

export function firstOf(checks: Iterable<Check>): string | undefined {
  for (const problem of problemsOf(checks)) return problem;
  return undefined;
}
