// The screen `history`: past releases: who, when, how long, how they ended.

import { indexOf } from '../board.js';
import { subjectOf } from '../find-object.js';
import { type Release, releasesOf } from '../history.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents } from '../page-table.js';
import { ageText, roughAgeText } from '../time-words.js';
import { formatAge } from '../../lib/go-duration.js';
import type { StyleName } from '../style.js';
import { nameOf } from '../rollout-key.js';
import { eventsOf } from './events.js';
import { pageNow } from '../server-now.js';

const STYLES: Readonly<Record<Release['outcome'], StyleName>> = {
  serves: 'good',
  'on its way': 'progress',
  aborted: 'bad',
  completed: 'text',
  replaced: 'muted',
  unknown: 'muted',
};

function lasted({ began, ended, outcome }: Release, now: number): string {
  if (began === undefined) return '';
  if (ended !== undefined) return ended >= began ? formatAge(ended - began) : '';
  return outcome === 'on its way' ? ageText(began, now) : '';
}

const columns = (now: number): readonly TableColumn<Release>[] => [
  { id: 'revision', head: 'REV', width: 4, priority: 1, side: 'left', text: ({ revision }) => revision, order: ({ revision }) => -Number(revision) },
  { id: 'outcome', head: 'OUTCOME', width: 10, priority: 2, text: ({ outcome }) => outcome, style: ({ outcome }) => STYLES[outcome] },
  { id: 'age', head: 'BEGAN', width: 5, priority: 4, side: 'left', text: ({ began }) => roughAgeText(began, now), order: ({ began }) => -(began ?? 0) },
  {
    id: 'lasted',
    head: 'TOOK',
    width: 6,
    priority: 5,
    side: 'left',
    text: (row) => lasted(row, now),
    order: ({ began, ended }) => (ended ?? now) - (began ?? now),
  },
  { id: 'who', head: 'WHO', width: 16, priority: 7, text: ({ who }) => who, style: () => 'muted' },
  { id: 'image', head: 'IMAGE', width: 22, priority: 3, text: ({ image }) => image },
  { id: 'why', head: 'WHY', width: 16, priority: 6, grows: true, text: ({ why }) => why, style: () => 'muted' },
];

export const historyScreen: PageScreen = {
  id: 'history',
  word: 'history',
  form: 'table',
  about: [],
  sorts: ['revision', 'outcome', 'age', 'lasted', 'who', 'image'],
  contents(model, page) {
    const facts = model.board.byKey.get(page.key);
    const events = eventsOf(model, { ...page, subject: { ...page.subject, kind: 'Rollout', name: facts?.name ?? '' } });
    const rows = (facts === undefined ? [] : releasesOf(facts, indexOf(model.board, facts), events)).map((row) => ({
      id: row.set.metadata.uid ?? row.revision,
      link: { screen: 'diff' as const, key: page.key, subject: subjectOf(row.set) },
      row,
    }));
    return {
      title: `Releases of ${nameOf(page.key)}`,
      note: 'as far as the cluster remembers',
      empty: 'nothing has been released yet',
      ...tableContents(columns(pageNow(model, page)), rows, model.size.columns - 2, page.sort),
    };
  },
};
