// Building lines of styled text. Every span is made here, and what is made here is sanitised: no text of a cluster gets
// onto a screen in another way.

import { cut, pad, sanitise, textWidth } from '../lib/text-width.js';
import type { Span, StyledLine } from './frame.js';
import type { Glyphs } from './glyphs.js';
import type { StyleName } from './style.js';

export function span(text: string, style: StyleName = 'text'): Span {
  return { text: sanitise(text), style };
}

/** Exactly `width` cells. */
export function cell(text: string, width: number, style: StyleName = 'text', side: 'left' | 'right' = 'right'): Span {
  return { text: pad(sanitise(text), width, side), style };
}

export function blank(width: number): Span {
  return { text: ' '.repeat(Math.max(0, width)), style: 'text' };
}

export const lineText = (line: StyledLine): string => line.map(({ text }) => text).join('');

export function lineWidth(line: StyledLine): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

export function cutLine(line: StyledLine, width: number): StyledLine {
  if (lineWidth(line) <= width) return line;
  const kept: Span[] = [];
  let left = width;
  for (const [index, each] of line.entries()) {
    if (left <= 0) break;
    const own = textWidth(each.text);
    const followed = index < line.length - 1;
    // A span that fits exactly but hides others must show that it does.
    const text = own < left || (own === left && !followed) ? each.text : own === left ? cut(`${each.text} `, left) : cut(each.text, left);
    kept.push({ ...each, text });
    left -= textWidth(text);
    if (text !== each.text) break;
  }
  return kept;
}

/** Exactly `width` cells. */
export function fitLine(line: StyledLine, width: number): StyledLine {
  const fitting = cutLine(line, width);
  const short = width - lineWidth(fitting);
  return short > 0 ? [...fitting, blank(short)] : fitting;
}

/** One part at each end; the left one gives way. */
export function spread(left: StyledLine, right: StyledLine, width: number): StyledLine {
  const room = Math.max(0, width - lineWidth(right));
  return cutLine([...fitLine(left, room), ...right], width);
}

/** The background of the cursor's line, from edge to edge. */
export function raise(line: StyledLine, width: number): StyledLine {
  return fitLine(line, width).map((each) => ({ ...each, style: each.style === 'text' ? 'selected' : each.style, raised: true as const }));
}

/** A rule with a title in it and, at its right end, a note. */
export function rule(glyphs: Glyphs, width: number, title: StyledLine, note: StyledLine = []): StyledLine {
  if (width <= 0) return [];
  const line = (count: number): Span => ({ text: glyphs.rule.repeat(Math.max(0, count)), style: 'rule' });
  const room = Math.max(0, width - 4);
  const noteWidth = note.length === 0 || lineWidth(note) + 12 > room ? 0 : lineWidth(note) + 3;
  const shown = cutLine(title, room - noteWidth);
  if (shown.length === 0) return [line(width)];
  const used = 3 + lineWidth(shown) + noteWidth;
  const end = noteWidth === 0 ? [] : [span(' '), ...note, span(' '), line(1)];
  return [line(1), span(' '), ...shown, span(' '), line(width - used), ...end];
}

/** A bar of `width` cells, filled to `percent`. Anything above zero shows, nothing below a hundred looks full. */
export function gauge(glyphs: Glyphs, percent: number | undefined, width: number, style: StyleName): StyledLine {
  if (percent === undefined) return [{ text: glyphs.rest.repeat(width), style: 'gauge-rest' }];
  const share = Math.min(100, Math.max(0, percent));
  const exact = (share * width) / 100;
  const filled = share === 0 ? 0 : share === 100 ? width : Math.min(width - 1, Math.max(1, Math.round(exact)));
  return [
    { text: glyphs.fill.repeat(filled), style },
    { text: glyphs.rest.repeat(width - filled), style: 'gauge-rest' },
  ];
}

/** The newest `width` values as bars between `minimum` and `maximum`, right-aligned; unknown ones are gaps. */
export function sparkline(
  glyphs: Glyphs,
  values: readonly (number | undefined)[],
  width: number,
  range: { readonly minimum: number; readonly maximum: number },
): string {
  const shown = values.slice(-width);
  const { levels } = glyphs;
  const height = range.maximum - range.minimum;
  const bars = shown.map((value) => {
    if (value === undefined) return glyphs.gap;
    const share = height <= 0 ? 0.75 : (value - range.minimum) / height;
    return levels[Math.min(levels.length - 1, Math.max(0, Math.round(share * (levels.length - 1))))] ?? glyphs.gap;
  });
  return ' '.repeat(width - bars.length) + bars.join('');
}
