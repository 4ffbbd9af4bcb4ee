// The eval command: what a person sees, and the answers line by line.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { runEval } from '../../src/commands/eval.js';

const NOW = 1_795_253_244_000;
const FOLDER = path.join(process.env['SLUICE_ROOT'] ?? '.', 'test/decide/expression');

async function run(args: readonly string[], chunks: readonly (string | Uint8Array)[] = []): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const stdin = (async function* () { yield* chunks; })();
  const code = await runEval(args, { stdin, stdout: (text) => { out += text; }, stderr: (text) => { err += text; }, now: NOW });
  return { code, out, err };
}

test('prints value and verdict; the exit code is the answer', async () => {
  assert.deepEqual(await run(['result[0] >= 0.95', '--result', '[0.97]']), { code: 0, out: 'value:   true (bool)\nverdict: true\n', err: '' });
  assert.deepEqual(await run(['result < 1', '--result', '2']), { code: 1, out: 'value:   false (bool)\nverdict: false\n', err: '' });
  assert.deepEqual(await run(['result', '--result', '2']), { code: 1, out: 'value:   2 (float64)\nverdict: error: expected bool, but got float64\n', err: '' });
  assert.deepEqual(await run(['result >']), { code: 1, out: 'error:   unexpected token EOF (the expression is rejected)\nverdict: error\n', err: '' });
  assert.match((await run(['result[0]', '--result', '{"$type":"[]float64","value":[]}'])).out, /index out of range \(while running\)/);
});

test('wrong usage is exit code 2 and one line', async () => {
  for (const args of [[], ['a', 'b'], ['a', '--result', '{'], ['a', '--nope'], ['--jsonl', 'a'], ['a', '--result', '{"$type":"x"}']]) {
    const { code, out, err } = await run(args);
    assert.equal(code, 2, args.join(' '));
    assert.equal(out, '');
    assert.equal(err.trimEnd().split('\n').length, 1);
  }
  const help = await run(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.out, /Example:/);
});

test('--jsonl answers every line in order, whatever it is', async () => {
  const input = '{"expr":"result == nil"}\nnot json\n\n{"expr":5}\n{"expr":"1 +"}\n{"mode":"time","expr":"now()"}\n{"mode":"time","expr":"1"}\n{"expr":"result","env":{"result":{"$type":"bogus"}}}\n{"expr":"é","env":null}\n{"expr":"[1][2]"}';
  // Bytes cut anywhere, also inside a character.
  const bytes = new TextEncoder().encode(input);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) => bytes.slice(index * 7, index * 7 + 7));
  const { code, out } = await run(['--jsonl'], chunks);
  assert.equal(code, 0);
  const answers = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(answers.map((answer) => [answer['ok'], answer['error'] ?? answer['time'] ?? answer['condition']]), [
    [true, true], [false, 'input'], [false, 'input'], [false, 'input'], [false, 'compile'], [true, '2026-11-21T09:27:24Z'], [true, 'error'], [false, 'input'], [false, 'compile'], [false, 'runtime'],
  ]);
  assert.deepEqual(answers[0], { ok: true, value: true, goType: 'bool', condition: true });
  assert.deepEqual(answers[8], { ok: false, error: 'compile', message: 'unknown name é', condition: 'error' });
});

test('--jsonl answers the whole corpus as the original did', async () => {
  const lines = (name: string): readonly Record<string, unknown>[] => readFileSync(path.join(FOLDER, name), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  const environments = lines('environments.jsonl');
  const cases = lines('cases.jsonl');
  const input = cases.map((item) => `${JSON.stringify({ ...item, env: typeof item['env'] === 'number' ? environments[item['env']] : undefined })}\n`);
  const { out } = await run(['--jsonl'], input);
  const answers = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(answers.length, cases.length);
  const fields = ['ok', 'error', 'condition', 'time'];
  cases.forEach((item, index) => {
    for (const field of item['mode'] === 'time' ? fields : [...fields, 'value', 'goType']) assert.deepEqual(answers[index]?.[field], item[field], `${String(item['id'])} ${field}`);
  });
});
