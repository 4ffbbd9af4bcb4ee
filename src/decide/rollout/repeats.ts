// A pass may write the status twice: at once whether the rollout is paused or resumed, and at its end all the rest. Both are made
// from the status as it was observed, so the second says again what the first has said; a write that says nothing new is none.

import { deepEqual, isRecord } from '../../lib/deep.js';
import type { Action } from './observed.js';

export function withoutRepeats(actions: readonly Action[]): readonly Action[] {
  const written: Record<string, unknown> = {};
  return actions.flatMap((action) => {
    if (action.type !== 'patch' || action.subresource !== 'status' || !isRecord(action.body) || !isRecord(action.body['status'])) return [action];
    const news = Object.entries(action.body['status']).filter(([field, value]) => !(field in written && deepEqual(written[field], value)));
    Object.assign(written, Object.fromEntries(news));
    return news.length === 0 ? [] : [{ ...action, body: { ...action.body, status: Object.fromEntries(news) } }];
  });
}
