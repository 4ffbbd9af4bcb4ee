// How wide text stands on a terminal, and how to make foreign text fit to stand there at all.
// Text from a cluster is written by strangers: it may hold escape sequences, bidirectional controls, or characters
// whose width terminals disagree on. What has passed `sanitise` moves no cursor and is as wide as `textWidth` says.

import { eastAsianWidth } from 'get-east-asian-width';

const PLAIN = /^[\x20-\x7e]*$/;

/** One cell each, and known to be so: letters, dashes, arrows, rules, bars and signs, of which screens are made. */
const NARROW = /^[\x20-\x7e\u2010-\u2027\u2190-\u22ff\u2500-\u25fc\u2800-\u28ff]*$/;

// CSI, OSC/DCS/APC/PM/SOS with their ends, and two-character escapes; in 7-bit form and as C1 controls.
// eslint-disable-next-line no-control-regex
const SEQUENCES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g;

// Zero-width characters, bidirectional controls, variation selectors, fillers, tags: all of them move or hide what follows.
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

// Pictures are drawn one or two cells wide as the terminal pleases; lone surrogates and private characters in ways of its own.
const UNSURE = /[\p{Emoji_Presentation}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Cs}\p{Co}\p{Cn}]/gu;

// eslint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g;

// A mark with no letter before it would sit on whatever stands to the left; more than two on one letter are decoration.
const MARKS = /(\p{M}{2})\p{M}+|^\p{M}+/gu;

const STAND_IN = '\u25af';

/** One line of text without anything that a terminal would obey. Line breaks and tabs become one space. */
export function sanitise(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(SEQUENCES, '').replace(CONTROLS, ' ').replace(UNSEEN, '').replace(UNSURE, STAND_IN).replace(MARKS, '$1');
}

/** Cells that sanitised text takes. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

const MARK = /^\p{M}$/u;

function characterWidth(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x300) return 1;
  return MARK.test(character) ? 0 : eastAsianWidth(codePoint);
}

/** The longest beginning that fits into `width` cells; when something is cut, `mark` ends it (if there is room for it). */
export function cut(text: string, width: number, mark = '\u2026'): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(mark);
  if (room < 0) return cut(text, width, '');
  let used = 0;
  let kept = '';
  for (const character of text) {
    const next = characterWidth(character);
    if (used + next > room) break;
    used += next;
    kept += character;
  }
  return kept + mark;
}

/** The longest end that fits into `width` cells; when something is cut, `mark` begins it. */
export function cutStart(text: string, width: number, mark = '\u2026'): string {
  if (textWidth(text) <= width) return text;
  let room = width - textWidth(mark);
  const kept: string[] = [];
  for (const character of [...text].toReversed()) {
    room -= characterWidth(character);
    if (room < 0) break;
    kept.unshift(character);
  }
  return mark + kept.join('');
}

/** Exactly `width` cells: cut or filled with spaces, on the right or (for numbers) on the left. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right', mark = '\u2026'): string {
  const own = textWidth(text);
  const fitting = own <= width ? text : cut(text, width, mark);
  const blanks = ' '.repeat(Math.max(0, width - (own <= width ? own : textWidth(fitting))));
  return side === 'left' ? blanks + fitting : fitting + blanks;
}

/**
 * Lines of at most `width` cells, broken between words where a word fits into a line at all; at most `limit` lines,
 * the last one cut. A number and its percent sign stay together.
 */
export function wrap(text: string, width: number, limit: number, mark = '\u2026'): string[] {
  if (width <= 0 || limit <= 0) return [];
  const lines: string[] = [];
  let rest = text.trim().replace(/(\d) %/g, '$1\u00a0%');
  while (rest !== '' && lines.length < limit - 1 && textWidth(rest) > width) {
    const head = cut(rest, width, '');
    const taken = rest.startsWith(' ', head.length) ? head.length : head.lastIndexOf(' ');
    const end = taken > 0 ? taken : Math.max(head.length, 1);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest !== '') lines.push(cut(rest, width, mark));
  return lines.map((line) => line.replaceAll('\u00a0', ' '));
}

/** For names: those that begin alike differ at their ends. */
export function cutMiddle(text: string, width: number): string {
  const head = Math.floor(width / 2);
  return textWidth(text) <= width ? text : `${cut(text, head, '')}${cutStart(text, width - head)}`;
}
