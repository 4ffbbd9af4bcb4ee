// Which metrics a dry-run or retention rule names. Rules are Go regular expressions, not anchored.

import { RE2JS } from 're2js';

import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';

type Rule = { readonly metricName: string };

/** The rule of each metric that one names, or why a rule is wrong. `label` is "dryRun" or "measurementRetention". */
export function matchRules<T extends Rule>(label: string, rules: readonly T[], names: readonly string[]): Result<ReadonlyMap<string, T>, string> {
  const matched = new Map<string, T>();
  for (const [index, rule] of rules.entries()) {
    const hits = namesMatching(rule.metricName, names);
    if (hits === undefined || hits.length === 0) return err(`${label}[${index}]: Rule didn't match any metric name(s)`);
    for (const name of hits) matched.set(name, rule);
  }
  return ok(matched);
}

function namesMatching(pattern: string, names: readonly string[]): readonly string[] | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return names.filter((name) => compiled.matcher(name).find());
  } catch {
    return undefined;
  }
}
