// What a sentence about a rollout is made from, out of the model.

import type { RolloutFacts } from './facts.js';
import type { Model } from './model.js';
import type { ReasonSight } from './reason.js';

const NOBODY = { type: 'nobody', reason: 'nothing has been read yet' } as const;

export function sightOf(model: Model, facts: RolloutFacts): ReasonSight {
  return {
    facts,
    index: model.board.index,
    driver: model.snapshot?.driver ?? NOBODY,
    now: model.now,
    utcOffsetMinutes: model.utcOffsetMinutes,
    driftSince: model.drifts.get(facts.key),
  };
}
