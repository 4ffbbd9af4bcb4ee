// Whether labels answer to a selector, in the three forms that objects carry one.

import type { LabelSelector } from '../kinds/kube-object.js';

type Labels = Readonly<Record<string, string>>;

/** A plain map, as Services and subsets have: all of it must be there. An empty one matches everything. */
export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

/** A workload's selector. One without any requirement matches nothing here: it would claim every pod of the namespace. */
export function selectsLabels(selector: LabelSelector, labels: Labels | undefined): boolean {
  const expressions = selector.matchExpressions ?? [];
  if (Object.keys(selector.matchLabels ?? {}).length === 0 && expressions.length === 0) return false;
  if (!hasLabels(labels, selector.matchLabels ?? {})) return false;
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

/** The text form that status fields carry: "app=web,tier in (a,b)". */
export function selectorText(selector: LabelSelector): string {
  const plain = Object.entries(selector.matchLabels ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  return plain.join(',');
}
