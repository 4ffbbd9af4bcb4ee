// What a rollout has been told of already, in the annotation of the notifications engine: whoever drives it next, here or there, goes on
// from it and tells nobody twice.

import { NOTIFIED } from '../kinds/labels.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { isRecord } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';
import type { Destination } from './service.js';
import type { Condition } from './triggers.js';

/** By key, when it was sent: seconds since the epoch. */
export type Told = ReadonlyMap<string, number>;

/** What `oncePer` adds stays when its condition no longer holds; of all, only the newest are kept. */
const MOST_KEPT = 100;

/** An annotation that is none of ours to understand counts as empty: better told twice than never. */
export function toldOf({ metadata }: Pick<KubeObject, 'metadata'>): Told {
  try {
    const value: unknown = JSON.parse(metadata.annotations?.[NOTIFIED] ?? '{}');
    return new Map(isRecord(value) ? Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number') : []);
  } catch {
    return new Map();
  }
}

export function toldKey(trigger: string, condition: Condition, occasion: string, { service, recipient }: Destination): string {
  return `${occasion === '' ? '' : `${occasion}:`}${trigger}:${condition.key}:${service}:${recipient}`;
}

export const toldAt = (now: Instant): number => Math.floor(now / 1000);

/** The annotation's text; null takes it away. */
export function toldText(told: Told): string | null {
  if (told.size === 0) return null;
  const newest = [...told].toSorted(([, a], [, b]) => b - a).slice(0, MOST_KEPT);
  return JSON.stringify(Object.fromEntries(newest.toSorted(([a], [b]) => (a < b ? -1 : 1))));
}
