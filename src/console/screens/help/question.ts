// The question before a change: where, what is now, what will be, what must be said or typed, and which key says yes.

import { sanitise, wrap } from '../../../lib/text-width.js';
import { bannerOf } from '../../cluster-words.js';
import { boxPane, innerWidth } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import { labelOf, type Model, othersAt, snapshotOf, whoOf } from '../../model.js';
import type { ActQuestion, Target } from '../../question.js';
import { nameOf, readKey } from '../../rollout-key.js';
import { blank, cutLine, span } from '../../spans.js';
import { answersOf, FRAME_ROWS, LABEL, labelled, MOST_ROWS } from './form.js';
import { fitTold, type Told } from './told.js';

/** Of what is done to one of several, so many lines are shown. */
const MOST_EFFECT_ROWS = 4;

/** On fewer the context, which stands behind it, would be cut. */
const GOAL_COLUMNS = 60;

const contextText = (model: Model, context: string): string => `context ${context}${snapshotOf(model, context)?.embedded === true ? ' (embedded)' : ''}`;

/** Marked rollouts that are left out, each with its reason; on a small screen as many as leave room for the others. */
function leftOutLines({ targets, leftOut }: ActQuestion, room: number, width: number): StyledLine[] {
  if (leftOut.length === 0) return [];
  const most = Math.min(MOST_ROWS, Math.max(1, Math.floor(room / 4)));
  const shown = leftOut.length > most + 1 ? leftOut.slice(0, most) : leftOut;
  const more = leftOut.length - shown.length;
  return [
    ...labelled('marked', `${targets.length + leftOut.length}; ${leftOut.length} of them left out:`, width, 'attention'),
    ...shown.flatMap((text) => labelled('', text, width, 'attention')),
    ...(more === 0 ? [] : labelled('', `and ${more} more`, width, 'attention')),
  ];
}

/** What is done to one of several, whole: effects that are cut say the wrong thing. */
function targetLines(model: Model, { key, proposal }: Target, width: number): StyledLine[] {
  const name = sanitise(labelOf(model, key));
  const lines = wrap(`${name}: ${sanitise(proposal.effectWords)}`, width - LABEL, MOST_EFFECT_ROWS);
  return lines.map((line, place): StyledLine => {
    if (place > 0 || !line.startsWith(name)) return [blank(LABEL), span(line)];
    return [blank(LABEL), span(name, 'strong'), span(line.slice(name.length))];
  });
}

function groupLines(model: Model, question: ActQuestion, room: number, width: number): StyledLine[] {
  const { targets } = question;
  const contexts = [...new Set(targets.map(({ key }) => readKey(key).cluster))];
  // Of several clusters each name says its own.
  const namespaces = [...new Set(targets.map(({ key }) => readKey(key).namespace))];
  const about = [
    ...(contexts.length === 1
      ? labelled('where', `${contextText(model, contexts[0] ?? '')}, namespace${namespaces.length > 1 ? 's' : ''} ${namespaces.join(', ')}`, width)
      : []),
    ...labelled('order', 'one after the other, as listed; the first that fails ends it', width),
    ...leftOutLines(question, room, width),
  ];
  const shown: StyledLine[] = [];
  let count = 0;
  for (const target of targets) {
    const lines = targetLines(model, target, width);
    const last = count + 1 === targets.length;
    // One line is kept for how many more there are; one rollout is told in any case.
    if (count > 0 && shown.length + lines.length + (last ? 0 : 1) > room - about.length) break;
    shown.push(...lines);
    count += 1;
  }
  const more = targets.slice(count).map(({ key }) => labelOf(model, key));
  return [...shown, ...(more.length === 0 ? [] : labelled('', `and ${more.length} more: ${more.join(', ')}`, width).slice(0, 1)), ...about];
}

function placeLines({ key, proposal }: ActQuestion, model: Model, width: number): StyledLine[] {
  const { cluster, namespace, name } = readKey(key);
  return [...labelled('where', `${contextText(model, cluster)}, namespace ${namespace}, rollout ${name}`, width), ...labelled('now', proposal.now, width)];
}

