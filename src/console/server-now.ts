// The time by the server's clock: what objects of a cluster are dated by, so what their ages and pauses are counted by.

import type { Instant } from '../lib/instant.js';
import type { Model } from './model.js';

export function skewOf({ snapshot }: Pick<Model, 'snapshot'>): number {
  return snapshot?.skewMs ?? 0;
}

export function serverNow(model: Pick<Model, 'now' | 'snapshot'>): Instant {
  return model.now + skewOf(model);
}
