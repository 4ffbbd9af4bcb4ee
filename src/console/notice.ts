// The lines that lie over the end of a screen for a while: what has happened, and what is under way.

import { sanitise, wrap } from '../lib/text-width.js';
import type { StyledLine } from './frame.js';
import type { Model } from './model.js';
import { moodSign } from './mood.js';
import { activityLines } from './screens/help/activity.js';
import { fitLine, span } from './spans.js';
import type { StyleName } from './style.js';

/** A server's refusal can be long; the screen below it must stay readable. */
const NOTICE_ROWS = 3;

const SIGNS = { info: 'waiting', good: 'good', attention: 'warning', bad: 'bad' } as const;

export function noticeLines({ notice, size, glyphs }: Model): readonly StyledLine[] {
  if (notice === undefined) return [];
  const style: StyleName = notice.level === 'info' ? 'progress' : notice.level;
  const sign = moodSign(glyphs, SIGNS[notice.level]);
  const words = wrap(sanitise(notice.text), size.columns - sign.length - 3, NOTICE_ROWS);
  return words.map((line, place) => fitLine([span(place === 0 ? ` ${sign} ` : ' '.repeat(sign.length + 2), style), span(line, style)], size.columns));
}

/** Rows above the bottom line that are covered: what is under the cursor scrolls out from below them. */
export const coveredRows = (model: Model): number => noticeLines(model).length + activityLines(model).length;
