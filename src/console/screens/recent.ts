// The screen `recent`: who did what lately, and what became of it, over all rollouts of all clusters, the newest first.

import { remember } from '../../lib/remember.js';
import { cutMiddle } from '../../lib/text-width.js';
import { rolloutSubject } from '../page.js';
import { labelOf, type Model } from '../model.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents, type TableRow } from '../page-table.js';
import { type Recent, recentOf } from '../recent.js';
import { nameOf, readKey } from '../rollout-key.js';
import { shortKey } from '../short-words.js';
import { entryColumns, PEOPLE_NOTE, WIDE_COLUMNS } from './timeline.js';

type Row = Recent & { readonly rollout: string };

/** Below it, a rollout's name is cut rather than left out: without it no line tells anything. */
const NARROW_COLUMNS = 60;

const rolloutColumn = (columns: number): TableColumn<Row> => ({
  id: 'rollout',
  head: 'ROLLOUT',
  width: columns < NARROW_COLUMNS ? 14 : 22,
  priority: 1.5,
  text: ({ rollout }) => rollout,
  // Of several clusters the name ends with which.
  short: ({ key, rollout }, width) => (rollout === nameOf(key) ? shortKey(key, width) : cutMiddle(rollout, width)),
});

const columns = (model: Model): readonly TableColumn<Row>[] =>
  entryColumns<Row>(model, model.now)
    .filter(({ id }) => id !== 'age' || model.size.columns >= WIDE_COLUMNS)
    .flatMap((column) => (column.id === 'what' ? [rolloutColumn(model.size.columns), column] : [column]));

/** Made once for each change, as they are. */
const rowsOf = remember((clusters: Model['clusters']): readonly TableRow<Row>[] =>
  recentOf(clusters).map((each) => {
    const { cluster } = readKey(each.key);
    return {
      id: each.id,
      row: { ...each, rollout: labelOf({ clusters }, each.key) },
      ...(each.person ? { labels: { person: '' } } : {}),
      ...(clusters.get(cluster)?.board.byKey.has(each.key) === true
        ? { link: { screen: 'timeline' as const, key: each.key, subject: rolloutSubject(each.key), line: each.entry } }
        : {}),
    };
  }),
);

export const recentScreen: PageScreen = {
  id: 'recent',
  word: 'recent',
  form: 'table',
  about: [],
  sorts: ['time', 'who', 'rollout', 'what'],
  contents(model, page) {
    return {
      title: 'Recent, all rollouts',
      note: PEOPLE_NOTE,
      empty: 'nothing is remembered: servers keep events for an hour only',
      ...tableContents(columns(model), rowsOf(model.clusters), model.size.columns - 2, page),
    };
  },
};
