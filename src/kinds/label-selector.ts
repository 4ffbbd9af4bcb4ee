// Whether labels answer to a selector.

import type { LabelSelector } from './kube-object.js';

type Labels = Readonly<Record<string, string>>;

/** An empty selector matches nothing here: who has one claims everything of the namespace. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {});
  const expressions = selector?.matchExpressions ?? [];
  if (equal.length === 0 && expressions.length === 0) return false;
  if (!equal.every(([key, value]) => labels?.[key] === value)) return false;
  return expressions.every(({ key, operator, values = [] }) => {
    const value = labels?.[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}
