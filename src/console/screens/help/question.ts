// The question before a change: where, what is now, what will be, what must be said or typed, and which key says yes.

import { bannerOf } from '../../cluster-words.js';
import { boxPane, innerWidth } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import { labelOf, type Model, othersAt, snapshotOf, whoOf } from '../../model.js';
import type { ActQuestion } from '../../question.js';
import { nameOf, readKey } from '../../rollout-key.js';
import { blank, cutLine, span } from '../../spans.js';
import { answersOf, FRAME_ROWS, LABEL, labelled, MOST_ROWS } from './form.js';

/** On fewer the context, which stands behind it, would be cut. */
const GOAL_COLUMNS = 60;

function groupLines(model: Model, { targets, leftOut }: ActQuestion, width: number): StyledLine[] {
  const shown = targets
    .slice(0, MOST_ROWS)
    .map(({ key, proposal }) => cutLine([blank(LABEL), span(labelOf(model, key), 'strong'), span(`  ${proposal.effectWords}`)], width));
  const more = targets.length > MOST_ROWS ? [[blank(LABEL), span(`and ${targets.length - MOST_ROWS} more`)]] : [];
  const order = labelled('order', 'one after the other, as listed; the first that fails ends it', width);
  return [...shown, ...more, ...order, ...leftOut.slice(0, MOST_ROWS).flatMap((text) => labelled('not', text, width, 'attention'))];
}

function placeLines({ key, proposal }: ActQuestion, model: Model, width: number): StyledLine[] {
  const { cluster, namespace, name } = readKey(key);
  return [
    ...labelled(
      'where',
      `context ${cluster}${snapshotOf(model, cluster)?.embedded === true ? ' (embedded)' : ''}, namespace ${namespace}, rollout ${name}`,
      width,
    ),
    ...labelled('now', proposal.now, width),
  ];
}

function aloneLines(question: ActQuestion, model: Model, width: number): StyledLine[] {
  const { proposal, edited, moved } = question;
  return [
    ...placeLines(question, model, width),
    // What was asked is no longer what would come.
    ...labelled(moved === undefined ? 'then' : 'asked', proposal.effectWords, width, moved === undefined ? 'strong' : 'muted'),
    ...(edited?.lines ?? []).slice(0, MOST_ROWS).map((line) => cutLine([blank(LABEL), span(line, 'strong')], width)),
    ...((edited?.lines.length ?? 0) > MOST_ROWS ? [[blank(LABEL), span(`and ${(edited?.lines.length ?? 0) - MOST_ROWS} more differences`)]] : []),
    ...(moved === undefined ? proposal.notes : []).flatMap((note) => labelled('note', note, width)),
  ];
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

export function questionPane(model: Model, question: ActQuestion): Pane {
  const { size, glyphs } = model;
  const { proposal, targets } = question;
  const width = innerWidth(size);
  const contexts = [...new Set(targets.map(({ key }) => readKey(key).cluster))];
  const lies = contexts.flatMap((context) => undriven(model, context));
  const grouped = targets.length > 1;
  const facts = grouped ? undefined : model.board.byKey.get(question.key);
  const others = facts === undefined ? [] : othersAt(model, facts);
  const warnings = [
    ...new Set(targets.flatMap((target) => target.proposal.warnings.map((text) => (grouped ? `${labelOf(model, target.key)}: ${text}` : text)))),
  ];
  const who = [...new Set(contexts.map((context) => whoOf(model, context)))].join(' and ');
  const typed = question.fields.some(({ wanted }) => wanted !== undefined);
  const body = grouped ? groupLines(model, question, width) : aloneLines(question, model, width);
  const heeded = [
    ...warnings.slice(0, MOST_ROWS).flatMap((text) => labelled('warning', text, width, 'bad')),
    ...lies.flatMap((text) => labelled('note', text, width, 'attention')),
    ...others.flatMap((name) => labelled('note', `${name} has it open, too`, width, 'attention')),
  ];
  const answers = answersOf(model, question, width);
  const told = [...body, ...heeded, ...(typed ? labelled('as', `${who}, recorded`, width) : []), []];
  const room = size.rows - FRAME_ROWS - answers.length;
  // On a small screen what will be, the warnings and the notes stand first, and the answer always: a yes to what is not seen is none.
  const then = question.moved === undefined ? labelled('then', proposal.effectWords, width, 'strong') : [];
  const notes = grouped || question.moved !== undefined ? [] : proposal.notes.flatMap((note) => labelled('note', note, width));
  const context = grouped ? body : placeLines(question, model, width);
  const shown = told.length <= room ? told : [...(grouped ? [] : then), ...heeded, ...notes, ...context].slice(0, room);
  const what = grouped ? `${targets.length} rollouts` : nameOf(question.key);
  const goal = grouped || proposal.goal === undefined || size.columns < GOAL_COLUMNS ? '' : ` ${proposal.goal}`;
  const title = [span(`${proposal.verb} ${what}${goal} on `, 'question'), ...contextNames(model, contexts), span('?', 'question')];
  return boxPane('question', size, glyphs, title, [...shown, ...answers], 'question');
}
