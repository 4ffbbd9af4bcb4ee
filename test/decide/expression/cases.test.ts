// Every case of the corpus that the original language (antonmedv/expr v1.15.5 inside Argo Rollouts) computed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { evaluateCondition, evaluateExpression, evaluateTime, evaluateTimeExpression } from '../../../src/decide/expression/evaluate.js';
import { formatTime } from '../../../src/decide/expression/time-layout.js';
import { fromTagged, toTagged } from '../../../src/decide/expression/json-value.js';

type Case = {
  readonly id: string; readonly expr: string; readonly env?: number; readonly mode?: 'time'; readonly ok: boolean;
  readonly value?: unknown; readonly goType?: string; readonly error?: string; readonly message?: string; readonly condition?: boolean | 'error'; readonly time?: string;
};

const FOLDER = path.join(process.env['SLUICE_ROOT'] ?? '.', 'test/decide/expression');
const lines = (name: string): readonly unknown[] => readFileSync(path.join(FOLDER, name), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
const environments = lines('environments.jsonl') as readonly { readonly result?: unknown }[];
const cases = lines('cases.jsonl') as readonly Case[];
const NOW = 1_795_253_244_000;

/** What the language says of a case, in the words of the corpus. */
function answer(item: Case): Partial<Case> {
  const result = fromTagged(item.env === undefined ? null : environments[item.env]?.result);
  const evaluation = item.mode === 'time' ? evaluateTimeExpression(item.expr, NOW) : evaluateExpression(item.expr, result, NOW);
  const outcome = 'error' in evaluation ? { ok: false, error: evaluation.error } : { ok: true, value: toTagged(evaluation.value), goType: evaluation.goType };
  if (item.mode !== 'time') {
    const verdict = evaluateCondition(item.expr, result, NOW);
    return { ...outcome, condition: 'error' in verdict ? 'error' : verdict.value };
  }
  const time = evaluateTime(item.expr, NOW);
  if ('error' in time || 'error' in evaluation) return { ...outcome, time: 'error' };
  const { value } = evaluation;
  return { ...outcome, time: typeof value === 'object' && value !== null && value.kind === 'time' ? formatTime(value, '2006-01-02T15:04:05.999999999Z07:00') : 'error' };
}

test(`all ${cases.length} cases of the condition language`, () => {
  assert.ok(cases.length >= 1988);
  const wrong: string[] = [];
  for (const item of cases) {
    const { id, expr, env, mode, message, conditionMessage, timeMessage, ...wanted } = item as Case & { readonly conditionMessage?: string; readonly timeMessage?: string };
    const got = answer(item);
    try {
      assert.deepEqual(got, wanted);
    } catch {
      wrong.push(`${id} ${expr}\n  wanted ${JSON.stringify(wanted)} ${message ?? ''}\n  got    ${JSON.stringify(got)} ${mode ?? ''} ${JSON.stringify(environments[env ?? -1])?.slice(0, 80) ?? ''} ${conditionMessage ?? ''} ${timeMessage ?? ''}`);
    }
  }
  assert.equal(wrong.join('\n'), '');
});
