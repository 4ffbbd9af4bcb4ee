// Who is to be asked about a rollout, and in one word why it waits.

import { findGitOpsOwner } from './gitops.js';
import type { RolloutFacts, Waiting } from './facts.js';

export const WAITING_WORDS: Readonly<Record<Waiting, string>> = {
  invalid: 'invalid',
  aborted: 'aborted',
  degraded: 'degraded',
  inconclusive: 'inconclusive',
  gate: 'paused',
  held: 'held',
};

/** Who holds it, the team on its labels, what keeps it in git; "" when nothing tells. */
export function ownerText({ object, hold }: RolloutFacts): string {
  const { labels = {}, annotations = {} } = object.metadata;
  const named = labels['owner'] ?? annotations['owner'] ?? labels['team'] ?? annotations['team'];
  return hold?.by ?? named ?? findGitOpsOwner(object) ?? '';
}
