// What a person saw of a rollout when a question was asked: if any of it differs later, the answer is to another question.

import { readHold } from '../decide/rollout/hold.js';
import type { RolloutFacts } from './facts.js';

export type Fingerprint = {
  readonly uid: string;
  readonly generation: number;
  readonly stepIndex: number | undefined;
  readonly stepCount: number;
  readonly canaryHash: string;
  readonly stableHash: string;
  readonly aborted: boolean;
  readonly promotingFully: boolean;
  readonly held: boolean;
  /** The reason of a hold; it stands in an annotation, so the generation does not tell that it changed. */
  readonly hold: string | undefined;
  readonly pause: string;
};

export function fingerprint(facts: RolloutFacts): Fingerprint {
  return {
    uid: facts.uid,
    generation: facts.object.metadata.generation ?? 0,
    stepIndex: facts.stepIndex,
    stepCount: facts.steps.length,
    canaryHash: facts.canaryHash,
    stableHash: facts.stableHash,
    aborted: facts.aborted,
    promotingFully: facts.promotingFully,
    held: facts.held,
    hold: readHold(facts.object)?.reason,
    pause: facts.pause?.reason ?? '',
  };
}

const step = (print: Fingerprint): string =>
  print.stepIndex === undefined ? 'no step' : print.stepIndex >= print.stepCount ? 'the end' : `step ${print.stepIndex + 1}`;

/** How its spec has moved since: an edited spec still fits while the steps go on. */
export function describeSpecMove(before: Fingerprint, after: Fingerprint | undefined): string | undefined {
  if (after === undefined) return 'it no longer exists';
  if (before.uid !== after.uid) return 'it was deleted and made anew';
  return before.generation === after.generation ? undefined : 'its spec was changed';
}

/** How it has moved since, as a clause; undefined when it stands where it stood. */
export function describeMove(before: Fingerprint, after: Fingerprint | undefined): string | undefined {
  if (after === undefined) return 'it no longer exists';
  if (before.uid !== after.uid) return 'it was deleted and made anew';
  if (before.canaryHash !== after.canaryHash) return 'another revision has begun';
  if (!before.aborted && after.aborted) return 'it was aborted';
  if (before.aborted && !after.aborted) return 'it was retried';
  if (before.stableHash !== after.stableHash) return 'it was promoted to the end';
  if (!before.promotingFully && after.promotingFully) return 'it was promoted fully';
  if (before.stepIndex !== after.stepIndex) return `it went from ${step(before)} to ${step(after)}`;
  if (before.held !== after.held) return after.held ? 'it was paused by hand' : 'it was let go on';
  if (before.hold !== after.hold) return after.hold === undefined ? 'its hold was ended' : `it is held: ${after.hold}`;
  if (before.pause !== after.pause) return after.pause === '' ? 'its pause ended' : `it paused (${after.pause})`;
  if (before.generation !== after.generation) return 'its spec was changed';
  return undefined;
}
