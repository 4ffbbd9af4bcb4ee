// A promotion that one key confirmed waits for a moment before it goes out, and can be taken back until then. Whoever presses
// that key too late is told what undoes it now.

import type { Instant } from '../lib/instant.js';
import type { RiskyActionId } from './actions.js';
import type { Effect } from './effect.js';
import { keyText } from './keymap.js';
import type { Model } from './model.js';
import type { GoneOut, Order } from './question.js';
import { obstacleFor, targetOf } from './target.js';
import { clockText } from './time-words.js';
import { aboutOf, dispatch, notify } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

/** Nobody who wants something taken back means what went out longer ago. */
const MEANT_MS = 600_000;

const PROMOTIONS: ReadonlySet<RiskyActionId> = new Set(['rollout.promote', 'rollout.promote-full']);

/** Only these expose more users; nothing else waits to be taken back. */
export const isPromotion = ({ action }: Pick<Order, 'action'>): boolean => PROMOTIONS.has(action);

/** It can not be taken back from now on. */
export function letOut(model: Model, order: Order, words: string, now: Instant): Step {
  const [next, effects] = dispatch(model, order, now);
  const sent = effects.some(({ type }) => type === 'apply');
  return sent ? [{ ...next, goneOut: { targets: order.targets, at: now, words } }, effects] : [next, effects];
}

/** Promotions whose time to be taken back is over go out. */
export function releaseOutgoing(model: Model, now: Instant): Step {
  const due = model.outgoing.filter(({ sendAt }) => now >= sendAt);
  if (due.length === 0) return [model, []];
  let next: Model = { ...model, outgoing: model.outgoing.filter(({ sendAt }) => now < sendAt) };
  const effects: Effect[] = [];
  for (const { order, words } of due) {
    const [after, more] = letOut(next, order, words, now);
    next = after;
    effects.push(...more);
  }
  return [next, effects];
}

const STOPS = [
  { id: 'rollout.abort', to: (it: string) => `abort ${it}` },
  { id: 'rollout.pause', to: (it: string) => `pause ${it} in place` },
] as const;

const ROLLBACK = [{ id: 'rollout.rollback', to: (it: string) => `roll ${it} back` }] as const;

/** Which keys undo what has gone out, as a sentence: abort and pause while it is on its way, a rollback behind that. */
function wayBack(model: Model, { targets }: GoneOut): string {
  // A key would stop another revision than the one that was promoted.
  const stands = targets.map(({ key, saw }) => ({ facts: model.board.byKey.get(key), saw })).filter(({ facts, saw }) => facts?.canaryHash === saw.canaryHash);
  if (stands.length === 0) return 'Since then another revision has begun, or it is gone: look before you press anything.';
  const it = targets.length > 1 ? 'them' : 'it';
  const waysOf = (acts: typeof STOPS | typeof ROLLBACK): readonly string[] =>
    acts.flatMap(({ id, to }) => {
      const key = keyText(model.keymap, id, model.glyphs.ascii);
      return key === undefined || stands.every(({ facts }) => obstacleFor(model, id, facts) !== undefined) ? [] : [`${key} to ${to(it)}`];
    });
  const stops = waysOf(STOPS);
  const ways = stops.length > 0 ? stops : waysOf(ROLLBACK);
  // On another line the key would be for another rollout.
  const here = targets.length === 1 && targetOf(model)?.key === targets[0]?.key;
  const first = here ? 'Press' : targets.length > 1 ? 'Mark them again and press' : 'Go to it and press';
  return ways.length > 0 ? `${first} ${ways.join(', or ')}.` : (obstacleFor(model, 'rollout.abort', stands[0]?.facts)?.long ?? '');
}

/** The newest promotion that has not gone out yet does not go out. */
export function takeBack(model: Model, now: Instant): Step {
  const last = model.outgoing.at(-1);
  const { goneOut } = model;
  if (last !== undefined) {
    const effects = last.order.targets.flatMap((target): Effect[] => {
      const facts = model.board.byKey.get(target.key);
      return facts === undefined ? [] : [{ type: 'record', about: aboutOf(model, last.order, target, facts), outcome: 'taken back', text: 'it was not sent' }];
    });
    return [notify({ ...model, outgoing: model.outgoing.slice(0, -1) }, 'good', `${last.words} was taken back: nothing was changed.`, now), effects];
  }
  if (goneOut === undefined || now - goneOut.at > MEANT_MS)
    return [notify(model, 'attention', 'There is nothing to take back: no promotion is about to go out.', now), []];
  const when = `at ${clockText(goneOut.at, model.utcOffsetMinutes)}`;
  return [notify(model, 'attention', `Too late to take back: ${goneOut.words} went out ${when}. ${wayBack(model, goneOut)}`, now), []];
}
