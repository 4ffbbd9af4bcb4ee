// Puts arguments into metrics: `{{args.NAME}}` anywhere in a metric's texts.

import type { Argument } from '../../kinds/analysis-spec.js';
import type { Metric } from '../../kinds/metric.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';

export type ArgumentValues = ReadonlyMap<string, string>;

// Stands for secrets wherever their value does not matter: they are read only when something is measured.
const UNREAD_SECRET = 'secret';

/** The values of the arguments, with secrets as `secretOf` gives them. */
export function argumentValues(
  args: readonly Argument[] | undefined,
  secretOf: (name: string, key: string) => string | undefined = () => UNREAD_SECRET,
): Result<ArgumentValues, string> {
  const values = new Map<string, string>();
  for (const arg of args ?? []) {
    const secret = arg.valueFrom?.secretKeyRef;
    const value = secret === undefined ? arg.value : secretOf(secret.name, secret.key);
    if (value === undefined) return err(`argument "${arg.name}" was not supplied`);
    values.set(arg.name, value);
  }
  return ok(values);
}

/** The metric with every tag replaced. The text of the error names the tag. */
export function resolveMetric(metric: Metric, values: ArgumentValues): Result<Metric, string> {
  let failure: string | undefined;
  const text = JSON.stringify(metric).replace(/\{\{(.*?)\}\}/g, (tag, inner: string) => {
    const name = inner.trim();
    const value = name.startsWith('args.') ? values.get(name.slice('args.'.length)) : undefined;
    if (value !== undefined) return JSON.stringify(value).slice(1, -1);
    failure ??= `failed to resolve ${tag}`;
    return '';
  });
  return failure === undefined ? ok(JSON.parse(text) as Metric) : err(failure);
}

export function resolveMetrics(metrics: readonly Metric[], values: ArgumentValues): Result<readonly Metric[], string> {
  const resolved: Metric[] = [];
  for (const metric of metrics) {
    const one = resolveMetric(metric, values);
    if (!one.ok) return one;
    resolved.push(one.value);
  }
  return ok(resolved);
}
