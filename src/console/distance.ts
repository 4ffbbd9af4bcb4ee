// How far the keys that move go.

import type { ActionId } from './actions.js';

/** How far each moving action goes, for a page of so many rows. */
export function distance(action: ActionId, page: number): number | undefined {
  if (action === 'move.up') return -1;
  if (action === 'move.down') return 1;
  if (action === 'move.page-up') return -Math.max(1, page - 1);
  if (action === 'move.page-down') return Math.max(1, page - 1);
  if (action === 'move.first') return -Number.MAX_SAFE_INTEGER;
  return action === 'move.last' ? Number.MAX_SAFE_INTEGER : undefined;
}
