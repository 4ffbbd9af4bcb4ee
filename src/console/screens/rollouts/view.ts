// The screen `rollouts`: those that wait for a person first, then all of them, one line each.

import { remember, rememberLast } from '../../../lib/remember.js';
import { textWidth } from '../../../lib/text-width.js';
import { clusterWidth, watchedText } from '../../cluster-words.js';
import { headerLine, staleNotice } from '../../header.js';
import type { Waiting } from '../../facts.js';
import { footerLine } from '../../footer.js';
import type { Pane, StyledLine } from '../../frame.js';
import { signWidth } from '../../glyphs.js';
import { type Model, rowsAbove } from '../../model.js';
import { moodSign, rolloutMood } from '../../mood.js';
import { nameOf } from '../../rollout-key.js';
import { blank, cell, cutLine, lineWidth, rule, span } from '../../spans.js';
import { type Column, GAP, layoutColumns } from './columns.js';
import { findCursor, isNarrowed, layoutList, type Lists, visibleLists } from './lists.js';
import { recentNamespaces } from '../../update-namespaces.js';
import { stripLines } from './strip.js';
import { rolloutLine, waitingLine } from './row.js';

/** All that there are, or where not all may be seen, where these are from. */
function allSpan(model: Model): StyledLine {
  const watched = [...model.clusters.values()].map(({ snapshot }) => watchedText(snapshot)).filter((text) => text !== '');
  if (watched.length === 0) return [span('  all', 'muted')];
  return model.clusters.size === 1 ? [span(`  ${watched[0] ?? ''}`, 'attention')] : [];
}

/** What a rule puts around and between its two texts, at the least. */
const RULE_CELLS = 8;

/** A filter narrows what is shown, so it stands in the title for as long as it does. */
function titleOf(model: Model, lists: Lists): StyledLine {
  const { list, board } = model;
  const count = lists.all.length === board.all.length ? `${board.all.length}` : `${lists.all.length} of ${board.all.length}`;
  const filter =
    list.typing || list.filter !== ''
      ? [span('  /', 'key'), span(list.filter, 'input'), ...(list.typing ? [span('_', 'input')] : [])]
      : isNarrowed(list)
        ? []
        : allSpan(model);
  const where = [list.context, list.namespace].filter((name) => name !== undefined).map((name) => span(`  ${name}`, 'input'));
  const marks = list.marks.size === 0 ? [] : [span(`  ${list.marks.size} marked`, 'attention')];
  return [span('Rollouts ', 'title'), span(count), ...where, ...filter, ...marks];
}

function headLine(model: Model, columns: readonly Column[]): StyledLine {
  const cells = columns.flatMap(({ head, width, side }, place) => [...(place === 0 ? [] : [blank(GAP)]), cell(head, width, 'muted', side)]);
  return [blank(1 + signWidth(model.glyphs) + 1), ...cells];
}

/** The namespaces that digits lead to, where the rule has room for all of them. */
function recentSpans(model: Model, title: StyledLine, right: StyledLine): StyledLine {
  const { keymap, list, size } = model;
  const known = recentNamespaces(model);
  const keys = keymap.bindings['recent-namespace'];
  const all = keymap.bindings['all-namespaces'][0];
  const named = [
    ...(all === undefined ? [] : [[all, 'all'] as const]),
    ...known.flatMap((name, place) => (keys[place] === undefined ? [] : [[keys[place], name] as const])),
  ];
  const spans = named.flatMap(([key, name]) => [span(`  ${key}`, 'key'), span(` ${name}`, name === (list.namespace ?? 'all') ? 'input' : 'muted')]);
  return known.length > 0 && lineWidth(title) + lineWidth(spans) + lineWidth(right) + RULE_CELLS <= size.columns ? spans : [];
}

const sortWords = ({ sort }: Model['list']): string => (sort === undefined ? 'attention' : `${sort.column}${sort.descending ? ' down' : ''}`);

function emptyText(model: Model): string {
  if ([...model.clusters.values()].every(({ snapshot }) => snapshot.connection.type === 'connecting')) return 'reading the cluster …';
  if (isNarrowed(model.list)) return 'no rollout matches the filter';
  return `no rollouts in ${model.clusters.size > 1 ? 'these clusters' : 'this cluster'}: create one, and it appears here`;
}

/** What has gone wrong, unlike what waits in its own time. */
const ALARMS: ReadonlySet<Waiting | undefined> = new Set(['invalid', 'aborted', 'degraded', 'inconclusive']);

