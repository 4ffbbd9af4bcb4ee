// The one place that judges a measured value.

import type { Metric } from '../../kinds/metric.js';
import type { Instant } from '../../lib/instant.js';
import { evaluateCondition, type Verdict } from '../expression/evaluate.js';
import type { GoValue } from '../expression/go-value.js';
import { hasText } from './limits.js';

export type Judgement = { readonly phase: 'Successful' | 'Failed' | 'Inconclusive' | 'Error'; readonly message?: string };

/** A condition that can not be evaluated is an Error; failure outweighs success; neither is Inconclusive. */
export function judge(metric: Metric, result: GoValue, now: Instant): Judgement {
  const success = hasText(metric.successCondition) ? evaluateCondition(metric.successCondition, result, now) : undefined;
  const failure = hasText(metric.failureCondition) ? evaluateCondition(metric.failureCondition, result, now) : undefined;
  for (const verdict of [success, failure]) if (verdict !== undefined && 'error' in verdict) return { phase: 'Error', message: verdict.message };
  const succeeded = holds(success);
  const failed = holds(failure);
  if (failed === true) return { phase: 'Failed' };
  if (succeeded !== false) return { phase: 'Successful' };
  return { phase: failed === undefined ? 'Failed' : 'Inconclusive' };
}

const holds = (verdict: Verdict | undefined): boolean | undefined => (verdict === undefined || 'error' in verdict ? undefined : verdict.value);
