// The log of commands: what was asked for from here, as what one would have typed, and what came of it.

import { sanitise, wrap } from '../../../lib/text-width.js';
import { innerWidth } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import type { Model } from '../../model.js';
import { span } from '../../spans.js';
import { scrolledPane } from './scrolled.js';
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

export function logPane(model: Model, top: number): Pane {
  return scrolledPane(model, 'log', 'Commands of this session', logLines(model), top);
}
