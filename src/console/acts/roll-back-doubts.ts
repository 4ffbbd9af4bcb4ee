// What a person must know before an earlier revision comes back: a hold that ends, and what speaks against that revision.
// After a rollback the revision before is the bad one: the same key once more would bring it back to everybody.

import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import { eventTime, formerRevisionsOf, revisionOf, revisionWords, runsOf, setWithHash } from '../board.js';
import { eventAbout } from '../history.js';
import { textAt } from '../../lib/read.js';
import { ageText } from '../time-words.js';
import { imageWords } from '../tree.js';
import type { ActSight } from './act.js';

const FAILED: readonly string[] = ['Failed', 'Error'];

/** What becomes of a hold, or of a pause by hand, with the act. */
function holdNote({ facts: { held, hold } }: ActSight, becomes: (word: 'hold' | 'pause') => string): readonly string[] {
  if (!held) return [];
  return [hold === undefined ? `it is paused by hand: ${becomes('pause')}` : `it is held by ${hold.by || 'somebody'} (${hold.reason}): ${becomes('hold')}`];
}

export const endedHold = (sight: ActSight): readonly string[] => holdNote(sight, (word) => `this ends the ${word}`);

/** The engine moves no pods while it is held; traffic and analyses follow. */
export const keptHold = (sight: ActSight): readonly string[] =>
  holdNote(sight, (word) => `the ${word} stays, and until it ends no pods are added or taken away`);

/** Pods are replaced all the same. */
export const heedlessOfHold = (sight: ActSight): readonly string[] => holdNote(sight, (word) => `the ${word} stays, and does not stop this`);

type Doubt = { readonly word: 'left again' | 'failed' | 'aborted'; readonly clause: string };

/** What has come back in its place. Whether somebody rolled back, or released what was there before, nobody can tell. */
function cameBack(number: number, { facts, index }: ActSight): KubeObject | undefined {
  const now = setWithHash(index, facts, facts.canaryHash);
  return formerRevisionsOf(now).some((each) => each < number) ? now : undefined;
}

/** An analysis of it that went wrong. */
function failedRun(target: KubeObject, { facts, index }: ActSight): KubeObject | undefined {
  const hash = target.metadata.labels?.[HASH_LABEL];
  return runsOf(index, facts).find((run) => run.metadata.labels?.[HASH_LABEL] === hash && FAILED.includes(textAt(run, 'status', 'phase') ?? ''));
}

/** What speaks against going back to it, in a word: read with every frame, and so without events. */
export function doubtWord(target: KubeObject | undefined, sight: ActSight): Doubt['word'] | undefined {
  if (target === undefined || target.metadata.labels?.[HASH_LABEL] === sight.facts.stableHash) return undefined;
  if (failedRun(target, sight) !== undefined) return 'failed';
  return cameBack(revisionOf(target), sight) === undefined ? undefined : 'left again';
}

/** The abort that ended it; one that was released again and came to its end is no longer an aborted one. */
function abortOf(number: number, { events }: ActSight): KubeObject | undefined {
  const told = events();
  const aborted = eventAbout(told, 'RolloutAborted', String(number));
  const completed = eventAbout(told, 'RolloutCompleted', String(number));
  return aborted === undefined || (completed !== undefined && eventTime(completed) >= eventTime(aborted)) ? undefined : aborted;
}

/** None against the revision that serves: it is known to be well. */
function doubtsOf(target: KubeObject, sight: ActSight): readonly Doubt[] {
  const { facts, now } = sight;
  const hash = target.metadata.labels?.[HASH_LABEL];
  if (hash === facts.stableHash) return [];
  const number = revisionOf(target);
  const name = `revision ${number} (${imageWords(target)})`;
  const back = cameBack(number, sight);
  const failed = failedRun(target, sight);
  const aborted = abortOf(number, sight);
  const instead = facts.inFlight ? 'is on its way' : 'serves';
  return [
    ...(back === undefined ? [] : [{ word: 'left again' as const, clause: `${name} was left again: what ${instead} now is ${revisionWords(back)}` }]),
    ...(failed === undefined ? [] : [{ word: 'failed' as const, clause: `analysis ${failed.metadata.name} of ${name} has failed` }]),
    ...(failed !== undefined || aborted === undefined
      ? []
      : [{ word: 'aborted' as const, clause: `${name} was aborted ${ageText(eventTime(aborted), now)} ago` }]),
  ];
}

/** Whole clauses. */
export function doubtsAbout(target: KubeObject | undefined, sight: ActSight): readonly string[] {
  return target === undefined ? [] : doubtsOf(target, sight).map(({ clause }) => clause);
}

/** "failed, left again": for a list; "" where nothing speaks against it. */
export function verdictWords(target: KubeObject, sight: ActSight): string {
  return doubtsOf(target, sight)
    .map(({ word }) => word)
    .toReversed()
    .join(', ');
}
