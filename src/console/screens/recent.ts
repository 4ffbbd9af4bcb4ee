// The screen `recent`: who did what lately, and what became of it, over all rollouts of all clusters, the newest first.

import { rolloutSubject } from '../page.js';
import { labelOf, type Model } from '../model.js';
import type { PageScreen } from '../page-screen.js';
import { type TableColumn, tableContents } from '../page-table.js';
import { type PersonAct, readPersonAct } from '../people.js';
import { textAt } from '../read.js';
import { rolloutKey } from '../rollout-key.js';
import { skewOf } from '../server-now.js';
import { eventEntries, type TimelineEntry, writerEntries } from '../timeline.js';
import { entryColumns, PEOPLE_NOTE } from './timeline.js';

/** More than anybody scrolls through; older ones are in the rollout's own timeline. */
const MOST_ROWS = 500;

/** What becomes of a release. Everything else is told where one looks at the rollout itself. */
const MILESTONES: ReadonlySet<string> = new Set(['RolloutUpdated', 'RolloutCompleted', 'RolloutAborted', 'RolloutDeleted']);

type Recent = TimelineEntry & { readonly key: string; readonly rollout: string; readonly entry: string };

const ROLLOUT_COLUMN: TableColumn<Recent> = { id: 'rollout', head: 'ROLLOUT', width: 22, priority: 2.5, text: ({ rollout }) => rollout };

const columns = (model: Model): readonly TableColumn<Recent>[] =>
  entryColumns<Recent>(model.now, model.utcOffsetMinutes).flatMap((column) => (column.id === 'what' ? [ROLLOUT_COLUMN, column] : [column]));

/** By this machine's clock, so that those of several clusters stand in their order. */
function recentOf(model: Model): readonly Recent[] {
  const rows: Recent[] = [];
  for (const [cluster, { snapshot, board }] of model.clusters) {
    const skewMs = skewOf(model, cluster);
    const acts = new Map<string, PersonAct[]>();
    const take = (entries: readonly TimelineEntry[], key: string): void => {
      for (const entry of entries) rows.push({ ...entry, id: `${key} ${entry.id}`, entry: entry.id, at: entry.at - skewMs, key, rollout: labelOf(model, key) });
    };
    for (const event of snapshot.events) {
      if (textAt(event, 'involvedObject', 'kind') !== 'Rollout') continue;
      const act = readPersonAct(event);
      if (act === undefined && !MILESTONES.has(textAt(event, 'reason') ?? '')) continue;
      const key = rolloutKey(cluster, textAt(event, 'involvedObject', 'namespace') ?? '', textAt(event, 'involvedObject', 'name') ?? '');
      if (act !== undefined) acts.set(key, [...(acts.get(key) ?? []), act]);
      take(eventEntries([event]), key);
    }
    for (const { object, key } of board.all)
      take(
        writerEntries(object, acts.get(key) ?? []).filter(({ person }) => person),
        key,
      );
  }
  return rows.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)).slice(0, MOST_ROWS);
}

export const recentScreen: PageScreen = {
  id: 'recent',
  word: 'recent',
  form: 'table',
  about: [],
  sorts: ['time', 'who', 'rollout', 'what'],
  contents(model, page) {
    const rows = recentOf(model).map((row) => ({
      id: row.id,
      row,
      ...(row.person ? { labels: { person: '' } } : {}),
      ...(model.board.byKey.has(row.key) ? { link: { screen: 'timeline' as const, key: row.key, subject: rolloutSubject(row.key), line: row.entry } } : {}),
    }));
    return {
      title: 'Recent, all rollouts',
      note: PEOPLE_NOTE,
      empty: 'nothing is remembered: servers keep events for an hour only',
      ...tableContents(columns(model), rows, model.size.columns - 2, page),
    };
  },
};
