// What people asked for from this machine, as the local audit log tells it: clusters forget who began a release after an hour.

import type { Instant } from '../lib/instant.js';

export type PastAct = {
  readonly at: Instant;
  /** "ana@jump-2" */
  readonly who: string;
  /** Id of the action: `rollout.set-image`. */
  readonly action: string;
  readonly words: string;
  /** 'taken' by the server, 'seen', 'refused' … */
  readonly outcome: string;
  readonly reason: string;
};

/** Acts that begin a release. */
const BEGINNINGS: ReadonlySet<string> = new Set(['rollout.set-image', 'rollout.undo', 'rollout.edit', 'rollout.rollback']);

/** Between the server's yes and the engine's first word about it, and between two clocks. */
const APART_MS = 60_000;
const AHEAD_MS = 5000;

const taken = (acts: readonly PastAct[], wanted: (action: string) => boolean): readonly PastAct[] =>
  acts.filter(({ action, outcome }) => outcome === 'taken' && wanted(action));

/** The latest of these before the moment, if it is near. */
function nearest(acts: readonly PastAct[], at: Instant | undefined): PastAct | undefined {
  return at === undefined ? undefined : acts.findLast((act) => act.at <= at + AHEAD_MS && act.at >= at - APART_MS);
}

/** Who began the release that began then. */
export function beginningOf(acts: readonly PastAct[], began: Instant | undefined): PastAct | undefined {
  return nearest(
    taken(acts, (action) => BEGINNINGS.has(action)),
    began,
  );
}

/** Who ended a release that ended then: by an abort, or by a promotion of all of it. */
export function endingOf(acts: readonly PastAct[], ended: Instant | undefined): PastAct | undefined {
  return nearest(
    taken(acts, (action) => action === 'rollout.abort' || action === 'rollout.promote-full'),
    ended,
  );
}

export type ForgottenRelease = { readonly act: PastAct; readonly ended: PastAct | undefined };

/** Releases that were begun from here and that the cluster knows no more of: before all that it does know. */
export function forgottenReleases(acts: readonly PastAct[], oldestKnown: Instant | undefined): readonly ForgottenRelease[] {
  const begun = taken(acts, (action) => BEGINNINGS.has(action));
  const old = begun.filter(({ at }) => oldestKnown === undefined || at < oldestKnown - APART_MS);
  return old.map((act) => {
    const next = begun.find(({ at }) => at > act.at)?.at ?? Number.POSITIVE_INFINITY;
    const ended = acts.find(({ at, action, outcome }) => at > act.at && at < next && action === 'rollout.abort' && outcome === 'taken');
    return { act, ended };
  });
}
