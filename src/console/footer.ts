// The bottom line: what the keys do to this object now, and why the others can not. Shortened until it fits.

import { type ActionId, actionRow, isRisky, RISKY_ACTIONS } from './actions.js';
import type { RolloutFacts } from './facts.js';
import type { StyledLine } from './frame.js';
import { keyText } from './keymap.js';
import type { Model } from './model.js';
import { propose } from './proposal.js';
import { cutLine, lineWidth, span } from './spans.js';
import { obstacleFor, targetOf } from './update-changes.js';

/** 0 says everything; each further level leaves something out. */
const LEVELS = [0, 1, 2, 3] as const;
type Level = (typeof LEVELS)[number];

const VERBS: Readonly<Record<string, string>> = { 'rollout.promote': 'promote', 'rollout.promote-full': 'full', 'rollout.abort': 'abort', 'rollout.retry': 'retry' };

function riskyPart(model: Model, id: ActionId, facts: RolloutFacts | undefined, level: Level): StyledLine {
  const key = keyText(model.keymap, id, model.glyphs.ascii);
  if (key === undefined || !isRisky(id)) return [];
  const verb = VERBS[id] ?? actionRow(id).words;
  const stands = obstacleFor(model, id, facts);
  if (stands !== undefined || facts === undefined) {
    if (level >= 3) return [];
    return [span(key, 'key-off'), span(` ${verb}${level >= 2 ? '' : `: ${stands?.short ?? ''}`}`, 'key-off'), span(level === 0 ? '   ' : '  ')];
  }
  const { effect } = propose(id, facts, model.board.index);
  const told = level >= 2 ? '' : `: ${effect.replace('→', model.glyphs.arrow)}`;
  return [span(key, 'key'), span(` ${verb}${told}`), span(level === 0 ? '   ' : '  ')];
}

function plainPart(model: Model, id: ActionId, level: Level): StyledLine {
  const key = keyText(model.keymap, id, model.glyphs.ascii);
  if (key === undefined) return [];
  return [span(key, 'key'), span(` ${actionRow(id).words}`), span(level === 0 ? '   ' : '  ')];
}

const PLAIN: Readonly<Record<Model['screen'], readonly ActionId[]>> = {
  rollouts: ['open', 'filter', 'help', 'quit'],
  rollout: ['section.next', 'help', 'back'],
};

/** When all four are refused for one reason (stale data, one on its way), it is said once. */
function sharedObstacle(model: Model, facts: RolloutFacts | undefined): string | undefined {
  const reasons = new Set(RISKY_ACTIONS.map((id) => obstacleFor(model, id, facts)?.short));
  const [only] = reasons;
  return reasons.size === 1 ? only : undefined;
}

function keysLine(model: Model, level: Level): StyledLine {
  const facts = targetOf(model);
  const plain = PLAIN[model.screen].flatMap((id) => plainPart(model, id, level));
  const shared = sharedObstacle(model, facts);
  if (shared !== undefined) {
    const keys = RISKY_ACTIONS.map((id) => keyText(model.keymap, id, model.glyphs.ascii) ?? '').join(' ');
    return [span(' '), span(`${keys}: ${shared}`, 'key-off'), span('   '), ...plain];
  }
  return [span(' '), ...RISKY_ACTIONS.flatMap((id) => riskyPart(model, id, facts, level)), ...plain];
}

export function footerLine(model: Model): StyledLine {
  const { columns } = model.size;
  if (model.list.typing && model.screen === 'rollouts') {
    const parts = (['filter.accept', 'filter.leave', 'filter.erase-all'] as const).flatMap((id) => plainPart(model, id, 0));
    return cutLine([span(' '), ...parts, span('words must occur, ! before a word: must not', 'muted')], columns);
  }
  for (const level of LEVELS) {
    const line = keysLine(model, level);
    if (lineWidth(line) <= columns) return line;
  }
  return cutLine(keysLine(model, 3), columns);
}
