// The screen `contexts`: every cluster that is watched with how it is, and every other context of the kubeconfig.

import { namesOf } from '../contexts.js';
import { bannerOf, driverText, watchedText } from '../cluster-words.js';
import { staleText } from '../freshness.js';
import { type ContextInfo, type Model, settingsFor, whoOf, type Watched } from '../model.js';
import type { PageScreen } from '../page-screen.js';
import { serverNow } from '../server-now.js';
import { type TableColumn, tableContents, type TableRow } from '../page-table.js';
import type { StyleName } from '../style.js';

type Row = { readonly name: string; readonly info: ContextInfo | undefined; readonly watched: Watched | undefined };

const STATES = { live: 'live', lost: 'lost', connecting: 'connecting' } as const;
const STYLES: Readonly<Record<string, StyleName>> = { live: 'good', lost: 'attention', connecting: 'progress' };

const stateOf = ({ watched }: Row): string => (watched === undefined ? 'not watched' : STATES[watched.snapshot.connection.type]);

function rulesOf(model: Model, { name }: Row): string {
  const { readOnly, confirm, engine } = settingsFor(model, name);
  return [readOnly ? 'read-only' : confirm, `engine ${engine}`].join(', ');
}

/** Why it is not live, or who drives it and what of it is seen. */
function wordsOf(model: Model, { watched, info }: Row): string {
  if (watched === undefined) return info?.server ?? '';
  const { snapshot } = watched;
  const stale = staleText(snapshot, model.now, model.utcOffsetMinutes);
  return stale ?? [driverText(snapshot, serverNow(model, snapshot.context), false), watchedText(snapshot)].filter((text) => text !== '').join('; ');
}

const columns = (model: Model): readonly TableColumn<Row>[] => [
  {
    id: 'name',
    head: 'CONTEXT',
    width: 28,
    priority: 1,
    text: ({ name }) => name,
    style: ({ name, watched }) => (watched === undefined ? 'muted' : bannerOf(model, name)),
  },
  { id: 'state', head: 'STATE', width: 11, priority: 2, text: stateOf, style: (row) => STYLES[stateOf(row)] ?? 'muted' },
  {
    id: 'rollouts',
    head: 'ROLLOUTS',
    width: 8,
    priority: 4,
    side: 'left',
    text: ({ watched }) => (watched === undefined ? '' : `${watched.board.all.length}`),
    order: ({ watched }) => -(watched?.board.all.length ?? 0),
  },
  {
    id: 'waiting',
    head: 'WAITING',
    width: 7,
    priority: 5,
    side: 'left',
    text: ({ watched }) => (watched === undefined ? '' : `${watched.board.waiting.length}`),
    order: ({ watched }) => -(watched?.board.waiting.length ?? 0),
  },
  { id: 'rules', head: 'RULES', width: 24, priority: 6, text: (row) => rulesOf(model, row), style: () => 'muted' },
  {
    id: 'user',
    head: 'AS',
    width: 20,
    priority: 7,
    text: ({ name, watched, info }) => (watched === undefined ? (info?.user ?? '') : whoOf(model, name)),
    style: () => 'muted',
  },
  {
    id: 'words',
    head: 'HOW IT IS',
    width: 20,
    priority: 3,
    grows: true,
    text: (row) => wordsOf(model, row),
    style: ({ watched }) => (watched?.snapshot.connection.type === 'lost' ? 'attention' : 'muted'),
  },
];

export const contextsScreen: PageScreen = {
  id: 'contexts',
  word: 'contexts',
  form: 'table',
  about: [],
  sorts: ['watched', 'name', 'state', 'rollouts', 'waiting'],
  contents(model, page) {
    const rows = [...namesOf(model)].map(
      (name): TableRow<Row> => ({ id: name, row: { name, watched: model.clusters.get(name), info: model.contexts.find((each) => each.name === name) } }),
    );
    return {
      title: 'Contexts',
      opens: 'watch it, or leave it',
      empty: 'nothing has been connected to yet',
      ...tableContents(columns(model), rows, model.size.columns - 2, page),
    };
  },
};
