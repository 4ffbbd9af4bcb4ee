// A model as a frame. Screens below, then the notice, help and the question over them; stale data goes grey as a whole.

import { textWidth } from '../lib/text-width.js';
import type { Frame, Pane, Size, Span } from './frame.js';
import { focusOf, type Model, snapshotOf, topPage } from './model.js';
import { noticeLines } from './notice.js';
import { nameOf } from './rollout-key.js';
import { helpPane } from './screens/help/view.js';
import { promptPane } from './screens/prompt/view.js';
import { activityLines } from './screens/help/activity.js';
import { logPane } from './screens/help/log.js';
import { ownQuestionPane } from './screens/help/own-question.js';
import { questionPane } from './screens/help/question.js';
import { isCompact, viewCompact } from './screens/compact.js';
import { viewPage } from './screens/page/view.js';
import { viewRollout } from './screens/rollout/view.js';
import { viewRollouts } from './screens/rollouts/view.js';
import { fitLine, span } from './spans.js';
import type { StyleName } from './style.js';

/** Panes whose colours say how things stand now; the others are greyed while the data is old. */
const NEVER_STALE: ReadonlySet<string> = new Set(['header', 'footer', 'stale', 'notice', 'question', 'help', 'activity', 'log', 'palette', 'command']);

const KEPT: ReadonlySet<StyleName> = new Set(['rule', 'title']);

function mapLines(pane: Pane, change: (each: Span) => Span): Pane {
  if (pane.body.type !== 'text') return pane;
  return { ...pane, body: { ...pane.body, lines: pane.body.lines.map((line) => line.map(change)) } };
}

function greyed(pane: Pane): Pane {
  if (NEVER_STALE.has(pane.id)) return pane;
  if (pane.body.type === 'line-chart')
    return { ...pane, body: { ...pane.body, series: pane.body.series.map((series) => ({ ...series, style: 'stale' as const })) } };
  return mapLines(pane, (each) => (KEPT.has(each.style) ? each : { ...each, style: 'stale' }));
}

const ASCII: Readonly<Record<string, string>> = {
  '…': '~',
  '–': '-',
  '→': '>',
  '≥': '>',
  '≤': '<',
  '›': '>',
  '✔': '+',
  '✖': 'x',
  '⚠': '!',
  '·': '.',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '▯': '?',
};

/** Cell for cell: what a terminal without Unicode would draw as rubbish. */
function asciiOnly(pane: Pane): Pane {
  const plain = (text: string): string => text.replace(/[^\x20-\x7e]/gu, (character) => ASCII[character] ?? '?'.repeat(textWidth(character)));
  if (pane.body.type === 'line-chart') {
    const series = pane.body.series.map((each) => ({ ...each, label: plain(each.label) }));
    return { ...pane, body: { ...pane.body, empty: plain(pane.body.empty), series } };
  }
  return mapLines(pane, (each) => ({ ...each, text: plain(each.text) }));
}

/** What is under way, over the notice and the bottom line. */
function activityPane(model: Model, below: readonly Pane[]): readonly Pane[] {
  const { size } = model;
  const lines = activityLines(model).map((line) => fitLine(line, size.columns));
  const taken = below.reduce((sum, { box }) => sum + box.rows, 1);
  if (lines.length === 0) return [];
  return [
    {
      id: 'activity',
      box: { left: 0, top: Math.max(0, size.rows - taken - lines.length), columns: size.columns, rows: lines.length },
      body: { type: 'text', lines },
    },
  ];
}

function noticePane(model: Model): readonly Pane[] {
  const { size } = model;
  const lines = noticeLines(model);
  if (lines.length === 0) return [];
  return [{ id: 'notice', box: { left: 0, top: size.rows - 1 - lines.length, columns: size.columns, rows: lines.length }, body: { type: 'text', lines } }];
}

function titleOf(model: Model): string {
  const waiting = model.board.waiting.length;
  const on = focusOf(model) ?? (model.clusters.size > 0 ? `${model.clusters.size} clusters` : undefined);
  const place = model.screen === 'rollout' && model.detail !== undefined ? nameOf(model.detail.key) : 'rollouts';
  return span(`${waiting > 0 ? `(${waiting}) ` : ''}sluice: ${place}${on === undefined ? '' : ` on ${on}`}`).text;
}

export function render(model: Model, size: Size = model.size): Frame {
  const sized = size === model.size ? model : { ...model, size };
  const frame = (panes: readonly Pane[]): Frame => ({
    size,
    panes: model.glyphs.ascii ? panes.map(asciiOnly) : panes,
    bells: model.bells,
    title: titleOf(model),
  });
  if (isCompact(size)) return frame(viewCompact(sized));
  const page = topPage(sized);
  const screen =
    page !== undefined
      ? viewPage(sized, page)
      : sized.screen === 'rollout' && sized.detail !== undefined
        ? viewRollout(sized, sized.detail)
        : viewRollouts(sized);
  const stale = snapshotOf(sized, focusOf(sized))?.connection.type === 'lost';
  const notice = noticePane(sized);
  return frame([
    ...(stale ? screen.map(greyed) : screen),
    ...(sized.logOpen === undefined ? [] : [logPane(sized, sized.logOpen.top)]),
    ...activityPane(sized, notice),
    ...notice,
    ...(sized.help === undefined ? [] : [helpPane(sized, sized.help)]),
    ...(sized.prompt === undefined ? [] : [promptPane(sized, sized.prompt)]),
    ...(sized.question === undefined ? [] : [sized.question.type === 'own' ? ownQuestionPane(sized, sized.question) : questionPane(sized, sized.question)]),
  ]);
}
