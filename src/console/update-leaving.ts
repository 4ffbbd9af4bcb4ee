// Leaving the program: at once when nothing is lost by it, and else only by the same key again, after it has said what.

import type { Instant } from '../lib/instant.js';
import type { Effect } from './effect.js';
import { labelOf, type Model } from './model.js';
import { STAGE_WORDS } from './rollback.js';
import { notify } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

/** So long the same key means: yes, end it. */
const SECOND_KEY_MS = 10_000;

/** What would be cut short, as whole clauses, with these words of what has not gone out. */
function cutShort(model: Model, unsentWords: string): readonly string[] {
  const unsent = model.outgoing.map(({ words }) => `${words} ${unsentWords}`);
  const halves = model.rollbacks.map(({ key, stage }) => `the rollback of ${labelOf(model, key)} is left where it is (${STAGE_WORDS[stage]})`);
  const running = model.ownRuns.filter(({ ended }) => ended === undefined).map(({ words }) => `${words} is stopped`);
  return [...unsent, ...halves, ...running];
}

/** Rollouts that nobody may move once the engine in this console is gone; an embedded cluster is gone itself. */
function drivenHere(model: Model): string | undefined {
  const driven = [...model.clusters].filter(([, { snapshot }]) => snapshot.driver.type === 'self' && !snapshot.embedded).map(([name]) => name);
  const count = [...model.board.byKey.values()].filter(({ cluster, inFlight, aborted }) => driven.includes(cluster) && inFlight && !aborted).length;
  return count === 0 ? undefined : `${count === 1 ? 'the rollout' : `${count} rollouts`} that this console drives ${count === 1 ? 'is' : 'are'} on the way`;
}

export function leave(model: Model, now: Instant): Step {
  const lost = cutShort(model, 'has not gone out yet');
  const driven = drivenHere(model);
  const asked = model.leaveAskedAt !== undefined && now - model.leaveAskedAt < SECOND_KEY_MS;
  if (asked || (lost.length === 0 && driven === undefined)) {
    // For those who come after.
    return [model, [{ type: 'quit', lines: cutShort(model, 'was not sent').map((text) => `${text}.`) }]];
  }
  const what = [...lost, ...(driven === undefined ? [] : [driven])];
  return [notify({ ...model, leaveAskedAt: now }, 'attention', `${what.join('; ')}: the same key again ends the program.`, now), []];
}
