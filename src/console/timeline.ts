// Every change of a rollout that the cluster remembers, with its time, who made it and why: from managedFields, conditions,
// events, analysis runs and ReplicaSets. Clusters forget: events after an hour, writers all but their last write.

import { isByHand, isSluiceByHand } from '../kinds/field-managers.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';
import { remember } from '../lib/remember.js';
import { eventTime, formerRevisionsOf, revisionOf, runsOf, setsOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import { fieldWords, writersOf } from './explain/writers.js';
import type { ClusterIndex } from './board.js';
import { phaseWord, verdictText } from './reason-analysis.js';
import { listAt, textAt, timeAt } from '../lib/read.js';
import { type PersonAct, readPersonAct } from './people.js';
import { imageWords } from './tree.js';

export type TimelineEntry = {
  readonly id: string;
  readonly at: Instant;
  readonly actor: string;
  readonly what: string;
  readonly level: 'text' | 'strong' | 'attention' | 'bad' | 'good' | 'muted';
  /** Somebody asked for it. */
  readonly person: boolean;
  readonly object: KubeObject | undefined;
};

const MOST_FIELDS = 6;

/** Of one act, the server's stamp is in whole seconds and the Event comes after its answer. */
const SAME_ACT_MS = 3000;

/** All that wrote the object, each with its last write. */
const writes = remember((object: KubeObject): readonly TimelineEntry[] =>
  writersOf(object).flatMap(({ manager, at, subresource, fields }, place) => {
    if (at === undefined) return [];
    const names = fieldWords(fields);
    const shown = names.slice(0, MOST_FIELDS).join(', ') + (names.length > MOST_FIELDS ? ` and ${names.length - MOST_FIELDS} more` : '');
    const what = `last wrote ${object.kind} ${subresource === undefined ? '' : `${subresource} `}(${shown})`;
    return [{ id: `writer ${object.kind} ${place} ${manager}`, at, actor: manager, what, level: 'muted' as const, person: isByHand(manager), object }];
  }),
);

/** An act of a person is told once, by its own Event; where there is none, by the fields that were written. */
export function writerEntries(object: KubeObject, acts: readonly PersonAct[]): readonly TimelineEntry[] {
  return writes(object).filter(({ actor, at }) => !isSluiceByHand(actor) || !acts.some((act) => Math.abs(act.at - at) <= SAME_ACT_MS));
}

function conditionEntries({ object }: RolloutFacts): readonly TimelineEntry[] {
  return listAt(object, 'status', 'conditions').flatMap((condition) => {
    const at = timeAt(condition, 'lastTransitionTime');
    const type = textAt(condition, 'type') ?? '';
    if (at === undefined) return [];
    const status = textAt(condition, 'status') ?? '';
    const what = `${type} became ${status}: ${textAt(condition, 'reason') ?? ''}, ${textAt(condition, 'message') ?? ''}`;
    const level = type === 'InvalidSpec' || textAt(condition, 'reason') === 'RolloutAborted' ? ('bad' as const) : ('text' as const);
    return [{ id: `condition ${type}`, at, actor: 'engine', what, level, person: false, object }];
  });
}

export const eventEntry = remember((event: KubeObject): TimelineEntry => {
  const act = readPersonAct(event);
  const warns = event['type'] === 'Warning';
  return {
    id: `event ${event.metadata.uid ?? event.metadata.name}`,
    at: eventTime(event),
    actor: act?.who ?? textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent') ?? 'event',
    what: act?.what ?? `${textAt(event, 'reason') ?? ''}: ${textAt(event, 'message') ?? ''}`,
    level: warns ? 'attention' : act === undefined ? 'text' : 'strong',
    person: act !== undefined,
    object: event,
  };
});

const RUN_LEVELS: Readonly<Record<string, TimelineEntry['level']>> = { Successful: 'good', Failed: 'bad', Error: 'bad', Inconclusive: 'attention' };

function runEntries(run: KubeObject): readonly TimelineEntry[] {
  const began = timeAt(run, 'status', 'startedAt') ?? timeAt(run, 'metadata', 'creationTimestamp');
  const ended = timeAt(run, 'status', 'completedAt');
  const phase = phaseWord(run);
  const verdict = verdictText(run);
  const { name, uid = name } = run.metadata;
  const entry = (what: string, at: Instant, level: TimelineEntry['level']): TimelineEntry => ({
    id: `run ${uid} ${what}`,
    at,
    actor: 'analysis',
    what,
    level,
    person: false,
    object: run,
  });
  return [
    ...(began === undefined ? [] : [entry(`AnalysisRun ${name} began`, began, 'text')]),
    ...(ended === undefined
      ? []
      : [
          entry(
            `AnalysisRun ${name} ${phase.startsWith('ended') ? phase : `ended ${phase}`}${verdict === undefined ? '' : `: ${verdict}`}`,
            ended,
            RUN_LEVELS[phase] ?? 'text',
          ),
        ]),
  ];
}

/** Its first number: one that came back was made for an earlier one. */
const firstRevisionOf = (set: KubeObject): number => formerRevisionsOf(set)[0] ?? revisionOf(set);

/** `sets`: all of the rollout, so that it can be told from which image it went to which. */
function setEntries(set: KubeObject, sets: readonly KubeObject[]): readonly TimelineEntry[] {
  const at = timeAt(set, 'metadata', 'creationTimestamp');
  const revision = firstRevisionOf(set);
  const before = sets.filter((each) => firstRevisionOf(each) < revision).toSorted((a, b) => firstRevisionOf(b) - firstRevisionOf(a))[0];
  const images = [...(before === undefined || imageWords(before) === imageWords(set) ? [] : [imageWords(before)]), imageWords(set)].join(' -> ');
  return at === undefined
    ? []
    : [
        {
          id: `set ${set.metadata.uid ?? set.metadata.name}`,
          at,
          actor: 'engine',
          what: `revision ${revision === 0 ? '?' : revision} began: ${images}`,
          level: 'text',
          person: false,
          object: set,
        },
      ];
}

/** The newest first. */
export function timelineOf(facts: RolloutFacts, index: ClusterIndex, events: readonly KubeObject[]): readonly TimelineEntry[] {
  const sets = setsOf(index, facts);
  const acts = events.map(readPersonAct).filter((act) => act !== undefined);
  const entries = [
    ...writerEntries(facts.object, acts),
    ...conditionEntries(facts),
    ...events.map(eventEntry),
    ...runsOf(index, facts).flatMap(runEntries),
    ...sets.flatMap((set) => setEntries(set, sets)),
  ];
  return entries.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}
