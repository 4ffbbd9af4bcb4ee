// Text to tokens. The oddities (0X scans and fails later, "##" is one token, "1..3" is a range) are the language's own.

import { encode } from './bytes.js';
import { compileError } from './failure.js';
import { type Token, type TokenKind, WORD_OPERATORS } from './token.js';

const SPACE = /^\p{White_Space}$/u;
const WORD = /^[_$\p{L}\p{Nd}]$/u;
const DIGITS = '0123456789_';

type Cursor = { readonly chars: readonly string[]; at: number; readonly tokens: Token[] };

/** The tokens of a condition, closed by EOF. String tokens hold the byte form of their value. */
export function tokenize(source: string): readonly Token[] {
  const cursor: Cursor = { chars: Array.from(source), at: 0, tokens: [] };
  while (cursor.at < cursor.chars.length) step(cursor);
  emit(cursor, 'EOF', '');
  return cursor.tokens;
}

const peek = (cursor: Cursor, ahead = 0): string => cursor.chars[cursor.at + ahead] ?? '';
const emit = (cursor: Cursor, kind: TokenKind, value: string): void => {
  cursor.tokens.push({ kind, value });
};
const isWord = (char: string): boolean => WORD.test(char);

function accept(cursor: Cursor, valid: string): boolean {
  const char = peek(cursor);
  if (char === '' || !valid.includes(char)) return false;
  cursor.at += 1;
  return true;
}

function step(cursor: Cursor): void {
  const start = cursor.at;
  const char = peek(cursor);
  const word = (): string => cursor.chars.slice(start, cursor.at).join('');
  if (/^[0-9]$/.test(char) || (char === '.' && /^[0-9]$/.test(peek(cursor, 1)))) {
    scanNumber(cursor);
    return;
  }
  cursor.at += 1;
  if (SPACE.test(char)) return;
  if (char === '"' || char === "'") {
    scanString(cursor, char);
    emit(cursor, 'String', unescape(cursor.chars.slice(start + 1, cursor.at - 1).join('')));
  } else if (char === '/' && (peek(cursor) === '/' || peek(cursor) === '*')) {
    skipComment(cursor);
  } else if ('([{)]}'.includes(char)) {
    emit(cursor, 'Bracket', char);
  } else if (char === '#') {
    scanPointer(cursor);
  } else if (second(char) !== undefined) {
    accept(cursor, second(char) ?? '');
    emit(cursor, 'Operator', word());
  } else if (isWord(char)) {
    while (isWord(peek(cursor))) cursor.at += 1;
    emit(cursor, WORD_OPERATORS.has(word()) ? 'Operator' : 'Identifier', word());
  } else {
    const code = char.codePointAt(0) ?? 0;
    throw compileError(`unrecognized character: U+${code.toString(16).toUpperCase().padStart(4, '0')} '${char}'`);
  }
}

/** The runes that may follow an operator rune in one token; undefined when the rune is no operator. */
function second(char: string): string | undefined {
  if (char === '?') return '.?';
  if (char === '|') return '|';
  if (char === '.') return '.';
  if ('&!=*<>'.includes(char)) return '&=*';
  return ',:;%+-^/'.includes(char) ? '' : undefined;
}

function scanPointer(cursor: Cursor): void {
  const operator = accept(cursor, '#') ? '##' : '#';
  emit(cursor, 'Operator', operator);
  const start = cursor.at;
  while (isWord(peek(cursor))) cursor.at += 1;
  if (cursor.at > start) emit(cursor, 'Identifier', cursor.chars.slice(start, cursor.at).join(''));
}

function skipComment(cursor: Cursor): void {
  if (peek(cursor) === '/') {
    while (cursor.at < cursor.chars.length && peek(cursor) !== '\n') cursor.at += 1;
    return;
  }
  cursor.at += 1;
  while (!(peek(cursor) === '*' && peek(cursor, 1) === '/')) {
    if (cursor.at >= cursor.chars.length) throw compileError('unclosed comment');
    cursor.at += 1;
  }
  cursor.at += 2;
}

function scanNumber(cursor: Cursor): void {
  const start = cursor.at;
  let digits = DIGITS;
  if (accept(cursor, '0')) {
    if (accept(cursor, 'xX')) digits = '0123456789abcdefABCDEF_';
    else if (accept(cursor, 'oO')) digits = '01234567_';
    else if (accept(cursor, 'bB')) digits = '01_';
  }
  const run = (): void => {
    while (accept(cursor, digits));
  };
  run();
  const range = peek(cursor) === '.' && peek(cursor, 1) === '.';
  if (!range) {
    if (accept(cursor, '.')) run();
    if (accept(cursor, 'eE')) {
      accept(cursor, '+-');
      run();
    }
    if (isWord(peek(cursor))) throw compileError(`bad number syntax: ${JSON.stringify(cursor.chars.slice(start, cursor.at + 1).join(''))}`);
  }
  emit(cursor, 'Number', cursor.chars.slice(start, cursor.at).join(''));
}

function scanString(cursor: Cursor, quote: string): void {
  for (;;) {
    const char = peek(cursor);
    if (char === '' || char === '\n') throw compileError('literal not terminated');
    cursor.at += 1;
    if (char === quote) return;
    if (char === '\\') scanEscape(cursor, quote);
  }
}

const ESCAPES: Readonly<Record<string, readonly [base: RegExp, count: number]>> = {
  x: [/^[\da-fA-F]$/, 2],
  u: [/^[\da-fA-F]$/, 4],
  U: [/^[\da-fA-F]$/, 8],
};

const NO_ESCAPE = [/(?!)/, 1] as const;

function scanEscape(cursor: Cursor, quote: string): void {
  const char = peek(cursor);
  cursor.at += 1;
  if ('abfnrtv\\'.includes(char) && char !== '') return;
  if (char === quote) return;
  const octal = /^[0-7]$/.test(char);
  const [base, count] = octal ? ([/^[0-7]$/, 2] as const) : (ESCAPES[char] ?? NO_ESCAPE);
  for (let index = 0; index < count; index += 1) {
    if (!base.test(peek(cursor))) throw compileError('invalid char escape');
    cursor.at += 1;
  }
}

const SINGLE: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"' };
const LARGEST_CODE_POINT = 0x10ffff;

function unescape(raw: string): string {
  const text = raw.replace(/\r\n?/g, '\n');
  const value = text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|[^])/g, (_, escape: string) => {
    const single = escape.length === 1 ? SINGLE[escape] : undefined;
    if (single !== undefined) return single;
    const octal = /^[0-7]/.test(escape);
    const code = octal ? Number.parseInt(escape, 8) : Number.parseInt(escape.slice(1), 16);
    if (Number.isNaN(code) || code > LARGEST_CODE_POINT || (octal && !/^[0-3]/.test(escape))) throw compileError('unable to unescape string');
    return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
  });
  return encode(value);
}
