// Every act on a rollout. Keys and words stand in actions.ts; what an act is stands in its row.

import type { RiskyActionId } from '../actions.js';
import type { Act } from './act.js';
import { ABORT, PROMOTE, PROMOTE_FULL, RETRY } from './flow.js';
import { HOLD, PAUSE } from './hold.js';
import { RESTART, TERMINATE } from './pods.js';
import { EDIT, ROLLBACK, SET_IMAGE, UNDO } from './template.js';

export const ACTS: Readonly<Record<RiskyActionId, Act>> = {
  'rollout.promote': PROMOTE,
  'rollout.promote-full': PROMOTE_FULL,
  'rollout.abort': ABORT,
  'rollout.retry': RETRY,
  'rollout.pause': PAUSE,
  'rollout.hold': HOLD,
  'rollout.undo': UNDO,
  'rollout.rollback': ROLLBACK,
  'rollout.set-image': SET_IMAGE,
  'rollout.edit': EDIT,
  'rollout.restart': RESTART,
  'run.terminate': TERMINATE,
};
