// Widths as terminals have them, and hostile text made harmless.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eastAsianWidth } from 'get-east-asian-width';
import { cut, pad, sanitise, textWidth, wrap } from '../../src/lib/text-width.js';

const HARMLESS: readonly (readonly [string, string, string])[] = [
  ['plain text', 'reviews-v1', 'reviews-v1'],
  ['letters of other scripts', 'Grüße 你好 здравствуй', 'Grüße 你好 здравствуй'],
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
  ['an unfinished title', 'a\u001b]0;owned', 'a'],
  ['C1 controls', 'a\u009b2Jb\u0085c', 'ab c'],
  ['clear screen and home', '\u001b[2J\u001b[Hx', 'x'],
  ['a lone escape', 'a\u001b', 'a'],
  ['line breaks and tabs', 'a\r\n\tb', 'a b'],
  ['a bidirectional override', 'a\u202edcb\u202c', 'adcb'],
  ['zero-width characters', 'a\u200b\u200d\ufeffb', 'ab'],
  ['pictures', '🚀 ok ✅', '▯ ok ▯'],
  ['a family of pictures', '👩‍👩‍👧', '▯▯▯'],
  ['flags', '🇫🇷', '▯▯'],
  ['a lone surrogate', 'a\ud83db', 'a▯b'],
  ['a heap of marks', 'a\u0301\u0302\u0303\u0304', 'a\u0301\u0302'],
  ['a mark at the start', '\u0301a', 'a'],
];

for (const [name, given, wanted] of HARMLESS) {
  test(`sanitise: ${name}`, () => {
    assert.equal(sanitise(given), wanted);
    assert.equal(sanitise(wanted), wanted, 'a second pass changes nothing');
  });
}

test('sanitised text holds no control character, whatever came in', () => {
  let text = '';
  for (let code = 0; code < 0x3000; code += 1) text += String.fromCodePoint(code);
  assert.doesNotMatch(sanitise(text), /[\p{Cc}\u202a-\u202e\u200b-\u200f]/u);
});

test('widths', () => {
  const rows: readonly (readonly [string, number])[] = [['', 0], ['abc', 3], ['é', 1], ['e\u0301', 1], ['你好', 4], ['한', 2], ['│✔█▇', 4], ['ア', 2], ['ｱ', 1]];
  for (const [text, width] of rows) assert.equal(textWidth(text), width, text);
});

test('cut and pad give exactly the cells asked for', () => {
  assert.equal(cut('reviews', 7), 'reviews');
  assert.equal(cut('reviews', 5), 'revi…');
  assert.equal(cut('你好吗', 4), '你…');
  assert.equal(cut('abc', 0), '');
  assert.equal(cut('abc', 1), '…');
  assert.equal(cut('abcdef', 4, '...'), 'a...');
  assert.equal(pad('ab', 4), 'ab  ');
  assert.equal(pad('ab', 4, 'left'), '  ab');
  assert.equal(textWidth(pad('你好吗', 5)), 5);
});

test('wrap breaks between words and cuts the last line', () => {
  assert.deepEqual(wrap('one two three', 7, 3), ['one two', 'three']);
  assert.deepEqual(wrap('one two three', 8, 3), ['one two', 'three']);
  assert.deepEqual(wrap('one two three four', 7, 2), ['one two', 'three …']);
  assert.deepEqual(wrap('abcdefghij', 4, 3), ['abcd', 'efgh', 'ij']);
  assert.deepEqual(wrap('', 4, 3), []);
  assert.deepEqual(wrap('abc', 4, 0), []);
});

test('signs of one cell are told at once, and by their own width as one', () => {
  for (const [first, last] of [[0x20, 0x7e], [0x2010, 0x2027], [0x2190, 0x22ff], [0x2500, 0x25fc], [0x2800, 0x28ff]] as const)
    for (let code = first; code <= last; code += 1) assert.equal(eastAsianWidth(code), 1, code.toString(16));
  assert.equal(textWidth('a\u2588\u2591\u2192\u25fc'), 5);
  assert.equal(textWidth('\u25fd'), 2);
});
