// The bottom line: what the keys do to this object now, and why the others can not. Shortened until it fits.

import { ACTS } from './acts/table.js';
import { type ActionId, actionRow, type Context, RISKY_ACTIONS, type RiskyActionId } from './actions.js';
import type { RolloutFacts } from './facts.js';
import type { StyledLine } from './frame.js';
import { keyText } from './keymap.js';
import { contextOf, type Model, topPage } from './model.js';
import type { PageId } from './page.js';
import type { PageForm } from './page-screen.js';
import { ownKeys } from './own/subject.js';
import { tell } from './proposal.js';
import { cutLine, lineWidth, span } from './spans.js';
import { pageScreen } from './screens/pages.js';
import { obstacleFor, sightOf, targetsOf } from './target.js';

/** Marked rollouts that the bottom line names. */
const NAMED_MARKS = 3;

/**
 * What goes when there is no room: 1 from where the weight goes, and of the acts beside the first ones what they come to and why they can
 * not be done, 2 those acts (help has them), 3 why others can not (pressing one tells it), 4 where the first acts lead to, 5 keys that only
 * read, 6 the names of the acts but for the ways back, 7 all but why, help and the way out, 8 the names of these, 9 those of the ways back.
 */
const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
type Level = (typeof LEVELS)[number];

/** Those that are needed in the heat; the others give way first. */
const FIRST: readonly RiskyActionId[] = ['rollout.promote', 'rollout.promote-full', 'rollout.abort', 'rollout.retry', 'rollout.rollback'];

/** Where it has gone wrong: the way back first, and what takes it to everybody last. */
const FIRST_IN_TROUBLE: readonly RiskyActionId[] = ['rollout.rollback', 'rollout.retry', 'rollout.abort', 'rollout.promote', 'rollout.promote-full'];

/** A tired person must find these two without knowing their keys. */
const WAYS_BACK: ReadonlySet<RiskyActionId> = new Set(['rollout.abort', 'rollout.rollback']);

const gapOf = (level: Level): StyledLine[number] => span(level === 0 ? '   ' : '  ');

/** From level 1 on only where it leads to. A percent sign needs no blank here. */
function effectText(effect: string, level: number, arrow: string): string {
  if (level >= 4) return '';
  const told = level >= 1 ? (effect.includes('→') ? ` ${effect.slice(effect.indexOf('→'))}` : '') : `: ${effect}`;
  return told.replaceAll(' %', '%').replace('→', arrow);
}

type Judged = {
  readonly id: RiskyActionId;
  readonly key: string;
  /** To how many of them it can be done. */
  readonly able: number;
  /** What the key does; "" where what it comes to says it all. */
  readonly words: string;
  /** Where it stands, of one rollout. */
  readonly offer: 'first' | 'late' | undefined;
  /** What it comes to, of one rollout. */
  readonly effect: string | undefined;
  readonly short: string;
};

/** Whom the keys are for, and what each key comes to there. */
type Targeted = { readonly targets: readonly RolloutFacts[]; readonly judged: readonly Judged[] };

/** Those with one reason together, so that it is said once. */
function refusedParts(refused: readonly Judged[], level: Level): StyledLine {
  const reasons = [...new Set(refused.map(({ short }) => short))];
  return reasons.flatMap((short) => {
    const same = refused.filter((each) => each.short === short);
    return [span(`${same.map(({ key, words }) => `${key} ${words}`).join(', ')}: ${short}`, 'key-off'), gapOf(level)];
  });
}

/** Of several that are marked, how many it can be done to. */
function ablePart({ glyphs }: Model, { id, key, able, words, effect }: Judged, wanted: number, level: Level): StyledLine {
  const verb = words !== '' && (level < 6 || (level < 9 && WAYS_BACK.has(id))) ? ` ${words}` : '';
  const telling = effect !== undefined && effect !== words && (FIRST.includes(id) || level === 0);
  const told = telling ? effectText(effect, words === '' ? Math.max(1, level) : level, glyphs.arrow) : '';
  return [span(key, 'key'), span(`${verb}${told}${able < wanted ? ` (${able} of ${wanted})` : ''}`), gapOf(level)];
}

