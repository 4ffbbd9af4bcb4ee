// What a person must know before a rollback: a hold that it ends, and what speaks against the revision that would come back.
// After a rollback the revision before is the bad one: the same key once more would bring it back to everybody.

import type { KubeObject } from '../../kinds/kube-object.js';
import { HASH_LABEL } from '../../kinds/labels.js';
import { formerRevisionsOf, revisionOf, runsOf, setWithHash } from '../board.js';
import { textAt } from '../../lib/read.js';
import { imageWords } from '../tree.js';
import type { ActSight } from './act.js';

const FAILED: readonly string[] = ['Failed', 'Error'];

export function endedHold({ facts }: ActSight): readonly string[] {
  if (!facts.held) return [];
  const { hold } = facts;
  return [hold === undefined ? 'it is paused by hand: this ends the pause' : `it is held by ${hold.by || 'somebody'} (${hold.reason}): this ends the hold`];
}

/** Whole clauses; none while another revision is on its way, because the stable one then comes back. */
export function doubtsAbout(target: KubeObject | undefined, { facts, index }: ActSight): readonly string[] {
  if (target === undefined || facts.inFlight) return [];
  const number = revisionOf(target);
  const name = `revision ${number} (${imageWords(target)})`;
  const current = setWithHash(index, facts, facts.canaryHash);
  const former = formerRevisionsOf(current).findLast((each) => each < number);
  const hash = target.metadata.labels?.[HASH_LABEL];
  const failed = runsOf(index, facts).find((run) => run.metadata.labels?.[HASH_LABEL] === hash && FAILED.includes(textAt(run, 'status', 'phase') ?? ''));
  return [
    ...(former === undefined ? [] : [`it was rolled back FROM ${name}: what serves now is revision ${former} again`]),
    ...(failed === undefined ? [] : [`analysis ${failed.metadata.name} of ${name} has failed`]),
  ];
}
