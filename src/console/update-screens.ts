// Moving about: what the keys for cursor, screens, filter, tree and sections make of the model.

import { sanitise } from '../lib/text-width.js';
import type { ActionId } from './actions.js';
import { typedCharacter, type KeyPress } from './key.js';
import { contextOf, type DetailState, type HelpState, type Model, openDetail, SECTIONS, rowsAbove, topPage } from './model.js';
import { subjectOf } from './find-object.js';
import type { PageId, Sort } from './page.js';
import { readKey } from './rollout-key.js';
import { pageScreen } from './screens/pages.js';
import { SORT_COLUMNS } from './screens/rollouts/sort.js';
import { targetFor } from './open-over.js';
import { notify } from './update-changes.js';
import { backFromPage, inPage, pageFor, pushPage, replaceTop } from './update-pages.js';
import { distance } from './distance.js';
import { boxRowCount } from './screens/help/scrolled.js';
import { helpLines } from './screens/help/view.js';
import { type DetailContents, findRow, findStepTop, gatherDetail } from './screens/rollout/contents.js';
import { findCursor, layoutList, moveCursor, visibleLists } from './screens/rollouts/lists.js';

const LONGEST_FILTER = 60;

function moveInList(model: Model, action: ActionId): Model {
  const lists = visibleLists(model.board, model.list);
  const place = findCursor(lists, model.list);
  if (place === undefined) return model;
  const by = distance(action, layoutList(model.size, lists.waiting.length, rowsAbove(model)).allRows) ?? 0;
  return { ...model, list: { ...model.list, cursor: moveCursor(lists, place, by) } };
}

function moveInDetail(detail: DetailState, contents: DetailContents, action: ActionId): DetailState {
  const clamp = (value: number, count: number): number => Math.min(Math.max(0, count - 1), Math.max(0, value));
  const { rows, facts, series, layout } = contents;
  const page = layout[detail.section].box.rows;
  const by = distance(action, page) ?? 0;
  if (detail.section === 'steps') {
    const top = findStepTop(facts, detail.stepTop, page);
    return { ...detail, stepTop: Math.min(clamp(top + by, facts.steps.length), Math.max(0, facts.steps.length - page)) };
  }
  if (detail.section === 'metrics') return { ...detail, metric: clamp(detail.metric + by, series.length) };
  const place = clamp(findRow(rows, detail.row) + by, rows.length);
  return { ...detail, row: { id: rows[place]?.id, place } };
}

/** Folding: `open` undefined turns it round. Closing what is closed or a leaf goes to its parent. */
function fold(detail: DetailState, contents: DetailContents, open: boolean | undefined): DetailState {
  const { rows } = contents;
  const row = rows[findRow(rows, detail.row)];
  if (row === undefined || detail.section !== 'revisions') return detail;
  const wanted = open ?? row.open !== true;
  if (row.open !== undefined && row.open !== wanted)
    return { ...detail, row: { ...detail.row, id: row.id }, folds: new Map([...detail.folds, [row.id, wanted]]) };
  if (open !== false || row.parent === undefined) return detail;
  return { ...detail, row: { id: row.parent, place: rows.findIndex(({ id }) => id === row.parent) } };
}

function turnSection(detail: DetailState, by: number): DetailState {
  const next = SECTIONS[(SECTIONS.indexOf(detail.section) + by + SECTIONS.length) % SECTIONS.length] ?? 'revisions';
  return { ...detail, section: next, stepTop: undefined };
}

const unmarkAll = (model: Model): Model => ({ ...model, list: { ...model.list, marks: new Set() } });

function back(model: Model): Model {
  if (model.stack.length > 0) return backFromPage(model);
  if (model.screen === 'rollout') return { ...model, screen: 'rollouts', detail: undefined };
  if (model.list.marks.size > 0) return unmarkAll(model);
  const { filter, namespace, context } = model.list;
  if (filter !== '') return { ...model, list: { ...model.list, filter: '' } };
  return namespace === undefined && context === undefined ? model : { ...model, list: { ...model.list, namespace: undefined, context: undefined } };
}

/** Marks the rollout under the cursor or takes its mark away, and stays there, as k9s does: who goes on by a key of their own skips none. */
function mark(model: Model): Model {
  const place = findCursor(visibleLists(model.board, model.list), model.list);
  if (place === undefined) return model;
  const marks = new Set(model.list.marks);
  if (!marks.delete(place.facts.key)) marks.add(place.facts.key);
  const cursor = { section: place.section, key: place.facts.key, place: place.index };
  return { ...model, list: { ...model.list, marks, cursor } };
}

function nextSort(columns: readonly string[], before: Sort | undefined, action: ActionId): Sort | undefined {
  const [first = ''] = columns;
  const now = before ?? { column: first, descending: false };
  if (action === 'sort.turn') return { ...now, descending: !now.descending };
  const named = action === 'sort.name' ? 'name' : action === 'sort.age' ? 'age' : undefined;
  if (named !== undefined)
    return columns.includes(named) ? { column: named, descending: now.column === named && before !== undefined && !now.descending } : before;
  const by = action === 'sort.next' ? 1 : -1;
  const next = columns[(columns.indexOf(now.column) + by + columns.length) % columns.length] ?? first;
  return next === first ? undefined : { column: next, descending: false };
}

function sortBy(model: Model, action: ActionId): Model {
  const page = topPage(model);
  if (page === undefined) {
    const columns = SORT_COLUMNS.map(({ id }) => id);
    return { ...model, list: { ...model.list, sort: nextSort(columns, model.list.sort, action) } };
  }
  const { sorts } = pageScreen(page.screen);
  return sorts === undefined ? model : replaceTop(model, { ...page, sort: nextSort(sorts, page.sort, action) });
}