function judge(model: Model, id: RiskyActionId, targets: readonly RolloutFacts[]): Judged | undefined {
  const key = keyText(model.keymap, id, model.glyphs.ascii);
  if (key === undefined) return undefined;
  const [only] = targets.length === 1 ? targets : [];
  const sight = only === undefined ? undefined : sightOf(model, only);
  const words = (sight === undefined ? undefined : ACTS[id].keyWords?.(sight)) ?? actionRow(id).words;
  const asked = sight === undefined ? undefined : ACTS[id].offer?.(sight);
  const offer = asked === 'late' ? 'late' : asked === 'first' || FIRST.includes(id) ? 'first' : undefined;
  if (targets.length > 1 && !ACTS[id].inGroups) return { id, key, words, offer, able: 0, effect: undefined, short: 'one at a time' };
  const obstacles = targets.map((facts) => obstacleFor(model, id, facts));
  const able = obstacles.filter((obstacle) => obstacle === undefined).length;
  const effect = sight !== undefined && able === 1 ? tell(id, sight).effect : undefined;
  return { id, key, words, offer, able, effect, short: obstacles[0]?.short ?? 'no rollout' };
}

/** Once for a frame, whatever there is room for. */
function judgeAll(model: Model, targets: readonly RolloutFacts[]): readonly Judged[] {
  const order = targets.some(({ phase }) => phase === 'Degraded') ? FIRST_IN_TROUBLE : FIRST;
  const ids = [...order, ...RISKY_ACTIONS.filter((id) => !FIRST.includes(id))].filter(
    (id) => !targets.some((facts) => ACTS[id].offer?.(sightOf(model, facts)) === 'never'),
  );
  return ids.map((id) => judge(model, id, targets)).filter((each) => each !== undefined);
}

/** What can be done, and apart from it what can not, with the reasons. */
function riskyParts(
  model: Model,
  { targets, judged }: Targeted,
  level: Level,
): { readonly can: StyledLine; readonly late: StyledLine; readonly not: StyledLine } {
  const shown = judged.filter(({ offer }) => level < 2 || offer === 'first' || (offer === 'late' && level < 4));
  const able = shown.filter((each) => each.able > 0);
  const can = able.filter(({ offer }) => offer !== 'late');
  const refused = shown.filter((each) => each.able === 0 && (level === 0 || FIRST.includes(each.id)));
  // What stands in the way of them all is told for as long as there is room for one.
  const told = level < 3 ? refused : level === 3 && able.length === 0 ? refused.slice(0, 1) : [];
  const parts = (those: readonly Judged[]): StyledLine => those.flatMap((each) => ablePart(model, each, targets.length, level));
  return { can: parts(can), late: parts(able.filter(({ offer }) => offer === 'late')), not: refusedParts(told, level) };
}

function plainPart(model: Model, id: ActionId, level: Level): StyledLine {
  const key = keyText(model.keymap, id, model.glyphs.ascii);
  if (key === undefined) return [];
  return [span(key, 'key'), span(level < 8 ? ` ${actionRow(id).words}` : ''), gapOf(level)];
}

const PLAIN: Readonly<Record<Model['screen'] | PageForm, readonly ActionId[]>> = {
  rollouts: ['open', 'show.why', 'show.logs', 'filter', 'help', 'quit'],
  rollout: ['show.why', 'show.logs', 'show.events', 'section.next', 'help', 'back'],
  table: ['filter', 'back', 'help'],
  text: ['filter', 'page.next-match', 'back', 'help'],
  stream: ['filter', 'page.follow', 'back', 'help'],
};

/** What lies over the screen takes all keys: only its own are offered. The key for yes is told by the question, from when it counts. */
const OVER: Readonly<Partial<Record<Context, readonly ActionId[]>>> = {
  filter: ['filter.accept', 'filter.leave', 'filter.erase-all'],
  prompt: ['prompt.accept', 'prompt.complete', 'prompt.leave'],
  question: ['question.no', 'copy'],
  fields: ['fields.next', 'fields.leave'],
  help: ['move.up', 'move.down', 'filter', 'help.close'],
  log: ['move.up', 'move.down', 'copy', 'log.close'],
};

