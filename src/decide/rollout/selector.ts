// A label selector as text, in the form that `kubectl` and autoscalers read.

import type { LabelSelector } from '../../kinds/kube-object.js';

/** "app=shop,tier in (a,b)": sorted by key. */
export function formatSelector(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }));
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({ key, text: expression(key, operator, values ?? []) }));
  return [...equal, ...others]
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ text }) => text)
    .join(',');
}

function expression(key: string, operator: string, values: readonly string[]): string {
  const list = [...values].sort().join(',');
  switch (operator) {
    case 'In':
      return `${key} in (${list})`;
    case 'NotIn':
      return `${key} notin (${list})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return `${key} ${operator} (${list})`;
  }
}

/** Whether labels match. An empty selector matches nothing here: a rollout without one owns nothing. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>> | undefined): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {});
  const expressions = selector?.matchExpressions ?? [];
  if (equal.length === 0 && expressions.length === 0) return false;
  if (!equal.every(([key, value]) => labels?.[key] === value)) return false;
  return expressions.every(({ key, operator, values }) => {
    const value = labels?.[key];
    switch (operator) {
      case 'In':
        return value !== undefined && (values ?? []).includes(value);
      case 'NotIn':
        return value === undefined || !(values ?? []).includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}
