// Draws the palette over the screen and the command bar in its last line.

import { boxPane, innerWidth } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import type { Model, Prompt } from '../../model.js';
import { completions, paletteEntries } from '../../prompt.js';
import { blank, cell, cutLine, fitLine, raise, span } from '../../spans.js';

const KEYS = 12;
const WORDS = 14;

/** Entries that the palette shows at once. */
export function paletteRows(model: Model): number {
  return Math.max(1, Math.min(18, model.size.rows - 6));
}

function palettePane(model: Model, { text, place }: Prompt): Pane {
  const { size, glyphs } = model;
  const width = innerWidth(size);
  const entries = paletteEntries(model, text);
  const rows = paletteRows(model);
  const chosen = Math.min(place, Math.max(0, entries.length - 1));
  const top = Math.max(0, Math.min(chosen - rows + 1, entries.length - rows));
  const lines = entries.slice(top, top + rows).map(({ words, keys, help }, offset): StyledLine => {
    const line: StyledLine = [cell(keys, KEYS, 'key'), cell(words, WORDS, 'strong'), span(help, 'muted')];
    return top + offset === chosen ? raise(cutLine(line, width), width) : cutLine(line, width);
  });
  const head: StyledLine = [span('> ', 'key'), span(text, 'input'), span('_', 'input')];
  const body = lines.length > 0 ? lines : [[span('no action has these words', 'muted')]];
  const fill = Array.from({ length: Math.max(0, rows - body.length) }, (): StyledLine => []);
  return boxPane('palette', size, glyphs, [span(`All actions  ${entries.length}`, 'rule')], [head, ...body, ...fill], 'rule');
}

/** The rest of the first completion stands muted behind the cursor; the others after it. */
function commandPane(model: Model, { text, place }: Prompt): Pane {
  const { size } = model;
  const found = completions(model, text);
  const chosen = found[Math.min(place, Math.max(0, found.length - 1))] ?? '';
  const ghost = chosen.startsWith(text) ? chosen.slice(text.length) : chosen === '' ? '' : `  ${chosen}`;
  const others = found.filter((each) => each !== chosen).slice(0, 12);
  const line: StyledLine = [span(':', 'key'), span(text, 'input'), span('_', 'input'), span(ghost, 'muted'), blank(3), span(others.join('  '), 'muted')];
  return { id: 'command', box: { left: 0, top: size.rows - 1, columns: size.columns, rows: 1 }, body: { type: 'text', lines: [fitLine(line, size.columns)] } };
}

export function promptPane(model: Model, prompt: Prompt): Pane {
  return prompt.type === 'palette' ? palettePane(model, prompt) : commandPane(model, prompt);
}
