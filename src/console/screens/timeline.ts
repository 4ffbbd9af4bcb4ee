// The screen `timeline`: every change of the rollout with its time, who made it and why, the newest first.

import { indexOf } from '../board.js';
import { subjectOf } from '../find-object.js';
import type { Model } from '../model.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents } from '../page-table.js';
import { shortChange, shortWho } from '../short-words.js';
import { ageText, clockText } from '../time-words.js';
import { type TimelineEntry, timelineOf } from '../timeline.js';
import { nameOf } from '../rollout-key.js';
import { eventsOf } from './events.js';
import { pageNow } from '../server-now.js';

/** Who can be asked for by a filter: a label needs no column. */
export const PEOPLE_NOTE = 'tip: filter by "-l person"';

/** Below it, who did it gives room to what was done. */
export const WIDE_COLUMNS = 100;

/** When, how long ago, by whom and what: on every screen that tells of changes. */
export const entryColumns = <Entry extends TimelineEntry>({ utcOffsetMinutes, size }: Model, now: number): readonly TableColumn<Entry>[] => [
  { id: 'time', head: 'TIME', width: 8, priority: 1, text: ({ at }) => clockText(at, utcOffsetMinutes), order: ({ at }) => -at },
  { id: 'age', head: 'AGO', width: 5, priority: 4, side: 'left', text: ({ at }) => ageText(at, now), style: () => 'muted', order: ({ at }) => -at },
  {
    id: 'who',
    head: 'WHO',
    width: size.columns < WIDE_COLUMNS ? 12 : 20,
    priority: 3,
    text: ({ actor }) => actor,
    short: ({ actor }) => shortWho(actor),
    style: ({ person }) => (person ? 'strong' : 'progress'),
  },
  {
    id: 'what',
    head: 'WHAT',
    width: 20,
    priority: 2,
    grows: true,
    text: ({ what }) => what,
    short: ({ what }) => shortChange(what),
    style: ({ level }) => level,
  },
];

export const timelineScreen: PageScreen = {
  id: 'timeline',
  word: 'timeline',
  form: 'table',
  about: [],
  sorts: ['time', 'who', 'what'],
  contents(model, page) {
    const facts = model.board.byKey.get(page.key);
    const entries =
      facts === undefined
        ? []
        : timelineOf(facts, indexOf(model.board, facts), eventsOf(model, { ...page, subject: { ...page.subject, kind: 'Rollout', name: facts.name } }));
    const rows = entries.map((entry) => ({
      id: entry.id,
      row: entry,
      // A filter by label needs no column: -l person.
      ...(entry.person ? { labels: { person: '' } } : {}),
      ...(entry.object === undefined ? {} : { link: { screen: 'describe' as const, key: page.key, subject: subjectOf(entry.object) } }),
    }));
    return {
      title: `Timeline of ${nameOf(page.key)}`,
      note: PEOPLE_NOTE,
      empty: 'nothing is known',
      ...tableContents(entryColumns(model, pageNow(model, page)), rows, model.size.columns - 2, page),
    };
  },
};
