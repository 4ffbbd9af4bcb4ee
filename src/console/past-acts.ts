// What people asked for from this machine, as the local audit log tells it: clusters forget who began a release after an hour.

import type { Instant } from '../lib/instant.js';

export type PastAct = {
  readonly at: Instant;
  /** "ana@jump-2" */
  readonly who: string;
  /** Id of the action: `rollout.set-image`. */
  readonly action: string;
  /** 'taken' by the server, 'seen', 'refused' … */
  readonly outcome: string;
  /** Of the rollout when it was asked; "" where nobody wrote it down: such an act is of no release that could be told. */
  readonly revision: string;
  readonly reason: string;
};

/** Acts that begin a release. */
const BEGINNINGS: ReadonlySet<string> = new Set(['rollout.set-image', 'rollout.undo', 'rollout.edit', 'rollout.rollback']);

/** Acts that end one. */
const ENDINGS: ReadonlySet<string> = new Set(['rollout.abort', 'rollout.promote-full']);

/** Between the server's yes and the engine's first word about it, and between two clocks. */
const APART_MS = 60_000;
const AHEAD_MS = 5000;

const taken = (acts: readonly PastAct[], wanted: (act: PastAct) => boolean): readonly PastAct[] => acts.filter((act) => act.outcome === 'taken' && wanted(act));

/** The latest of these before the moment, if it is near. */
function nearest(acts: readonly PastAct[], at: Instant | undefined): PastAct | undefined {
  return at === undefined ? undefined : acts.findLast((act) => act.at <= at + AHEAD_MS && act.at >= at - APART_MS);
}

/** Who began the release that began then: the act was asked of the revision before it. */
export function beginningOf(acts: readonly PastAct[], revision: string, began: Instant | undefined): PastAct | undefined {
  const before = String(Number(revision) - 1);
  return nearest(
    taken(acts, (act) => BEGINNINGS.has(act.action) && act.revision === before),
    began,
  );
}

/** Who ended the release that ended then: by an abort, or by a promotion of all of it. */
export function endingOf(acts: readonly PastAct[], revision: string, ended: Instant | undefined): PastAct | undefined {
  return nearest(
    taken(acts, (act) => ENDINGS.has(act.action) && act.revision === revision),
    ended,
  );
}