/** By name, not as lines: no key may act on what the person has filtered out. */
function hiddenAlarms({ board, glyphs }: Model, { waiting }: Lists): StyledLine {
  const shown = new Set(waiting.map(({ key }) => key));
  const alarms = board.waiting.filter(({ key, waiting: its }) => ALARMS.has(its?.why) && !shown.has(key));
  return alarms.map((facts) => span(`  ${moodSign(glyphs, rolloutMood(facts))} ${nameOf(facts.key)} ${facts.waiting?.why ?? ''}`, 'bad'));
}

/** A filter hides lines, never the fact that somebody is waited for, nor what has gone wrong. */
function waitingTitle(model: Model, lists: Lists, rows: number): StyledLine {
  const all = model.board.waiting.length;
  const alarms = hiddenAlarms(model, lists);
  if (lists.waiting.length === 0 && all > 0) return [span('Waiting for you: ', 'title'), span(`${all} hidden by the filter`, 'attention'), ...alarms];
  if (lists.waiting.length === 0) return [span('Waiting for you: ', 'title'), span(model.clusters.size === 0 ? '' : 'nothing')];
  const more = lists.waiting.length > rows ? `  ${model.list.waitingTop + 1}-${model.list.waitingTop + rows}` : '';
  const count = lists.waiting.length === all ? `${all}` : `${lists.waiting.length} of ${all}`;
  const failed = more === '' ? 0 : lists.waiting.filter(({ phase }) => phase === 'Degraded').length;
  return [span('Waiting for you ', 'title'), span(`(${count})${more}`, 'attention'), ...(failed === 0 ? [] : [span(`  ${failed} failed`, 'bad')]), ...alarms];
}

const longestName = remember((all: Model['board']['all']) => all.reduce((most, { key }) => Math.max(most, textWidth(nameOf(key))), 0));

/** The same columns for as long as they are laid out for the same: the rows that stand in them are kept. */
const layoutOf = rememberLast(layoutColumns);

export function viewRollouts(model: Model): readonly Pane[] {
  const { size, glyphs, list } = model;
  const lists = visibleLists(model.board, list);
  const layout = layoutList(size, lists.waiting.length, rowsAbove(model));
  const cursor = findCursor(lists, list);
  const waiting = lists.waiting.slice(list.waitingTop, list.waitingTop + layout.waitingRows);
  const shown = lists.all.slice(list.allTop, list.allTop + layout.allRows);
  const longest = longestName(model.board.all);
  const columns = layoutOf(size.columns, signWidth(glyphs), longest, clusterWidth(model));
  const nameWidth = columns.find(({ id }) => id === 'name')?.width ?? 20;
  const selects = (section: 'waiting' | 'all', index: number): boolean => cursor?.section === section && cursor.index === index;
  const row = (id: string, top: number, rows: number, lines: readonly StyledLine[]): Pane => ({
    id,
    box: { left: 0, top, columns: size.columns, rows },
    body: { type: 'text', lines },
  });
  const range = lists.all.length > layout.allRows ? `${list.allTop + 1}-${list.allTop + shown.length} of ${lists.all.length}  ` : '';
  const namespaces = [span(`   ${model.board.namespaceCount} namespace${model.board.namespaceCount === 1 ? '' : 's'}`, 'muted')];
  const title = titleOf(model, lists);
  const sorted = [span(`${range}sort: ${sortWords(list)}`, 'muted')];
  const stale = staleNotice(model);
  const above = stale === undefined ? stripLines(model) : [cutLine(stale, size.columns)];
  const body = shown.map((facts, place) => rolloutLine(model, facts, columns, selects('all', list.allTop + place)));
  return [
    row('header', 0, 1, [headerLine(model, [namespaces])]),
    row('waiting-rule', layout.waitingRule, 1, [rule(glyphs, size.columns, waitingTitle(model, lists, layout.waitingRows))]),
    row(
      'waiting',
      layout.waitingTop,
      layout.waitingRows,
      waiting.map((facts, place) => waitingLine(model, facts, nameWidth, selects('waiting', list.waitingTop + place))),
    ),
    row('all-rule', layout.allRule, 1, [rule(glyphs, size.columns, [...title, ...recentSpans(model, title, sorted)], sorted)]),
    row('head', layout.head, 1, [headLine(model, columns)]),
    row('all', layout.allTop, layout.allRows, body.length > 0 ? body : [cutLine([span(`   ${emptyText(model)}`, 'muted')], size.columns)]),
    ...(above.length === 0 ? [] : [row('stale', 1, above.length, above)]),
    row('footer', layout.footer, 1, [footerLine(model)]),
  ];
}
