// Why a rollout is where it is, in full: the sentence, what it is concluded from, the next safe act, what else is not well.
// The screen `why` and `sluice explain` both show this; it decides, they only print.

import { type Reason, type ReasonSight, reasonsFor } from '../reason.js';
import { type Act, actFor } from './acts.js';
import { type Evidence, evidenceFor } from './evidence.js';
import { hazardsOf } from './hazards.js';

export type Explanation = {
  /** Stable: scripts and runbooks may name it. */
  readonly cause: string;
  readonly level: Reason['level'];
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly act: Act;
  /** Further causes that hold at the same time, and known faults of the engine that this spec meets. */
  readonly also: readonly { readonly cause: string; readonly sentence: string }[];
};

/** Not causes but the words of whoever has none: nothing is known behind them. */
const WORDS_ONLY: ReadonlySet<string> = new Set(['message', 'no-status', 'unknown']);

const TROUBLE: ReadonlySet<Reason['level']> = new Set(['attention', 'bad']);

export function explainWhole(sight: ReasonSight): Explanation {
  const [first, ...others] = reasonsFor(sight);
  const known = first !== undefined && !WORDS_ONLY.has(first.cause);
  const cause = known ? first.cause : 'undetermined';
  const said = first?.sentence ?? 'nothing is known';
  const sentence = known ? said : `undetermined: the engine reports "${said}"`;
  const further = others.filter((each) => TROUBLE.has(each.level) && !WORDS_ONLY.has(each.cause) && each.cause !== cause);
  return {
    cause,
    level: known ? first.level : 'unknown',
    sentence,
    evidence: evidenceFor(cause, sight),
    act: actFor(cause, sight.facts, sight.now),
    also: [...further.map((each) => ({ cause: each.cause, sentence: each.sentence })), ...hazardsOf(sight.facts, sight.driver)],
  };
}
