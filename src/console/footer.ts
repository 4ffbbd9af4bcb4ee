// The bottom line: what the keys do to this object now, and why the others can not. Shortened until it fits.

import { type ActionId, actionRow, RISKY_ACTIONS, type RiskyActionId } from './actions.js';
import type { RolloutFacts } from './facts.js';
import type { Span, StyledLine } from './frame.js';
import { keyText } from './keymap.js';
import { contextOf, type Model, topPage } from './model.js';
import type { PageForm } from './page-screen.js';
import { propose } from './proposal.js';
import { cutLine, lineWidth, span } from './spans.js';
import { pageScreen } from './screens/pages.js';
import { obstacleFor, sightOf, targetOf } from './target.js';

/**
 * 0 says everything, 1 leaves out from where the weight goes and what the acts beside the first ones come to, 2 those acts (help has them),
 * 3 where the first ones lead to, 4 their names.
 */
const LEVELS = [0, 1, 2, 3, 4] as const;
type Level = (typeof LEVELS)[number];

/** Those that are needed in the heat; the others give way first. */
const FIRST: ReadonlySet<RiskyActionId> = new Set(['rollout.promote', 'rollout.promote-full', 'rollout.abort', 'rollout.retry']);

const gapOf = (level: Level): StyledLine[number] => span(level === 0 ? '   ' : '  ');

/** From level 1 on only where it leads to. A percent sign needs no blank here. */
function effectText(effect: string, level: Level, arrow: string): string {
  if (level >= 3) return '';
  const told = level >= 1 ? (effect.includes('→') ? ` ${effect.slice(effect.indexOf('→'))}` : '') : `: ${effect}`;
  return told.replaceAll(' %', '%').replace('→', arrow);
}

type Refused = { readonly key: string; readonly verb: string; readonly short: string };

/** Refused keys behind the others; those with one reason together, so that it is said once. */
function refusedParts(refused: readonly Refused[], level: Level): StyledLine {
  const reasons = [...new Set(refused.map(({ short }) => short))];
  return reasons.flatMap((short) => {
    const same = refused.filter((each) => each.short === short);
    const keys = same.map(({ key, verb }) => (level === 0 && same.length < 3 ? `${key} ${verb}` : key)).join(level >= 2 ? '' : ' ');
    return [span(`${keys}: ${short}`, 'key-off'), gapOf(level)];
  });
}

function ablePart(model: Model, id: RiskyActionId, key: string, facts: RolloutFacts, level: Level): StyledLine {
  const first = FIRST.has(id);
  const verb = level < 4 ? ` ${actionRow(id).words}` : '';
  const effect = first || level === 0 ? effectText(propose(id, sightOf(model, facts)).effect, level, model.glyphs.arrow) : '';
  return [span(key, 'key'), span(`${verb}${effect}`), gapOf(level)];
}

function riskyParts(model: Model, facts: RolloutFacts | undefined, level: Level): StyledLine {
  const refused: Refused[] = [];
  const can: Span[] = [];
  for (const id of RISKY_ACTIONS) {
    const key = keyText(model.keymap, id, model.glyphs.ascii);
    const first = FIRST.has(id);
    if (key === undefined || (!first && level >= 2)) continue;
    const stands = obstacleFor(model, id, facts);
    if (stands !== undefined || facts === undefined) refused.push({ key, verb: actionRow(id).words, short: stands?.short ?? '' });
    else can.push(...ablePart(model, id, key, facts, level));
  }
  return [...can, ...refusedParts(refused, level)];
}

function plainPart(model: Model, id: ActionId, level: Level): StyledLine {
  const key = keyText(model.keymap, id, model.glyphs.ascii);
  if (key === undefined) return [];
  return [span(key, 'key'), span(` ${actionRow(id).words}`), gapOf(level)];
}

const PLAIN: Readonly<Record<Model['screen'] | PageForm, readonly ActionId[]>> = {
  rollouts: ['open', 'show.why', 'filter', 'help', 'quit'],
  rollout: ['show.why', 'show.logs', 'show.events', 'section.next', 'help', 'back'],
  table: ['filter', 'back', 'help'],
  text: ['filter', 'page.next-match', 'back', 'help'],
  stream: ['filter', 'page.follow', 'back', 'help'],
};

/** The last to go: how to learn the others, and the way out. */
const ALWAYS: ReadonlySet<ActionId> = new Set(['show.why', 'help', 'quit', 'back']);

/** On screens for reading, the keys that read come alone. */
function keysLine(model: Model, level: Level): StyledLine {
  const page = topPage(model);
  const acts = page?.screen === 'why' ? riskyParts(model, targetOf(model), level) : [];
  if (page !== undefined) return [span(' '), ...acts, ...PLAIN[pageScreen(page.screen).form].flatMap((id) => plainPart(model, id, level))];
  const plain = PLAIN[model.screen].filter((id) => level < 3 || ALWAYS.has(id)).flatMap((id) => plainPart(model, id, level));
  return [span(' '), ...riskyParts(model, targetOf(model), level), ...plain];
}

export function footerLine(model: Model): StyledLine {
  const { columns } = model.size;
  if (contextOf(model) === 'filter') {
    const parts = (['filter.accept', 'filter.leave', 'filter.erase-all'] as const).flatMap((id) => plainPart(model, id, 0));
    return cutLine([span(' '), ...parts, span('words must occur, ! before a word: must not', 'muted')], columns);
  }
  for (const level of LEVELS) {
    const line = keysLine(model, level).slice(0, -1);
    if (lineWidth(line) <= columns) return line;
  }
  return cutLine(keysLine(model, 4), columns);
}
