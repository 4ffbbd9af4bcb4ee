// Bytes to keys: what terminals really send, whole and in pieces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyDecoder } from '../../src/terminal/input.js';

const names = (text: string): string[] => {
  const decoder = createKeyDecoder();
  return [...decoder.feed(text), ...decoder.flush()].map((key) => key.name);
};

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['a letter', 'j', ['j']],
  ['a capital is itself', 'P', ['P']],
  ['enter once', '\r', ['enter']],
  ['control', '\u0003', ['ctrl-c']],
  ['backspace', '\u007f', ['backspace']],
  ['arrows', '\u001b[A\u001b[B\u001bOC\u001bOD', ['up', 'down', 'right', 'left']],
  ['home and end of several terminals', '\u001b[H\u001b[4~\u001bOF\u001b[7~', ['home', 'end', 'end', 'home']],
  ['pages', '\u001b[5~\u001b[6~', ['page-up', 'page-down']],
  ['back tab', '\u001b[Z', ['shift-tab']],
  ['function keys', '\u001bOP\u001b[15~\u001b[[A', ['f1', 'f5', 'f1']],
  ['control with an arrow', '\u001b[1;5C', ['ctrl-right']],
  ['shift with an arrow', '\u001b[1;2A', ['shift-up']],
  ['alt with a letter', '\u001bx', ['alt-x']],
  ['escape alone', '\u001b', ['escape']],
  ['escape twice', '\u001b\u001b', ['escape', 'escape']],
  ['a character of several bytes', 'ü漢🚀', ['ü', '漢', '🚀']],
  ['device attributes are no keys', '\u001b[?62;c', []],
  ['cursor report is no key', '\u001b[5;10R', []],
  ['colour report is no key', '\u001b]11;rgb:0000/0000/0000\u0007y', ['y']],
  ['colour report with the other end', '\u001b]11;rgb:0000/0000/0000\u001b\\y', ['y']],
  ['kitty and modifyOtherKeys type no digits', '\u001b[97;5u\u001b[27;5;97~', []],
  ['mouse reports are no keys', '\u001b[<0;10;5M\u001b[M !!', []],
  ['focus reports are no keys', '\u001b[I\u001b[O', []],
  ['an unfinished sequence is dropped', '\u001b[1;', []],
];

for (const [name, bytes, wanted] of rows) {
  test(name, () => assert.deepEqual(names(bytes), wanted));
  test(`${name}, byte by byte`, () => {
    const decoder = createKeyDecoder();
    const keys = [...bytes].flatMap((character) => decoder.feed(character));
    assert.deepEqual([...keys, ...decoder.flush()].map((key) => key.name), wanted);
  });
}

test('a sequence cut in two reads is one key, never an action', () => {
  const decoder = createKeyDecoder();
  assert.deepEqual(decoder.feed('\u001b['), []);
  assert.equal(decoder.pending(), 'sequence');
  assert.deepEqual(decoder.feed('A').map((key) => key.name), ['up']);
});

test('a paste is one event with its text, whatever it holds', () => {
  const decoder = createKeyDecoder();
  const keys = [...decoder.feed('\u001b[200~q'), ...decoder.feed('\rPy\u001b[20'), ...decoder.feed('1~j')];
  assert.deepEqual(keys.map(({ name, text }) => ({ name, text })), [{ name: 'paste', text: 'q\rPy' }, { name: 'j', text: undefined }]);
});

test('a paste without its end types nothing', () => {
  const decoder = createKeyDecoder();
  decoder.feed('\u001b[200~Py');
  assert.deepEqual(decoder.flush(), []);
});

test('a paste is cut at its limit', () => {
  const decoder = createKeyDecoder();
  const [key] = decoder.feed(`\u001b[200~${'x'.repeat(100_000)}\u001b[201~`);
  assert.equal(key?.text?.length, 4096);
});

test('several keys in one read are a burst, a single one is not', () => {
  const decoder = createKeyDecoder();
  assert.deepEqual(decoder.feed('py').map((key) => key.burst), [true, true]);
  assert.deepEqual(decoder.feed('y').map((key) => key.burst), [false]);
});
