// A box over the screen with more lines than it has room for.

import { boxPane } from '../../box.js';
import type { Pane, StyledLine } from '../../frame.js';
import { keyText } from '../../keymap.js';
import type { Model } from '../../model.js';
import { span } from '../../spans.js';

/** Lines that the screen has room for. */
export function boxRowCount({ size }: Model): number {
  return Math.max(1, size.rows - 4);
}

export function scrolledPane(model: Model, id: string, title: string, lines: readonly StyledLine[], top: number): Pane {
  const { size, glyphs, keymap } = model;
  const rows = boxRowCount(model);
  const first = Math.min(top, Math.max(0, lines.length - rows));
  const keys = (['move.up', 'move.down'] as const).map((action) => keyText(keymap, action, glyphs.ascii)).filter((key) => key !== undefined);
  const scroll = keys.length === 0 ? '' : `, ${keys.join(' ')} scroll`;
  const more = lines.length > rows ? `  (${first + 1}-${Math.min(lines.length, first + rows)} of ${lines.length}${scroll})` : '';
  return boxPane(id, size, glyphs, [span(`${title}${more}`, 'rule')], lines.slice(first, first + rows), 'rule');
}
