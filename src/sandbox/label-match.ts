// Labels as Services and subsets ask for them, and selectors as status fields print them.

import type { LabelSelector } from '../kinds/kube-object.js';

type Labels = Readonly<Record<string, string>>;

/** A plain map, as Services and subsets have: all of it must be there. An empty one matches everything. */
export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

/** The text form that status fields carry: "app=web,tier in (a,b)". */
export function selectorText(selector: LabelSelector): string {
  const plain = Object.entries(selector.matchLabels ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  return plain.join(',');
}
