// What a sentence about a rollout is made from, out of the model.

import { indexOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import { driftOf, type Model, snapshotOf } from './model.js';
import type { ReasonSight } from './reason.js';
import { serverNow, skewOf } from './server-now.js';

const NOBODY = { type: 'nobody', reason: 'nothing has been read yet' } as const;

/** Of the model: so much can be told of what was read without a screen, too. */
export type Seen = Pick<Model, 'clusters' | 'board' | 'now' | 'utcOffsetMinutes'>;

export function sightOf(model: Seen, facts: RolloutFacts): ReasonSight {
  const driftSince = driftOf(model, facts);
  return {
    facts,
    index: indexOf(model.board, facts),
    driver: snapshotOf(model, facts.cluster)?.driver ?? NOBODY,
    now: serverNow(model, facts.cluster),
    utcOffsetMinutes: model.utcOffsetMinutes,
    // Seen by this machine's clock, told by the server's, as all else.
    driftSince: driftSince === undefined ? undefined : driftSince + skewOf(model, facts.cluster),
  };
}
