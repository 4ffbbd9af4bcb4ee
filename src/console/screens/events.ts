// The screen `events`: what was recorded about a rollout and all that belongs to it, the newest first.

import { type ClusterIndex, eventTime, indexOf, runsOf, setsOf } from '../board.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { subjectOf } from '../find-object.js';
import { type Model, snapshotOf } from '../model.js';
import type { Page } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents } from '../page-table.js';
import { numberAt, textAt } from '../../lib/read.js';
import { textWidth } from '../../lib/text-width.js';
import { readKey } from '../rollout-key.js';
import { shortObject } from '../short-words.js';
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

/** Narrower screens give the message room, and the narrowest ones leave it out: what happened to what stays. */
const WIDE_COLUMNS = 120;
const NARROW_COLUMNS = 70;

const byWidth = (columns: number, wide: number, usual: number, narrow: number): number =>
  columns >= WIDE_COLUMNS ? wide : columns >= NARROW_COLUMNS ? usual : narrow;

/** Of what the event is, where that is not the same for all. */
function objectColumn(columns: number): TableColumn<KubeObject> {
  const about = (event: KubeObject, field: string): string => textAt(event, 'involvedObject', field) ?? '';
  return {
    id: 'object',
    head: 'OBJECT',
    width: byWidth(columns, 30, 20, 14),
    priority: 2.5,
    text: (event) => `${about(event, 'kind')} ${about(event, 'name')}`,
    short: (event, width) => shortObject(about(event, 'kind'), about(event, 'name'), width),
    style: () => 'muted',
  };
}

const isWarning = (event: KubeObject): boolean => event['type'] === 'Warning';

/** A word, or a sign where that would take the room of the message. */
function typeColumn({ size, glyphs }: Model): TableColumn<KubeObject> {
  const wide = size.columns >= WIDE_COLUMNS;
  return {
    id: 'type',
    head: wide ? 'TYPE' : '',
    width: wide ? 7 : textWidth(glyphs.warning),
    priority: wide ? 5 : 1.5,
    text: (event) => textAt(event, 'type') ?? '',
    short: (event) => (isWarning(event) ? glyphs.warning : ''),
    style: (event) => (isWarning(event) ? 'attention' : 'muted'),
  };
}

function columnsFor(model: Model, { subject }: Page, now: number): readonly TableColumn<KubeObject>[] {
  const { columns } = model.size;
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
    typeColumn(model),
    {
      id: 'reason',
      head: 'REASON',
      width: byWidth(columns, 22, 20, 15),
      priority: 2,
      text: (event) => textAt(event, 'reason') ?? '',
      style: (event) => (isWarning(event) ? 'attention' : 'text'),
    },
    ...(subject.kind === 'Rollout' ? [objectColumn(columns)] : []),
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
      empty: 'no events of the last hour: servers keep them no longer',
      ...tableContents(columnsFor(model, page, pageNow(model, page)), rows, model.size.columns - 2, page),
    };
  },
};
