// Why a rollout was aborted: the metric that missed its limit, what the engine has said, or the person who did it.

import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';
import { textAt, timeAt } from '../lib/read.js';
import { type ClusterIndex, currentRuns, eventTime } from './board.js';
import { writerClause } from './explain/writers.js';
import { findCondition, type RolloutFacts } from './facts.js';
import { readPersonAct } from './people.js';
import { findBadRun, fitMiss, verdictMiss, verdictText } from './reason-analysis.js';
import { fitFirst, shortWho } from './short-words.js';

export type Abort = {
  /** Of the reason. */
  readonly cause: string;
  readonly why: string;
  readonly at: Instant | undefined;
  /** `why` in so many cells. */
  readonly fit: (width: number) => string;
};

const abortText = (message: string | undefined): string | undefined => /^Rollout aborted update to revision \d+: (.+)$/s.exec(message ?? '')?.[1];

/** An abort and its event are written in one pass, a moment apart. */
const ABORT_SLACK_MS = 10_000;

const isOfAbort = (event: KubeObject, abortedAt: Instant | undefined): boolean =>
  abortedAt !== undefined && Math.abs(eventTime(event) - abortedAt) <= ABORT_SLACK_MS;

function announcedAbort(event: KubeObject | undefined, abortedAt: Instant | undefined): string | undefined {
  if (event === undefined || !isOfAbort(event, abortedAt)) return undefined;
  const message = textAt(event, 'message');
  return abortText(message) ?? message;
}

/** "by ana@jump-2", where an event of the act tells who it was; else "by hand". */
function whoAborted({ uid }: RolloutFacts, index: ClusterIndex, abortedAt: Instant | undefined): string {
  const event = index.abortActs.get(uid);
  const act = event !== undefined && isOfAbort(event, abortedAt) ? readPersonAct(event) : undefined;
  return act === undefined ? 'by hand' : `by ${shortWho(act.who)}`;
}

const abortCause = (words: string | undefined): string => (/timed out progressing/.test(words ?? '') ? 'aborted-deadline' : 'aborted');

export function readAbort(facts: RolloutFacts, index: ClusterIndex): Abort {
  const run = findBadRun(currentRuns(index, facts));
  const verdict = run === undefined ? undefined : verdictText(run);
  const miss = run === undefined ? undefined : verdictMiss(run);
  const told = abortText(textAt(findCondition(facts.object, 'Progressing'), 'message'));
  const at = timeAt(facts.object, 'status', 'abortedAt');
  const announced = told ?? announcedAbort(index.abortEvents.get(facts.uid), at);
  const who = whoAborted(facts, index, at);
  const why = verdict ?? announced ?? `${who}${writerClause(facts.object, 'status', 'abort')}`;
  const cause = run !== undefined ? (textAt(run, 'status', 'phase') === 'Error' ? 'analysis-error' : 'analysis-failed') : abortCause(announced);
  const short = verdict ?? announced ?? who;
  return { cause, why, at, fit: (width) => (miss === undefined ? fitFirst(width, why, short) : fitMiss(miss, width)) };
}
