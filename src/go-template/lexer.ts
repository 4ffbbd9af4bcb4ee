// Go template text as tokens: the text between actions, already trimmed where `{{-` and `-}}` ask for it, and the words within them.

import { encode } from '../decide/expression/bytes.js';
import { compileError } from '../decide/expression/failure.js';
import type { GoValue } from '../decide/expression/go-value.js';
import { parseFloat64 } from '../lib/go-number.js';

type Place = {
  readonly line: number;
  /** White space stands before it: `.a .b` is two words, `.a.b` one. */
  readonly spaced: boolean;
};

export type Token = Place &
  (
    | { readonly kind: 'text' | 'word' | 'variable' | 'field' | 'symbol'; readonly text: string }
    | { readonly kind: 'literal'; readonly value: GoValue; readonly text: string }
    | { readonly kind: 'open' | 'close' | 'end'; readonly text: '' }
  );

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SPACE = /[ \t\r\n]+/y;
const NUMBER = /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const RAW = /`[^`]*`/y;
const QUOTED = /"(?:[^"\\\n]|\\.)*"/y;
const RUNE = /'(?:[^'\\\n]|\\.[^']*)'/uy;
const COMMENT = /\{\{(?:- )?[ \t\r\n]*\/\*[^]*?\*\/(?: ?-)?\}\}/y;
const SYMBOL = /:=|[|(),=]/y;

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let trims = false;
  const pass = (length: number): void => {
    for (let index = at; index < at + length; index += 1) if (source.charCodeAt(index) === 10) line += 1;
    at += length;
  };
  const text = (until: number, trimsNext: boolean): void => {
    const whole = source.slice(at, until);
    const begun = trims ? whole.trimStart() : whole;
    const kept = trimsNext ? begun.trimEnd() : begun;
    if (kept !== '') tokens.push({ kind: 'text', text: encode(kept), line, spaced: false });
    pass(whole.length);
  };
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    const until = open === -1 ? source.length : open;
    const trimsBefore = /^\{\{-[ \t\r\n]/.test(source.slice(until, until + 4));
    text(until, trimsBefore);
    trims = false;
    if (open === -1) break;
    const comment = match(COMMENT, source, at);
    if (comment !== undefined) {
      trims = comment.endsWith('-}}');
      pass(comment.length);
      continue;
    }
    tokens.push({ kind: 'open', text: '', line, spaced: false });
    pass(trimsBefore ? 3 : 2);
    trims = action();
  }
  tokens.push({ kind: 'end', text: '', line, spaced: false });
  return tokens;

  /** Everything up to the end of the action; true when what follows is to be trimmed. */
  function action(): boolean {
    const began = line;
    for (;;) {
      const space = match(SPACE, source, at);
      pass(space?.length ?? 0);
      const spaced = space !== undefined;
      const closing = spaced && source.startsWith('-}}', at) ? 3 : source.startsWith('}}', at) ? 2 : 0;
      if (closing > 0) {
        tokens.push({ kind: 'close', text: '', line, spaced });
        pass(closing);
        return closing === 3;
      }
      if (at >= source.length) throw compileError(`line ${began}: an action is not closed: "}}" is missing`);
      const token = wordAt(source, at, { line, spaced });
      tokens.push(token.token);
      pass(token.length);
    }
  }
}

type Found = { readonly token: Token; readonly length: number };

function wordAt(source: string, at: number, place: Place): Found {
  const found = (token: Token, length: number): Found => ({ token, length });
  const first = source.charAt(at);
  if (first === '.' && !/\d/.test(source.charAt(at + 1))) {
    const name = match(NAME, source, at + 1);
    return name === undefined ? found({ kind: 'word', text: '.', ...place }, 1) : found({ kind: 'field', text: name, ...place }, name.length + 1);
  }
  if (first === '$') {
    const name = match(NAME, source, at + 1) ?? '';
    return found({ kind: 'variable', text: `$${name}`, ...place }, name.length + 1);
  }
  const raw = match(RAW, source, at);
  if (raw !== undefined) return found({ kind: 'literal', value: encode(raw.slice(1, -1)), text: raw, ...place }, raw.length);
  const quoted = match(QUOTED, source, at);
  if (quoted !== undefined) return found({ kind: 'literal', value: encode(unquote(quoted, place.line)), text: quoted, ...place }, quoted.length);
  const rune = match(RUNE, source, at);
  if (rune !== undefined) return found({ kind: 'literal', value: runeOf(rune, place.line), text: rune, ...place }, rune.length);
  const number = match(NUMBER, source, at);
  if (number !== undefined) return found({ kind: 'literal', value: numberOf(number, place.line), text: number, ...place }, number.length);
  const name = match(NAME, source, at);
  if (name !== undefined) return found({ kind: 'word', text: name, ...place }, name.length);
  const symbol = match(SYMBOL, source, at);
  if (symbol !== undefined) return found({ kind: 'symbol', text: symbol, ...place }, symbol.length);
  throw compileError(`line ${place.line}: unexpected ${JSON.stringify(String.fromCodePoint(source.codePointAt(at) ?? 0))} in an action`);
}

const ESCAPE = /\\(?:([abfnrtv\\'"])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|[^])/g;
const PLAIN: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"' };

function unquote(quoted: string, line: number): string {
  return quoted.slice(1, -1).replaceAll(ESCAPE, (whole: string, plain?: string, ...codes: readonly unknown[]) => {
    if (plain !== undefined) return PLAIN[plain] ?? '';
    const [hex, short, long, octal] = codes.slice(0, 4) as readonly (string | undefined)[];
    const code = octal === undefined ? Number.parseInt(hex ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
    if (Number.isNaN(code) || code > 0x10ffff) throw compileError(`line ${line}: ${whole} is no escape of a string`);
    return String.fromCodePoint(code);
  });
}

const runeOf = (rune: string, line: number): GoValue => BigInt(unquote(rune, line).codePointAt(0) ?? 0);

/** Whole numbers are ints, the others float64, as constants of Go are. */
function numberOf(text: string, line: number): GoValue {
  const plain = text.replaceAll('_', '');
  if (/^[+-]?\d+$/.test(plain)) return BigInt(plain.replace(/^\+/, ''));
  const based = /^([+-]?)(0[xXbBoO].+)$/.exec(plain);
  if (based !== null) return BigInt(based[2] ?? '0') * (based[1] === '-' ? -1n : 1n);
  const parsed = parseFloat64(plain);
  if ('problem' in parsed) throw compileError(`line ${line}: ${text} is no number: ${parsed.problem}`);
  return parsed.value;
}
