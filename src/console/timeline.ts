// Every change of a rollout that the cluster remembers, with its time, who made it and why: from managedFields, conditions,
// events, analysis runs and ReplicaSets. Clusters forget: events after an hour, writers all but their last write.

import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';
import { eventTime, REVISION_ANNOTATION, runsOf, setsOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import { fieldWords, writersOf } from './explain/writers.js';
import type { ClusterIndex } from './board.js';
import { verdictText } from './reason-analysis.js';
import { listAt, textAt, timeAt } from './read.js';
import { imageWords } from './tree.js';

export type TimelineEntry = {
  readonly id: string;
  readonly at: Instant;
  readonly actor: string;
  readonly what: string;
  readonly level: 'text' | 'attention' | 'bad' | 'good' | 'muted';
  readonly object: KubeObject | undefined;
};

const MOST_FIELDS = 6;

function writerEntries(object: KubeObject): readonly TimelineEntry[] {
  return writersOf(object).flatMap(({ manager, at, subresource, fields }, place) => {
    if (at === undefined) return [];
    const names = fieldWords(fields);
    const shown = names.slice(0, MOST_FIELDS).join(', ') + (names.length > MOST_FIELDS ? ` and ${names.length - MOST_FIELDS} more` : '');
    const what = `last wrote ${object.kind} ${subresource === undefined ? '' : `${subresource} `}(${shown})`;
    return [{ id: `writer ${object.kind} ${place} ${manager}`, at, actor: manager, what, level: 'muted' as const, object }];
  });
}

function conditionEntries({ object }: RolloutFacts): readonly TimelineEntry[] {
  return listAt(object, 'status', 'conditions').flatMap((condition) => {
    const at = timeAt(condition, 'lastTransitionTime');
    const type = textAt(condition, 'type') ?? '';
    if (at === undefined) return [];
    const status = textAt(condition, 'status') ?? '';
    const what = `${type} became ${status}: ${textAt(condition, 'reason') ?? ''}, ${textAt(condition, 'message') ?? ''}`;
    const level = type === 'InvalidSpec' || textAt(condition, 'reason') === 'RolloutAborted' ? ('bad' as const) : ('text' as const);
    return [{ id: `condition ${type}`, at, actor: 'engine', what, level, object }];
  });
}

function eventEntries(events: readonly KubeObject[]): readonly TimelineEntry[] {
  return events.map((event) => ({
    id: `event ${event.metadata.uid ?? event.metadata.name}`,
    at: eventTime(event),
    actor: textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent') ?? 'event',
    what: `${textAt(event, 'reason') ?? ''}: ${textAt(event, 'message') ?? ''}`,
    level: event['type'] === 'Warning' ? ('attention' as const) : ('text' as const),
    object: event,
  }));
}

const RUN_LEVELS: Readonly<Record<string, TimelineEntry['level']>> = { Successful: 'good', Failed: 'bad', Error: 'bad', Inconclusive: 'attention' };

function runEntries(run: KubeObject): readonly TimelineEntry[] {
  const began = timeAt(run, 'status', 'startedAt') ?? timeAt(run, 'metadata', 'creationTimestamp');
  const ended = timeAt(run, 'status', 'completedAt');
  const phase = textAt(run, 'status', 'phase') ?? 'Pending';
  const verdict = verdictText(run);
  const { name, uid = name } = run.metadata;
  const entry = (what: string, at: Instant, level: TimelineEntry['level']): TimelineEntry => ({
    id: `run ${uid} ${what}`,
    at,
    actor: 'analysis',
    what,
    level,
    object: run,
  });
  return [
    ...(began === undefined ? [] : [entry(`AnalysisRun ${name} began`, began, 'text')]),
    ...(ended === undefined
      ? []
      : [entry(`AnalysisRun ${name} ended ${phase}${verdict === undefined ? '' : `: ${verdict}`}`, ended, RUN_LEVELS[phase] ?? 'text')]),
  ];
}

function setEntries(set: KubeObject): readonly TimelineEntry[] {
  const at = timeAt(set, 'metadata', 'creationTimestamp');
  const revision = set.metadata.annotations?.[REVISION_ANNOTATION] ?? '?';
  return at === undefined
    ? []
    : [
        {
          id: `set ${set.metadata.uid ?? set.metadata.name}`,
          at,
          actor: 'engine',
          what: `revision ${revision} began: ${imageWords(set)}`,
          level: 'text',
          object: set,
        },
      ];
}

/** The newest first. */
export function timelineOf(facts: RolloutFacts, index: ClusterIndex, events: readonly KubeObject[]): readonly TimelineEntry[] {
  const entries = [
    ...writerEntries(facts.object),
    ...conditionEntries(facts),
    ...eventEntries(events),
    ...runsOf(index, facts).flatMap(runEntries),
    ...setsOf(index, facts).flatMap(setEntries),
  ];
  return entries.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}