function open(model: Model): Model {
  const place = findCursor(visibleLists(model.board, model.list), model.list);
  if (place === undefined) return model;
  const cursor = { section: place.section, key: place.facts.key, place: place.index };
  return { ...model, screen: 'rollout', detail: openDetail(place.facts.key), list: { ...model.list, cursor } };
}

const LEAF_SCREENS: Readonly<Record<string, PageId>> = { pod: 'describe', 'analysis-run': 'analysis', experiment: 'experiment' };

/** What enter opens of a row that has no branches; on the metrics the analysis behind them. */
function openLeaf(model: Model, detail: DetailState, { rows, series }: DetailContents): Model | undefined {
  const { key } = detail;
  if (detail.section === 'metrics') {
    const run = series[detail.metric]?.run;
    const { namespace } = readKey(key);
    return run === undefined ? undefined : pushPage(model, { screen: 'analysis', key, subject: { kind: 'AnalysisRun', namespace, name: run } });
  }
  const row = rows[findRow(rows, detail.row)];
  if (detail.section !== 'revisions' || row?.object === undefined || row.open !== undefined) return undefined;
  return pushPage(model, { screen: LEAF_SCREENS[row.kind] ?? 'describe', key, subject: subjectOf(row.object) });
}

function inDetail(model: Model, action: ActionId): Model {
  const { detail } = model;
  const contents = detail === undefined ? undefined : gatherDetail(model, detail);
  if (detail === undefined || contents === undefined) return model;
  if (action === 'section.next') return { ...model, detail: turnSection(detail, 1) };
  if (action === 'section.previous') return { ...model, detail: turnSection(detail, -1) };
  if (action === 'tree.toggle') return openLeaf(model, detail, contents) ?? { ...model, detail: fold(detail, contents, undefined) };
  if (action === 'tree.open') return { ...model, detail: fold(detail, contents, true) };
  if (action === 'tree.close') return { ...model, detail: fold(detail, contents, false) };
  return { ...model, detail: moveInDetail(detail, contents, action) };
}

type FilterInput = { readonly filter: string; readonly typing: boolean };

/** The filter of the screen on top. */
function changeFilter(model: Model, change: (input: FilterInput) => FilterInput): Model {
  if (model.help !== undefined) return { ...model, help: { top: 0, ...change(model.help) } };
  const page = topPage(model);
  if (page === undefined) return { ...model, list: { ...model.list, ...change(model.list) } };
  const { filter, typing } = change(page);
  return replaceTop(model, { ...page, filter, typing });
}

function inFilter(model: Model, action: ActionId): Model {
  return changeFilter(model, ({ filter, typing }) => {
    if (action === 'filter.accept') return { filter, typing: false };
    if (action === 'filter.leave') return { filter: '', typing: false };
    if (action === 'filter.erase') return { filter: filter.replace(/.$/su, ''), typing };
    return { filter: action === 'filter.erase-all' ? '' : filter, typing };
  });
}

function inHelp(model: Model, help: HelpState, action: ActionId): Model {
  const { top, filter } = help;
  if (action === 'filter') return changeFilter(model, () => ({ filter: '', typing: true }));
  // As on other screens, the filter is left first.
  if (action === 'help.close') return filter === '' ? { ...model, help: undefined } : { ...model, help: { ...help, top: 0, filter: '' } };
  const furthest = Math.max(0, helpLines(model).length - boxRowCount(model));
  return { ...model, help: { ...help, top: Math.min(furthest, Math.max(0, top + (distance(action, model.size.rows - 6) ?? 0))) } };
}

/** A screen of nothing is not opened. */
function refuseWithoutRollout(model: Model, screen: PageId): Model {
  const { word } = pageScreen(screen);
  const what = topPage(model) === undefined ? 'there is none in the list' : 'choose one in the list, or under recent';
  return notify(model, 'attention', `The screen ${word} is of one rollout: ${what}.`, model.now);
}

/** Actions that change nothing but the view. */
export function moveAbout(model: Model, action: ActionId): Model {
  if (contextOf(model) === 'filter') return inFilter(model, action);
  if (model.help !== undefined) return inHelp(model, model.help, action);
  if (action === 'help') return { ...model, help: { top: 0, filter: '', typing: false } };
  if (action === 'back') return back(model);
  const screen = pageFor(action);
  if (screen !== undefined) {
    const target = targetFor(model, screen);
    return target === undefined ? refuseWithoutRollout(model, screen) : pushPage(model, target);
  }
  if (action === 'open') return open(model);
  if (action === 'filter') return changeFilter(model, () => ({ filter: '', typing: true }));
  if (action.startsWith('sort.')) return sortBy(model, action);
  if (action === 'mark') return mark(model);
  if (action === 'unmark-all') return unmarkAll(model);
  if (action === 'all-namespaces') return { ...model, list: { ...model.list, namespace: undefined } };
  const page = topPage(model);
  if (page !== undefined) return inPage(model, page, action);
  return model.screen === 'rollout' ? inDetail(model, action) : moveInList(model, action);
}

/** Text for the filter: a typed character or a paste. */
export function typeIntoFilter(model: Model, key: KeyPress): Model {
  const text = key.name === 'paste' ? sanitise(key.text ?? '').trim() : typedCharacter(key);
  if (text === undefined || text === '') return model;
  return changeFilter(model, ({ filter, typing }) => ({ filter: (filter + text).slice(0, LONGEST_FILTER), typing }));
}
