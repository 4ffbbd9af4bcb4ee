// The time by a cluster's own clock: what its objects are dated by, so what their ages and pauses are counted by.

import type { Instant } from '../lib/instant.js';
import { type Model, snapshotOf } from './model.js';
import type { Page } from './page.js';
import { readKey } from './rollout-key.js';

export function skewOf(model: Pick<Model, 'clusters'>, cluster: string | undefined): number {
  return snapshotOf(model, cluster)?.skewMs ?? 0;
}

export function serverNow(model: Pick<Model, 'clusters' | 'now'>, cluster: string | undefined): Instant {
  return model.now + skewOf(model, cluster);
}

export const pageNow = (model: Model, page: Page): Instant => serverNow(model, readKey(page.key).cluster);
