// What a sentence about a rollout is made from, out of the model.

import type { RolloutFacts } from './facts.js';
import type { Model } from './model.js';
import type { ReasonSight } from './reason.js';
import { serverNow, skewOf } from './server-now.js';

const NOBODY = { type: 'nobody', reason: 'nothing has been read yet' } as const;

export function sightOf(model: Model, facts: RolloutFacts): ReasonSight {
  const driftSince = model.drifts.get(facts.key);
  return {
    facts,
    index: model.board.index,
    driver: model.snapshot?.driver ?? NOBODY,
    now: serverNow(model),
    utcOffsetMinutes: model.utcOffsetMinutes,
    // Seen by this machine's clock, told by the server's, as all else.
    driftSince: driftSince === undefined ? undefined : driftSince + skewOf(model),
  };
}
