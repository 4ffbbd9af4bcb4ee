// The screen `events`: what was recorded about a rollout and all that belongs to it, the newest first.

import { type ClusterIndex, eventTime, indexOf, runsOf, setsOf } from '../board.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { subjectOf } from '../find-object.js';
import { type Model, snapshotOf } from '../model.js';
import type { Page } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents } from '../page-table.js';
import { numberAt, textAt } from '../../lib/read.js';
import { readKey } from '../rollout-key.js';
import { ageText } from '../time-words.js';
import { pageNow } from '../server-now.js';

export const subjectWords = ({ kind, namespace, name }: Page['subject']): string =>
  kind === 'Rollout' ? `${namespace}/${name}` : `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;

/** The uids of the rollout and of what it owns. */
export function ownUids(model: Model, key: string): ReadonlySet<string> {
  const facts = model.board.byKey.get(key);
  if (facts === undefined) return new Set();
  const index = indexOf(model.board, facts);
  const sets = setsOf(index, facts);
  const pods = sets.flatMap((set) => podsIn(index, set));
  return new Set([facts.object, ...sets, ...pods, ...runsOf(index, facts)].map(({ metadata }) => metadata.uid ?? '').filter((uid) => uid !== ''));
}

const podsIn = (index: ClusterIndex, set: KubeObject): readonly KubeObject[] => index.podsOf.get(set.metadata.uid ?? '') ?? [];

/** Pods that are gone leave their events behind: those of the rollout's ReplicaSets are known by their name. */
export function eventsOf(model: Model, page: Page): readonly KubeObject[] {
  const { subject } = page;
  const events = snapshotOf(model, readKey(page.key).cluster)?.events ?? [];
  const about = (event: KubeObject, field: string): string => textAt(event, 'involvedObject', field) ?? '';
  if (subject.kind !== 'Rollout')
    return events.filter(
      (event) => about(event, 'kind') === subject.kind && about(event, 'name') === subject.name && about(event, 'namespace') === subject.namespace,
    );
  const uids = ownUids(model, page.key);
  const facts = model.board.byKey.get(page.key);
  const sets = facts === undefined ? [] : setsOf(indexOf(model.board, facts), facts).map(({ metadata }) => `${metadata.name}-`);
  return events.filter(
    (event) =>
      uids.has(about(event, 'uid')) ||
      (about(event, 'kind') === 'Pod' && about(event, 'namespace') === subject.namespace && sets.some((prefix) => about(event, 'name').startsWith(prefix))),
  );
}

function columns(now: number): readonly TableColumn<KubeObject>[] {
  return [
    {
      id: 'age',
      head: 'AGE',
      width: 5,
      priority: 1,
      side: 'left',
      text: (event) => ageText(eventTime(event), now),
      style: () => 'muted',
      order: (event) => -eventTime(event),
    },
    {
      id: 'type',
      head: 'TYPE',
      width: 7,
      priority: 5,
      text: (event) => textAt(event, 'type') ?? '',
      style: (event) => (event['type'] === 'Warning' ? 'attention' : 'muted'),
    },
    {
      id: 'reason',
      head: 'REASON',
      width: 22,
      priority: 2,
      text: (event) => textAt(event, 'reason') ?? '',
      style: (event) => (event['type'] === 'Warning' ? 'attention' : 'text'),
    },
    {
      id: 'object',
      head: 'OBJECT',
      width: 30,
      priority: 6,
      text: (event) => `${textAt(event, 'involvedObject', 'kind') ?? ''} ${textAt(event, 'involvedObject', 'name') ?? ''}`,
      style: () => 'muted',
    },
    {
      id: 'count',
      head: 'N',
      width: 3,
      priority: 4,
      side: 'left',
      text: (event) => countText(event),
      order: (event) => -(numberAt(event, 'count') ?? 1),
      style: () => 'muted',
    },
    { id: 'message', head: 'MESSAGE', width: 20, priority: 3, grows: true, text: (event) => textAt(event, 'message') ?? '' },
  ];
}

function countText(event: KubeObject): string {
  const count = numberAt(event, 'count') ?? 1;
  return count > 1 ? String(count) : '';
}

export const eventsScreen: PageScreen = {
  id: 'events',
  word: 'events',
  form: 'table',
  about: ['Pod', 'ReplicaSet', 'AnalysisRun', 'Experiment', 'Service', 'VirtualService', 'DestinationRule'],
  sorts: ['age', 'type', 'reason', 'object', 'count', 'message'],
  contents(model, page) {
    const rows = eventsOf(model, page)
      .toSorted((a, b) => eventTime(b) - eventTime(a))
      .map((event) => ({
        id: event.metadata.uid ?? event.metadata.name,
        link: { screen: 'describe' as const, key: page.key, subject: subjectOf(event) },
        row: event,
      }));
    return {
      title: `Events of ${subjectWords(page.subject)}`,
      empty: 'no events: servers keep them for an hour only',
      ...tableContents(columns(pageNow(model, page)), rows, model.size.columns - 2, page),
    };
  },
};
