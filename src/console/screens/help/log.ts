// The log of commands: what was asked for from here, as what one would have typed, and what came of it.

import { sanitise, wrap } from '../../../lib/text-width.js';
import { boxPane, innerWidth } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import type { Model } from '../../model.js';
import { span } from '../../spans.js';
import { clockText } from '../../time-words.js';

/** A patch can be long; C copies all of it. */
const MOST_ROWS = 4;

export function logLines(model: Model): readonly StyledLine[] {
  const width = innerWidth(model.size);
  if (model.commandLog.length === 0) return [[span('Nothing was asked for yet.', 'muted')]];
  return model.commandLog.flatMap(({ at, words, lines, outcome }) => [
    [span(`${clockText(at, model.utcOffsetMinutes)} `, 'muted'), span(words, 'strong')],
    ...lines.flatMap((line) => wrap(sanitise(line), width - 2, MOST_ROWS).map((part): StyledLine => [span('  '), span(part)])),
    ...wrap(sanitise(outcome), width - 4, 2).map((part): StyledLine => [span('    '), span(part, /^(?:refused|failed)/.test(outcome) ? 'bad' : 'muted')]),
  ]);
}

/** Lines of it that the screen has room for. */
export function logRowCount(model: Model): number {
  return Math.max(1, model.size.rows - 4);
}

export function logPane(model: Model, top: number): Pane {
  const lines = logLines(model);
  const rows = logRowCount(model);
  const first = Math.min(top, Math.max(0, lines.length - rows));
  const more = lines.length > rows ? `  (${first + 1}-${Math.min(lines.length, first + rows)} of ${lines.length}, arrows scroll)` : '';
  return boxPane('log', model.size, model.glyphs, [span(`Commands of this session${more}`, 'rule')], lines.slice(first, first + rows), 'rule');
}
