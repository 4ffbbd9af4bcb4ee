// What a sentence about a rollout is made from, out of the model.

import { indexOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import { driftOf, type Model, snapshotOf } from './model.js';
import type { ReasonSight } from './reason.js';

const NOBODY = { type: 'nobody', reason: 'nothing has been read yet' } as const;

export function sightOf(model: Model, facts: RolloutFacts): ReasonSight {
  return {
    facts,
    index: indexOf(model.board, facts),
    driver: snapshotOf(model, facts.cluster)?.driver ?? NOBODY,
    now: model.now,
    utcOffsetMinutes: model.utcOffsetMinutes,
    driftSince: driftOf(model, facts),
  };
}
