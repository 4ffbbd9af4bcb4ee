// What a person saw of a rollout when a question was asked: if any of it differs later, the answer is to another question.

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
    hold: facts.hold?.reason,
    pause: facts.pause?.reason ?? '',
  };
}

const step = (print: Fingerprint): string =>
  print.stepIndex === undefined ? 'no step' : print.stepIndex >= print.stepCount ? 'the end' : `step ${print.stepIndex + 1}`;

/**
 * What the meaning of an act rests on. `step`: all that is seen of the rollout, for what no person may pass unseen. `update`: the revision
 * that is on its way, and whether it still is. `revision`: which revisions there are to go between, and a hold that would end.
 * `template`: what the pods are made of. `spec`: what was edited. `pause`: whether a person has stopped it, and why.
 */
export type Basis = 'step' | 'update' | 'revision' | 'template' | 'spec' | 'pause';

type Move = { readonly bases: readonly Basis[]; tell(before: Fingerprint, after: Fingerprint): string | undefined };

/** In the order in which they explain. */
const MOVES: readonly Move[] = [
  {
    bases: ['step', 'update', 'revision', 'template'],
    tell: (before, after) => (before.canaryHash === after.canaryHash ? undefined : 'another revision has come since'),
  },
  {
    // A hold is for whatever comes; to end one lets go on what was seen.
    bases: ['pause'],
    tell: (before, after) => (before.held && before.canaryHash !== after.canaryHash ? 'another revision has come since' : undefined),
  },
  {
    bases: ['step', 'update'],
    tell: (before, after) => (before.aborted === after.aborted ? undefined : after.aborted ? 'it was aborted' : 'it was retried'),
  },
  {
    bases: ['step', 'update', 'revision', 'template'],
    tell: (before, after) => (before.stableHash === after.stableHash ? undefined : 'it was promoted to the end'),
  },
  { bases: ['step'], tell: (before, after) => (!before.promotingFully && after.promotingFully ? 'it was promoted fully' : undefined) },
  {
    bases: ['step'],
    tell: (before, after) => (before.stepIndex === after.stepIndex ? undefined : `it went from ${step(before)} to ${step(after)}`),
  },
  {
    bases: ['step', 'pause', 'revision'],
    tell: (before, after) => (before.held === after.held ? undefined : after.held ? 'it was paused by hand' : 'it was let go on'),
  },
  {
    bases: ['step', 'pause', 'revision'],
    tell: (before, after) => (before.hold === after.hold ? undefined : after.hold === undefined ? 'its hold was ended' : `it is held: ${after.hold}`),
  },
  {
    bases: ['step'],
    tell: (before, after) => (before.pause === after.pause ? undefined : after.pause === '' ? 'its pause ended' : `it paused (${after.pause})`),
  },
  {
    bases: ['step', 'template', 'spec'],
    tell: (before, after) => (before.generation === after.generation ? undefined : 'its spec was changed'),
  },
];

/** How it has moved since, as a clause; undefined when it stands where it stood, as far as that matters. */
export function describeMove(before: Fingerprint, after: Fingerprint | undefined, basis: Basis = 'step'): string | undefined {
  if (after === undefined) return 'it no longer exists';
  if (before.uid !== after.uid) return 'it was deleted and made anew';
  for (const { bases, tell } of MOVES) {
    const told = bases.includes(basis) ? tell(before, after) : undefined;
    if (told !== undefined) return told;
  }
  return undefined;
}
