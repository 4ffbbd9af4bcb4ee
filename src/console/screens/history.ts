// The screen `history`: past releases: who, when, how long, how they ended.

import { indexOf } from '../board.js';
import { subjectOf } from '../find-object.js';
import { type Release, releasesOf } from '../history.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents } from '../page-table.js';
import { ageText, roughAgeText } from '../time-words.js';
import { cutStart, sanitise } from '../../lib/text-width.js';
import { numberAt } from '../../lib/read.js';
import { formatAge } from '../../lib/go-duration.js';
import type { StyleName } from '../style.js';
import type { Model } from '../model.js';
import { type Need, needKey } from '../need.js';
import type { Page } from '../page.js';
import type { PastAct } from '../past-acts.js';
import { nameOf, readKey } from '../rollout-key.js';
import { eventsOf } from './events.js';
import { pageNow, skewOf } from '../server-now.js';

/** Where the rollout does not say how many (engine.md 1). */
const OLD_REVISIONS_KEPT = 10;

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
  { id: 'image', head: 'IMAGE', width: 22, priority: 3, text: ({ image }) => image, short: ({ image }, width) => cutStart(sanitise(image), width) },
  { id: 'why', head: 'WHY', width: 16, priority: 6, grows: true, text: ({ why }) => why, style: () => 'muted' },
];

const auditNeed = (page: Page): Need => ({ type: 'audit', ...readKey(page.key) });

/** By the server's clock, as all that they stand beside. */
function actsFor(model: Model, page: Page): readonly PastAct[] {
  const { pastActs } = model;
  if (pastActs?.key !== needKey(auditNeed(page))) return [];
  const skewMs = skewOf(model, readKey(page.key).cluster);
  return pastActs.acts.map((act) => ({ ...act, at: act.at + skewMs }));
}

export const historyScreen: PageScreen = {
  id: 'history',
  word: 'history',
  form: 'table',
  about: [],
  sorts: ['revision', 'outcome', 'age', 'lasted', 'who', 'image'],
  contents(model, page) {
    const facts = model.board.byKey.get(page.key);
    const events = eventsOf(model, { ...page, subject: { ...page.subject, kind: 'Rollout', name: facts?.name ?? '' } });
    const releases = facts === undefined ? [] : releasesOf(facts, indexOf(model.board, facts), events, actsFor(model, page));
    const rows = releases.map((row) => ({
      id: row.set.metadata.uid ?? row.set.metadata.name,
      link: { screen: 'diff' as const, key: page.key, subject: subjectOf(row.set) },
      row,
    }));
    return {
      title: `Releases of ${nameOf(page.key)}`,
      note: `the cluster keeps ${numberAt(facts?.object, 'spec', 'revisionHistoryLimit') ?? OLD_REVISIONS_KEPT} old ones`,
      empty: 'nothing has been released yet',
      ...tableContents(columns(pageNow(model, page)), rows, model.size.columns - 2, page),
    };
  },
  needs: (_model, page) => [auditNeed(page)],
};
