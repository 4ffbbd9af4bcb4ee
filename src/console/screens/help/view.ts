// Help: every key of the screen below it, read from the keymap in use, and what only the app knows (how to reach the cluster).

import { sanitise, textWidth, wrap } from '../../../lib/text-width.js';
import { innerWidth } from '../../box.js';
import { namesOf, searched } from '../../action-words.js';
import type { Pane, StyledLine } from '../../frame.js';
import { helpRows, keyText } from '../../keymap.js';
import { type HelpState, type Model, placeKey, screenContext } from '../../model.js';
import { findSubject } from '../../own/subject.js';
import { cell, lineText, span } from '../../spans.js';
import type { StyleName } from '../../style.js';
import { scrolledPane } from './scrolled.js';
import { RIGHTS, rightText } from '../../acts/act.js';
import { obstacleFor, targetOf } from '../../target.js';
import { type ActionId, actionRow, isRisky } from '../../actions.js';
import type { RolloutFacts } from '../../facts.js';

const KEYS = 16;

const TITLES = { rollouts: 'Keys of the list', rollout: 'Keys of a rollout', page: 'Keys of this screen' } as const;

function signLine(model: Model): StyledLine {
  const { glyphs } = model;
  return [
    span(`${glyphs.good} `, 'good'),
    span('healthy   '),
    span(`${glyphs.progress} `, 'progress'),
    span('progressing   '),
    span(`${glyphs.paused} `, 'attention'),
    span('paused   '),
    span(`${glyphs.bad} `, 'bad'),
    span('degraded, failed   '),
    span(`${glyphs.warning} `, 'bad'),
    span('error   '),
    span(`${glyphs.unknown} `, 'unknown'),
    span('inconclusive, unknown'),
  ];
}

/** What the server says of this person's rights in the namespace under the cursor. */
function rightsLines(model: Model, width: number): readonly StyledLine[] {
  const facts = targetOf(model);
  const answer = facts === undefined ? undefined : model.rights.get(placeKey(facts.cluster, facts.namespace));
  if (facts === undefined || answer?.known !== true) return [];
  const allowed = RIGHTS.map(rightText).filter((right) => !answer.denied.includes(right));
  const text = [
    ...(allowed.length > 0 ? [`you may ${allowed.join(', ')}`] : []),
    ...(answer.denied.length > 0 ? [`you may not ${answer.denied.join(', ')}`] : []),
  ].join('; ');
  return [
    ...wrap(sanitise(`In ${facts.namespace} ${text}.`), width, 3).map((line): StyledLine => [span(line, answer.denied.length > 0 ? 'attention' : 'muted')]),
    [],
  ];
}

/** The bottom line of a narrow screen has no room for each reason. */
function notNow(model: Model, id: ActionId, facts: RolloutFacts | undefined): string {
  const stands = facts !== undefined && isRisky(id) ? obstacleFor(model, id, facts) : undefined;
  return stands === undefined ? '' : `; not now: ${stands.short}`;
}

/** In the order in which they are wanted when it burns. */
const EMERGENCY: readonly ActionId[] = ['show.why', 'rollout.abort', 'rollout.rollback', 'rollout.retry', 'show.logs', 'save', 'quit'];

function emergencyLines({ keymap, glyphs }: Model, width: number): readonly StyledLine[] {
  const words = EMERGENCY.flatMap((id) => {
    const key = keyText(keymap, id, glyphs.ascii);
    return key === undefined ? [] : [`${key} ${actionRow(id).words}`];
  });
  return [...wrap(`In an emergency: ${words.join(', ')}.`, width, 3).map((line): StyledLine => [span(line, 'strong')]), []];
}

/** Rows of one line of help: more than any has words for at 40 columns. */
const MOST_ROWS = 12;

/** Keys that do not fit into their column stand on a line of their own: help may be cut nowhere, least of all there. */
function keyLines(keys: string, names: string, words: string, width: number, style: StyleName = 'key'): Entry {
  const long = textWidth(keys) >= KEYS;
  const lead = long ? wrap(keys, width, 2).map((line): StyledLine => [span(line, style)]) : [];
  const rest = wrap(sanitise(words), width - KEYS, MOST_ROWS).map(
    (line, place): StyledLine => [cell(place === 0 && !long ? keys : '', KEYS, style), span(line)],
  );
  return { names: `${keys} ${names}`, text: `${keys} ${names} ${words}`, lines: [...lead, ...rest] };
}

/** Commands and hotkeys of the person's own, also those without a key. */
function ownEntries(model: Model, width: number): readonly Entry[] {
  const { own } = model;
  return [...own.commands, ...own.hotKeys].map((each) => {
    const found = 'line' in each ? undefined : findSubject(model, each);
    const short = found !== undefined && 'short' in found ? `; not now: ${found.short}` : '';
    const dangerous = 'dangerous' in each && each.dangerous;
    const words = `${each.name}: ${each.description}${dangerous ? ' (dangerous)' : ''}${short}`;
    return keyLines(each.shortCut ?? `:${each.name}`, each.name, words, width, dangerous ? 'bad' : 'key');
  });
}

/** What a filter lets through or not, as one. */
type Entry = { readonly names: string; readonly text: string; readonly lines: readonly StyledLine[] };

const block = (lines: readonly StyledLine[]): Entry => ({ names: '', text: lines.map(lineText).join(' '), lines });

function entriesOf(model: Model): readonly Entry[] {
  const width = innerWidth(model.size);
  const facts = targetOf(model);
  const rows = helpRows(model.keymap, screenContext(model), model.glyphs.ascii).map(({ id, keys, help }) =>
    keyLines(keys, namesOf(id), `${help}${notNow(model, id, facts)}`, width),
  );
  // The first says how others reach the same cluster; the rest can wait.
  const [first = [], ...more] = model.hints.map((hint) => wrap(sanitise(hint), width, 4).map((line): StyledLine => [span(line, 'strong')]));
  const own = ownEntries(model, width);
  return [
    block(emergencyLines(model, width)),
    block(first.length > 0 ? [...first, []] : []),
    block(rightsLines(model, width)),
    ...rows,
    ...(own.length === 0 ? [] : [block([[], [span('Your own (commands.yaml):', 'strong')]]), ...own]),
    block(more.length > 0 ? [[], ...more.flat()] : []),
    block([[], signLine(model), [span('A change always asks first; only the key for yes, pressed alone, does it.', 'muted')]]),
  ];
}

export function helpLines(model: Model): readonly StyledLine[] {
  const lines = searched(entriesOf(model), model.help?.filter ?? '').flatMap((entry) => entry.lines);
  return lines.length > 0 ? lines : [[span('nothing matches the filter', 'muted')]];
}

export function helpPane(model: Model, { top, filter, typing }: HelpState): Pane {
  const searched = typing || filter !== '' ? `  /${filter}${typing ? '_' : ''}` : '';
  return scrolledPane(model, 'help', `${TITLES[screenContext(model)]}${searched}`, helpLines(model), top);
}
