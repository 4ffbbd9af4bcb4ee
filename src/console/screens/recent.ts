// The screen `recent`: who did what lately, and what became of it, over all rollouts of all clusters, the newest first.

import { remember } from '../../lib/remember.js';
import { rolloutSubject } from '../page.js';
import { labelOf, type Model } from '../model.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents, type TableRow } from '../page-table.js';
import { type Recent, recentOf } from '../recent.js';
import { readKey } from '../rollout-key.js';
import { entryColumns, PEOPLE_NOTE } from './timeline.js';

type Row = Recent & { readonly rollout: string };

const ROLLOUT_COLUMN: TableColumn<Row> = { id: 'rollout', head: 'ROLLOUT', width: 22, priority: 2.5, text: ({ rollout }) => rollout };

const columns = (model: Model): readonly TableColumn<Row>[] =>
  entryColumns<Row>(model.now, model.utcOffsetMinutes).flatMap((column) => (column.id === 'what' ? [ROLLOUT_COLUMN, column] : [column]));

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
