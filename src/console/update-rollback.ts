// Moves rollbacks on as the cluster shows what they wait for, and tells how far they are.

import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import { indexOf } from './board.js';
import type { Effect } from './effect.js';
import type { ApplyFailure } from './message.js';
import { isFresh, labelOf, type Model } from './model.js';
import { type Rollback, STAGE_WORDS, stepRollback, whereItStands } from './rollback.js';
import { readKey } from './rollout-key.js';
import { failureText, notify, send } from './update-changes.js';
import { ageText } from './time-words.js';

type Step = readonly [Model, readonly Effect[]];

const replace = (model: Model, rollback: Rollback, by: Rollback | undefined): Model => ({
  ...model,
  rollbacks: model.rollbacks.flatMap((each) => (each !== rollback ? [each] : by === undefined ? [] : [by])),
});

function end(model: Model, rollback: Rollback, outcome: 'done' | 'stopped', text: string, now: Instant): Step {
  const took = ageText(rollback.startedAt, now);
  const name = labelOf(model, rollback.key);
  const words = outcome === 'done' ? `roll back ${name}: ${text}, after ${took}` : `roll back ${name} stopped after ${took}: ${text}`;
  const next = notify(replace(model, rollback, undefined), outcome === 'done' ? 'good' : 'bad', words, now);
  return [next, [{ type: 'record', about: rollback.about, outcome, text }]];
}

function advance(model: Model, rollback: Rollback, now: Instant): Step {
  const { cluster } = readKey(rollback.key);
  if (!isFresh(model, cluster)) return [model, []];
  const step = stepRollback(rollback, model.board.byKey.get(rollback.key), indexOf(model.board, { cluster }), now);
  switch (step.type) {
    case 'wait':
      return [step.detail === rollback.detail ? model : replace(model, rollback, { ...rollback, detail: step.detail }), []];
    case 'next': {
      const next = { ...rollback, stage: step.stage, stageSince: now, taken: false, detail: '' };
      return advance(replace(model, rollback, next), next, now);
    }
    case 'send': {
      const about = { ...rollback.about, words: `${rollback.about.words.split(':')[0] ?? ''}: full promotion of revision ${rollback.revision}` };
      const next = { ...rollback, stage: step.stage, stageSince: now, taken: false, detail: '', sentId: model.nextId };
      return send(replace(model, rollback, next), step.changes, about, now);
    }
    case 'done':
      return end(model, rollback, 'done', step.text, now);
    case 'failed':
      return end(model, rollback, 'stopped', step.text, now);
  }
}

/** After new data, and as time passes. What is stale moves nothing. */
export function advanceRollbacks(model: Model, now: Instant): Step {
  let next = model;
  const effects: Effect[] = [];
  for (const rollback of model.rollbacks) {
    const [after, more] = advance(next, rollback, now);
    next = after;
    effects.push(...more);
  }
  return [next, effects];
}

/** Leaves the newest rollback where it is; undefined when none runs. What was sent stays sent. */
export function stopRollback(model: Model, now: Instant): Step | undefined {
  const rollback = model.rollbacks.at(-1);
  if (rollback === undefined) return undefined;
  const facts = model.board.byKey.get(rollback.key);
  const stands = facts === undefined ? '' : `; ${whereItStands(facts, indexOf(model.board, readKey(rollback.key)))}`;
  return end(model, rollback, 'stopped', `ended by hand while ${STAGE_WORDS[rollback.stage]}${stands}`, now);
}

/** The server's answer to a change of a rollback; undefined when the answer is not for one. */
export function answerRollback(model: Model, id: number, result: Result<undefined, ApplyFailure>, now: Instant): Step | undefined {
  const rollback = model.rollbacks.find(({ sentId }) => sentId === id);
  if (rollback === undefined) return undefined;
  if (!result.ok) return end(model, rollback, 'stopped', `its change ${failureText(1, result.error)}: ${result.error.message}`, now);
  return advanceRollbacks(replace(model, rollback, { ...rollback, taken: true }), now);
}
