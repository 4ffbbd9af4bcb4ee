// Files and functions stay small enough to be read at one sitting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSync, Visitor } from 'oxc-parser';
import { isGenerated, sources } from './sources.js';

const MOST_FILE_LINES = 400;
const MOST_TEST_FILE_LINES = 600;
const MOST_FUNCTION_LINES = 70;
const MOST_LINE_LENGTH = 180;

const lineCount = (text: string): number => text.split('\n').length - 1;

test('files keep to their budget of lines', () => {
  const long = [...sources('src').filter((source) => !isGenerated(source)).filter(({ text }) => lineCount(text) > MOST_FILE_LINES), ...sources('test').filter(({ text }) => lineCount(text) > MOST_TEST_FILE_LINES)];
  assert.deepEqual(long.map(({ file, text }) => `${file}: ${lineCount(text)} lines`), []);
});

test('functions keep to their budget of lines', () => {
  const long: string[] = [];
  for (const { file, text } of sources('src').filter((source) => !isGenerated(source))) {
    const check = (node: { readonly start: number; readonly end: number }): void => {
      const body = text.slice(node.start, node.end);
      // A switch of one-line arms may say so: it is a table that happens to be code.
      if (lineCount(body) > MOST_FUNCTION_LINES && !body.includes('// one-line arms')) long.push(`${file}: ${lineCount(body)} lines from ${lineCount(text.slice(0, node.start)) + 1}`);
    };
    // A factory's closure is its room, as a class body is: what counts are the functions in it.
    const isFactory = (body: string): boolean => /\breturn \{[^]*\};?\s*\}$/.test(body) && /\n {2}(const \w+ = (async )?\(|(async )?function )/.test(body);
    const checkUnlessFactory = (node: { readonly start: number; readonly end: number }): void => {
      if (!isFactory(text.slice(node.start, node.end))) check(node);
    };
    new Visitor({ FunctionDeclaration: checkUnlessFactory, FunctionExpression: checkUnlessFactory, ArrowFunctionExpression: checkUnlessFactory }).visit(parseSync(file, text).program);
  }
  assert.deepEqual(long, []);
});

test('lines keep to their budget of characters', () => {
  const long = sources('src')
    .filter((source) => !isGenerated(source))
    .flatMap(({ file, text }) => text.split('\n').flatMap((line, index) => (line.length > MOST_LINE_LENGTH ? [`${file}:${index + 1}: ${line.length}`] : [])));
  assert.deepEqual(long, []);
});