/** The last to go: what brings a cause to light, how to learn the other keys, and the way out. */
const LATE: ReadonlySet<ActionId> = new Set(['show.why', 'show.logs', 'help', 'quit', 'back']);
const ALWAYS: ReadonlySet<ActionId> = new Set(['show.why', 'help', 'quit', 'back']);

/** Whom the keys are for, when that is not the rollout under the cursor. */
function marksPart(model: Model, level: Level): StyledLine {
  const { marks } = model.list;
  if (topPage(model) !== undefined || model.screen !== 'rollouts' || marks.size === 0) return [];
  const names = targetsOf(model).map(({ name }) => name);
  const most = level < 5 ? NAMED_MARKS : 1;
  const named = names.slice(0, most).join(', ') + (names.length > most ? ', …' : '');
  return [span(`${marks.size} marked: ${named}`, 'attention'), gapOf(level)];
}

function keysLine(model: Model, targeted: Targeted | undefined, level: Level): StyledLine {
  const page = topPage(model);
  const { can, late, not } = targeted === undefined ? { can: [], late: [], not: [] } : riskyParts(model, targeted, level);
  const ids = page === undefined ? PLAIN[model.screen].filter((id) => level < 5 || (level < 7 ? LATE : ALWAYS).has(id)) : pageKeys(page.screen);
  return [span(' '), ...marksPart(model, level), ...can, ...ids.flatMap((id) => plainPart(model, id, level)), ...late, ...not];
}

/** What is done to a line by the side of what reads it. */
function pageKeys(id: PageId): readonly ActionId[] {
  const { acts = [], form } = pageScreen(id);
  return [...acts, ...PLAIN[form]];
}

/** Whoever reads there is about to act on what they read. */
const LEAD_TO_ACTS: ReadonlySet<PageId> = new Set(['why', 'analysis']);

/** On the other screens for reading, the keys that read come alone: undefined. */
function targetedBy(model: Model): Targeted | undefined {
  const page = topPage(model);
  if (page !== undefined && !LEAD_TO_ACTS.has(page.screen)) return undefined;
  const targets = targetsOf(model);
  return { targets, judged: judgeAll(model, targets) };
}

/** The person's own keys come behind all others, where there is room left: what they lead to stands in help. */
function withOwn(model: Model, line: StyledLine, gap: StyledLine[number]): StyledLine {
  let whole = line;
  for (const { shortCut, name, dangerous, short } of ownKeys(model)) {
    const part = short === undefined ? [span(shortCut, dangerous ? 'bad' : 'key'), span(` ${name}`)] : [span(`${shortCut} ${name}: ${short}`, 'key-off')];
    const longer = [...whole, gap, ...part];
    if (lineWidth(longer) > model.size.columns) return whole;
    whole = longer;
  }
  return whole;
}

export function footerLine(model: Model): StyledLine {
  const { columns } = model.size;
  const context = contextOf(model);
  // The palette has nothing to complete.
  const over = OVER[context]?.filter((id) => id !== 'prompt.complete' || model.prompt?.type === 'command');
  if (over !== undefined) {
    const page = topPage(model);
    // In a text the words are found, and no line is left out.
    const finds = model.help === undefined && page !== undefined && pageScreen(page.screen).form === 'text';
    const note = context === 'filter' && !finds ? [span('words must occur, ! before a word: must not', 'muted')] : [];
    return cutLine([span(' '), ...over.flatMap((id) => plainPart(model, id, 0)), ...note], columns);
  }
  const targeted = targetedBy(model);
  for (const level of LEVELS) {
    const line = keysLine(model, targeted, level).slice(0, -1);
    if (lineWidth(line) <= columns) return withOwn(model, line, gapOf(level));
  }
  return cutLine(keysLine(model, targeted, 9), columns);
}