/** What was asked is no longer what would come, where it has moved. */
function thenLines({ proposal, edited, moved }: ActQuestion, width: number): StyledLine[] {
  return [
    ...labelled(moved === undefined ? 'then' : 'asked', proposal.effectWords, width, moved === undefined ? 'strong' : 'muted'),
    ...(edited?.lines ?? []).slice(0, MOST_ROWS).map((line) => cutLine([blank(LABEL), span(line, 'strong')], width)),
    ...((edited?.lines.length ?? 0) > MOST_ROWS ? [[blank(LABEL), span(`and ${(edited?.lines.length ?? 0) - MOST_ROWS} more differences`)]] : []),
  ];
}

const noteLines = ({ proposal, moved }: ActQuestion, width: number): StyledLine[] =>
  (moved === undefined ? proposal.notes : []).flatMap((note) => labelled('note', note, width));

function aloneLines(question: ActQuestion, model: Model, room: number, width: number): StyledLine[] {
  return [...placeLines(question, model, width), ...thenLines(question, width), ...noteLines(question, width), ...leftOutLines(question, room, width)];
}

/** In the colour in which each stands everywhere, so that the eye knows where it is. */
export function contextNames(model: Model, contexts: readonly string[]): StyledLine {
  return contexts.flatMap((context, place) => {
    const banner = bannerOf(model, context);
    return [span(place === 0 ? '' : ', ', 'question'), span(context, banner === 'title' ? 'question' : banner)];
  });
}

/** Where nobody drives, a change moves nothing. */
function undriven(model: Model, context: string): readonly string[] {
  const driver = snapshotOf(model, context)?.driver;
  const which = model.clusters.size > 1 ? context : 'this cluster';
  return driver?.type === 'nobody' ? [`nobody drives ${which} (${driver.reason}): the change will lie there until an engine runs`] : [];
}

const contextsOf = ({ targets }: ActQuestion): readonly string[] => [...new Set(targets.map(({ key }) => readKey(key).cluster))];

/** Warnings before all else, and of a rollout that is held what becomes of the hold before what the act comes to. */
export function actTold(model: Model, question: ActQuestion): Told {
  const { size } = model;
  const { targets } = question;
  const width = innerWidth(size);
  const contexts = contextsOf(question);
  const lies = contexts.flatMap((context) => undriven(model, context));
  const grouped = targets.length > 1;
  const facts = grouped ? undefined : model.board.byKey.get(question.key);
  const others = facts === undefined ? [] : othersAt(model, facts);
  const warnings = [
    ...new Set(targets.flatMap((target) => target.proposal.warnings.map((text) => (grouped ? `${labelOf(model, target.key)}: ${text}` : text)))),
  ];
  const who = [...new Set(contexts.map((context) => whoOf(model, context)))].join(' and ');
  const typed = question.fields.some(({ wanted }) => wanted !== undefined);
  const heeded = [
    ...warnings.flatMap((text) => labelled('warning', text, width, 'bad')),
    ...lies.flatMap((text) => labelled('note', text, width, 'attention')),
    ...others.flatMap((name) => labelled('note', `${name} has it open, too`, width, 'attention')),
  ];
  const as = typed ? labelled('as', `${who}, recorded`, width) : [];
  const free = size.rows - FRAME_ROWS - answersOf(model, question, width).length - heeded.length - as.length - 1;
  const body = grouped ? groupLines(model, question, free, width) : aloneLines(question, model, free, width);
  const whole = [...body, ...heeded, ...as, []];
  if (grouped) return { whole, must: [...heeded, ...body], below: as };
  const then = thenLines(question, width);
  const notes = noteLines(question, width);
  const act = facts?.held === true ? [...notes, ...then] : [...then, ...notes];
  return { whole, must: [...heeded, ...act, ...leftOutLines(question, free, width)], below: [...placeLines(question, model, width), ...as] };
}

export function questionPane(model: Model, question: ActQuestion): Pane {
  const { size, glyphs } = model;
  const { proposal, targets } = question;
  const contexts = contextsOf(question);
  const grouped = targets.length > 1;
  const marked = targets.length + question.leftOut.length;
  const alone = marked === 1 ? nameOf(question.key) : `${nameOf(question.key)} (1 of ${marked} marked)`;
  const what = grouped ? `${targets.length} rollouts` : alone;
  const goal = grouped || proposal.goal === undefined || size.columns < GOAL_COLUMNS ? '' : ` ${proposal.goal}`;
  const title = [span(`${proposal.verb} ${what}${goal} on `, 'question'), ...contextNames(model, contexts), span('?', 'question')];
  return boxPane('question', size, glyphs, title, fitTold(model, question, actTold(model, question)), 'question');
}
