// Leaving the program: at once when nothing is lost by it, and else only by the same key again, after it has said what.

import type { Snapshot } from '../kinds/snapshot.js';
import type { Instant } from '../lib/instant.js';
import type { Context } from './actions.js';
import type { Effect } from './effect.js';
import type { KeyPress } from './key.js';
import { findAction } from './keymap.js';
import { contextOf, labelOf, type Model, snapshotOf } from './model.js';
import { STAGE_WORDS } from './rollback.js';
import { notify } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

/** So long the same key means: yes, end it. */
const SECOND_KEY_MS = 5000;

/** So long the key that has just closed a screen is not taken for the wish to end the program. */
const JUST_CLOSED_MS = 1000;

/** Where the key that ends the program from the list closes something instead. */
const CLOSABLE: readonly Context[] = ['rollout', 'page', 'question', 'help', 'log'];

/** What would be cut short, as whole clauses, with these words of what has not gone out. */
function cutShort(model: Model, unsentWords: string): readonly string[] {
  const unsent = model.outgoing.map(({ words }) => `${words} ${unsentWords}`);
  const halves = model.rollbacks.map(({ key, stage }) => `the rollback of ${labelOf(model, key)} is left where it is (${STAGE_WORDS[stage]})`);
  const running = model.ownRuns.filter(({ ended }) => ended === undefined).map(({ words }) => `${words} is stopped`);
  return [...unsent, ...halves, ...running];
}

/** Rollouts on the way that stand still without this program, or are gone with it: an embedded cluster ends too. */
function heldHere(model: Model): readonly string[] {
  const onTheWay = (where: (cluster: string) => boolean): number =>
    [...model.board.byKey.values()].filter(({ cluster, inFlight, aborted }) => inFlight && !aborted && where(cluster)).length;
  const are = (count: number): string => (count === 1 ? 'is' : 'are');
  const snapshot = (cluster: string): Snapshot | undefined => snapshotOf(model, cluster);
  const driven = onTheWay((cluster) => snapshot(cluster)?.driver.type === 'self' && snapshot(cluster)?.embedded === false);
  const embedded = onTheWay((cluster) => snapshot(cluster)?.embedded === true);
  return [
    ...(driven === 0 ? [] : [`${driven === 1 ? 'the rollout' : `${driven} rollouts`} that this console drives ${are(driven)} on the way`]),
    ...(embedded === 0 ? [] : [`the embedded cluster would be lost, with ${embedded === 1 ? 'a rollout' : `${embedded} rollouts`} on the way`]),
  ];
}

/** Called after each key: whether it was the one that ends the program, and closed something else. */
export function rememberClosing(before: Model, after: Model, key: KeyPress, now: Instant): Model {
  const closes = CLOSABLE.includes(contextOf(before)) && findAction(before.keymap, 'rollouts', key.name) === 'quit';
  return closes ? { ...after, closedAt: now } : after;
}

/** The key that also closes screens: pressed once too often, it closes nothing more. */
export function leaveList(model: Model, now: Instant, burst: boolean): Step {
  if (model.closedAt !== undefined && now - model.closedAt < JUST_CLOSED_MS)
    return [notify(model, 'info', 'Nothing is left to close: after a moment the same key again ends the program.', now), []];
  return leave(model, now, burst);
}

/** `burst`: the key came together with others, before anybody can have read a question. */
export function leave(model: Model, now: Instant, burst: boolean): Step {
  const lost = [...cutShort(model, 'has not gone out yet'), ...heldHere(model)];
  const asked = model.leaveAskedAt !== undefined && now - model.leaveAskedAt < SECOND_KEY_MS && !burst;
  if (asked || lost.length === 0) {
    // For those who come after.
    return [model, [{ type: 'quit', lines: cutShort(model, 'was not sent').map((text) => `${text}.`) }]];
  }
  return [notify({ ...model, leaveAskedAt: now }, 'attention', `${lost.join('; ')}: the same key again ends the program.`, now), []];
}
