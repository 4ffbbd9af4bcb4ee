// Past releases of a rollout, one for each revision: when it began, how long it took, how it ended, and who began it.

import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL, REVISION } from '../kinds/labels.js';
import type { Instant } from '../lib/instant.js';
import { type ClusterIndex, eventTime, formerRevisionsOf, revisionOf, runsOf, setsOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import { verdictText } from './reason-analysis.js';
import { beginningOf, endingOf as endedBy, type PastAct } from './past-acts.js';
import { textAt, timeAt } from '../lib/read.js';
import { writerOf } from './explain/writers.js';
import { imageWords } from './tree.js';

export type Release = {
  readonly revision: string;
  readonly image: string;
  readonly began: Instant | undefined;
  /** Undefined while it runs, or when nothing remembers its end. */
  readonly ended: Instant | undefined;
  readonly outcome: 'serves' | 'on its way' | 'aborted' | 'completed' | 'replaced' | 'unknown';
  /** The metric that ended it, the reason of the event. */
  readonly why: string;
  readonly who: string;
  readonly set: KubeObject;
};

/** An event of the rollout about this revision. */
export function eventAbout(events: readonly KubeObject[], reason: string, revision: string): KubeObject | undefined {
  // A revision is a number, but whoever writes the annotation may write anything.
  if (!/^\d+$/.test(revision)) return undefined;
  const mentions = new RegExp(`\\brevision ${revision}\\b`);
  return events
    .filter((event) => textAt(event, 'reason') === reason && mentions.test(textAt(event, 'message') ?? ''))
    .toSorted((a, b) => eventTime(b) - eventTime(a))[0];
}

/** Those about the rollout itself. */
export const eventsAbout = ({ uid }: RolloutFacts, events: readonly KubeObject[]): readonly KubeObject[] =>
  events.filter((event) => textAt(event, 'involvedObject', 'uid') === uid);

/** Since when there has been this revision: one that came back is younger than its ReplicaSet. Undefined when nothing remembers it. */
export function revisionSince(set: KubeObject, events: readonly KubeObject[]): Instant | undefined {
  if (formerRevisionsOf(set).length === 0) return timeAt(set, 'metadata', 'creationTimestamp');
  const began = eventAbout(events, 'RolloutUpdated', String(revisionOf(set)));
  return began === undefined ? undefined : eventTime(began);
}

const BAD: ReadonlySet<string> = new Set(['Failed', 'Error', 'Inconclusive']);

function badRun(runs: readonly KubeObject[], revision: string): KubeObject | undefined {
  return runs.find((run) => run.metadata.annotations?.[REVISION] === revision && BAD.has(textAt(run, 'status', 'phase') ?? ''));
}

type Ending = Pick<Release, 'outcome' | 'ended' | 'why'>;

function endingOf(facts: RolloutFacts, set: KubeObject, events: readonly KubeObject[], runs: readonly KubeObject[]): Ending {
  const revision = set.metadata.annotations?.[REVISION] ?? '';
  const hash = set.metadata.labels?.[HASH_LABEL];
  const completed = eventAbout(events, 'RolloutCompleted', revision);
  const aborted = eventAbout(events, 'RolloutAborted', revision);
  const run = badRun(runs, revision);
  const verdict = run === undefined ? '' : (verdictText(run) ?? '');
  const words = (event: KubeObject | undefined): string => (textAt(event, 'message') ?? '').replace(/^.*?: /, '');
  if (hash === facts.stableHash)
    return { outcome: 'serves', ended: completed === undefined ? undefined : eventTime(completed), why: completed === undefined ? '' : words(completed) };
  if (hash === facts.canaryHash && !facts.aborted) return { outcome: 'on its way', ended: undefined, why: '' };
  if (hash === facts.canaryHash || (aborted !== undefined && (completed === undefined || eventTime(aborted) > eventTime(completed)))) {
    const ended = timeAt(facts.object, 'status', 'abortedAt');
    return {
      outcome: 'aborted',
      ended: hash === facts.canaryHash ? ended : aborted === undefined ? undefined : eventTime(aborted),
      why: verdict === '' ? words(aborted) : verdict,
    };
  }
  if (completed !== undefined) return { outcome: 'completed', ended: eventTime(completed), why: words(completed) };
  if (run !== undefined) return { outcome: 'aborted', ended: timeAt(run, 'status', 'completedAt'), why: verdict };
  return { outcome: 'replaced', ended: undefined, why: '' };
}

/** Who began it stands in the audit log, if it was from here; who wrote the image last is known of the newest revision only. */
function whoOf(facts: RolloutFacts, revision: string, act: PastAct | undefined): string {
  if (act !== undefined) return act.who;
  return revision === facts.revision ? (writerOf(facts.object, 'spec', 'template')?.manager ?? '') : '';
}

const byWhom = (act: PastAct | undefined): string =>
  act === undefined ? '' : `${act.action === 'rollout.abort' ? 'aborted' : 'promoted'} by ${act.who}${act.reason === '' ? '' : `: ${act.reason}`}`;

/** The newest first. An act is no release: it only tells who began or ended one; what belongs to none stands in the timeline. */
export function releasesOf(facts: RolloutFacts, index: ClusterIndex, events: readonly KubeObject[], acts: readonly PastAct[]): readonly Release[] {
  const runs = runsOf(index, facts);
  return setsOf(index, facts).map((set): Release => {
    const revision = set.metadata.annotations?.[REVISION] ?? '';
    const announced = eventAbout(events, 'RolloutUpdated', revision);
    // A ReplicaSet that is used again is older than its newest release.
    const began = announced === undefined ? timeAt(set, 'metadata', 'creationTimestamp') : eventTime(announced);
    const ending = endingOf(facts, set, events, runs);
    const act = beginningOf(acts, revision, began);
    const why = [ending.why, byWhom(endedBy(acts, revision, ending.ended)), act?.reason ?? ''].filter((words) => words !== '').join('; ');
    return { revision, image: imageWords(set), began, who: whoOf(facts, revision, act), set, ...ending, why };
  });
}
