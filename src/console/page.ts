// What is remembered of a screen that stands over the list or over a rollout: which one, of what, and where the person is in it.
// Its contents are made anew for each frame; only this survives from one to the next.

import { readKey } from './rollout-key.js';

/** In the order in which help and the palette list them. */
export const PAGE_IDS = [
  'why',
  'events',
  'yaml',
  'describe',
  'logs',
  'analysis',
  'experiment',
  'revisions',
  'diff',
  'timeline',
  'recent',
  'history',
  'links',
  'contexts',
  'output',
] as const;

export type PageId = (typeof PAGE_IDS)[number];

/** The object that a screen is about, by name: it may be gone when it is looked up. */
export type Subject = { readonly kind: string; readonly namespace: string; readonly name: string };

export type Sort = { readonly column: string; readonly descending: boolean };

export type Page = {
  readonly screen: PageId;
  /** The rollout that it belongs to; keys that act, act on it. */
  readonly key: string;
  readonly subject: Subject;
  readonly cursor: { readonly id: string | undefined; readonly place: number };
  readonly top: number;
  /** Cells that long lines are moved to the left. */
  readonly left: number;
  readonly filter: string;
  /** Keys go into the filter. */
  readonly typing: boolean;
  /** Undefined: as the screen sorts by itself. */
  readonly sort: Sort | undefined;
  /** New lines at the end move the view. */
  readonly follow: boolean;
};

/** `line`: where the cursor is to stand, if that line is there. */
export type PageTarget = { readonly screen: PageId; readonly key: string; readonly subject: Subject; readonly line?: string };

export function openPage({ screen, key, subject, line }: PageTarget): Page {
  return { screen, key, subject, cursor: { id: line, place: 0 }, top: 0, left: 0, filter: '', typing: false, sort: undefined, follow: true };
}

/** Subjects of the rollout itself. */
export function rolloutSubject(key: string): Subject {
  const { namespace, name } = readKey(key);
  return { kind: 'Rollout', namespace, name };
}
