// Bytes from a terminal into key presses. blessed never sees the input: its own reader splits sequences that arrive
// in two reads, types the terminal's replies as keys, and knows no paste. With keys that act on production, none of
// that may reach the console.

import type { KeyPress } from '../console/key.js';

/** How long an unfinished escape sequence may wait for its rest before Esc alone is meant. */
export const ESCAPE_WAIT_MS = 30;

/** How long one that can be no key may wait: the rest of a reply, let through, would be typed. */
export const UNFINISHED_WAIT_MS = 500;

/** A longer paste is cut: nothing in the console takes more. */
const LONGEST_PASTE = 4096;

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
  '\u0000': 'ctrl-space',
};

const FINAL_NAMES: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  Z: 'shift-tab',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

const TILDE_NAMES: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

type Token = { readonly length: number; readonly name: string | undefined; /** It is the terminal's own. */ readonly reply?: true };

/** The escape sequence at the start of the text; undefined while it may go on. Replies and unknown ones have no name. */
function readEscape(text: string): Token | undefined {
  const reply = /^\u001b(?:\[\?[\d;]*[a-zA-Z$]+|\[\d+;\d+R|\[>[\d;]*[a-zA-Z]|[\]P_^X][^]*?(?:\u0007|\u001b\\))/.exec(text);
  if (reply !== null) return { name: undefined, length: reply[0].length, reply: true };
  const mouse = /^\u001b\[(?:M[^]{3}|<[\d;]+[Mm]|[IO])/.exec(text);
  if (mouse !== null) return { name: undefined, length: mouse[0].length };
  const linux = /^\u001b\[\[([A-E])/.exec(text);
  if (/^\u001b\[(?:\[|M[^]{0,2})$/.test(text)) return undefined;
  if (linux !== null) return { name: `f${'ABCDE'.indexOf(linux[1] ?? '') + 1}`, length: linux[0].length };
  const control = /^\u001b\[([0-?]*)([ -/]*)([@-~])/.exec(text);
  if (control !== null) return { name: nameControl(control[1] ?? '', control[3] ?? ''), length: control[0].length };
  const single = /^\u001bO([^])/.exec(text);
  if (single !== null) return { name: FINAL_NAMES[single[1] ?? ''], length: single[0].length };
  if (/^\u001b(?:$|O$|[[\]P_^X])/.test(text)) return undefined;
  const next = String.fromCodePoint(text.codePointAt(1) ?? 0);
  if (next === '\u001b') return { name: 'escape', length: 1 };
  return { name: `alt-${CONTROL_NAMES[next] ?? next}`, length: 1 + next.length };
}

function nameControl(parameters: string, final: string): string | undefined {
  const [code = '', modifier] = parameters.split(';');
  // Keys reported as numbers (kitty, modifyOtherKeys) are asked for by nobody here: dropped, never typed as digits.
  if (final === 'u' || (final === '~' && code === '27')) return undefined;
  const name = final === '~' ? TILDE_NAMES[code] : /^(\d*|1;\d+)$/.test(parameters) ? FINAL_NAMES[final] : undefined;
  if (name === undefined) return undefined;
  const bits = Number(modifier ?? 1) - 1;
  return `${(bits & 4) === 0 ? '' : 'ctrl-'}${(bits & 2) === 0 ? '' : 'alt-'}${(bits & 1) === 0 || name.startsWith('shift-') ? '' : 'shift-'}${name}`;
}

function readCharacter(text: string): Token {
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const named = CONTROL_NAMES[character];
  if (named !== undefined) return { name: named, length: 1 };
  const code = character.charCodeAt(0);
  if (code < 32) return { name: `ctrl-${String.fromCharCode(code + 96)}`, length: 1 };
  return { name: character, length: character.length };
}

export interface KeyDecoder {
  /** Takes what one read brought; returns the keys that are complete; more than one at once are a burst. */
  feed(text: string): KeyPress[];
  /** What is held unfinished: perhaps Esc (call `flush` after ESCAPE_WAIT_MS without more input), or a sequence for sure (UNFINISHED_WAIT_MS). */
  pending(): 'escape' | 'sequence' | undefined;
  /** Takes what is held as it is: a lone Esc is the Esc key, anything else unfinished is dropped. */
  flush(): KeyPress[];
}

export function createKeyDecoder(onReply: (reply: string) => void = () => {}): KeyDecoder {
  let held = '';
  let paste: string | undefined;

  /** Takes what is there of a paste; undefined while its end has not come. */
  const takePaste = (): string | undefined => {
    const end = held.indexOf(PASTE_END);
    const body = end < 0 ? held.slice(0, Math.max(0, held.length - PASTE_END.length + 1)) : held.slice(0, end);
    const text = ((paste ?? '') + body).slice(0, LONGEST_PASTE);
    held = held.slice(end < 0 ? body.length : end + PASTE_END.length);
    paste = end < 0 ? text : undefined;
    return end < 0 ? undefined : text;
  };

  const drain = (): KeyPress[] => {
    const keys: KeyPress[] = [];
    while (held !== '') {
      if (paste !== undefined) {
        const text = takePaste();
        if (text === undefined) break;
        keys.push({ name: 'paste', text, burst: true });
        continue;
      }
      if (held.startsWith(PASTE_START)) {
        paste = '';
        held = held.slice(PASTE_START.length);
        continue;
      }
      const token = held.startsWith('\u001b') ? readEscape(held) : readCharacter(held);
      if (token === undefined) break;
      if (token.reply === true) onReply(held.slice(0, token.length));
      held = held.slice(token.length);
      if (token.name !== undefined) keys.push({ name: token.name, burst: false });
    }
    // Several keys in one read were not typed one after the other by a hand (a paste without brackets, a stuck key).
    return keys.length > 1 ? keys.map((key) => ({ ...key, burst: true })) : keys;
  };

  return {
    feed(text) {
      held += text;
      return drain();
    },
    pending: () => (held === '' || paste !== undefined ? undefined : /^\u001b(?:$|[^[])/.test(held) ? 'escape' : 'sequence'),
    flush() {
      if (paste !== undefined) return [];
      const lone = held === '\u001b';
      const alt = /^\u001b([[\]P_^XO])$/.exec(held);
      held = '';
      if (lone) return [{ name: 'escape', burst: false }];
      return alt === null ? [] : [{ name: `alt-${alt[1] ?? ''}`, burst: false }];
    },
  };
}
