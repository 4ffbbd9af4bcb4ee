// Cases of the condition language line by line: bounded memory, one answer for each line, in order.

import { evaluateExpression, evaluateTime, evaluateTimeExpression, verdictOf } from '../decide/expression/evaluate.js';
import { isObject } from '../decide/expression/go-value.js';
import { fromTagged, toTagged } from '../decide/expression/json-value.js';
import { formatTime, RFC3339_NANO } from '../decide/expression/time-layout.js';
import { isRecord } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';

/** Longer lines are answered with an input error, and never held whole. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/** Texts that end in a newline each; several answers may come in one. */
export async function* answerLines(input: AsyncIterable<string | Uint8Array>, now: Instant): AsyncGenerator<string> {
  for await (const lines of splitLines(input))
    yield lines.map((line) => `${JSON.stringify(line === undefined ? tooLong() : answerLine(line, now))}\n`).join('');
}

const inputError = (message: string): object => ({ ok: false, error: 'input', message });
const tooLong = (): object => inputError(`the line is longer than ${MAX_LINE_LENGTH} characters`);

/** The lines completed by each chunk; undefined stands for one that was too long. */
async function* splitLines(input: AsyncIterable<string | Uint8Array>): AsyncGenerator<readonly (string | undefined)[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let skipping = false;
  for await (const chunk of input) {
    const pieces = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    const lines: (string | undefined)[] = [];
    for (const [index, piece] of pieces.entries()) {
      if (!skipping) rest += piece;
      if (rest.length > MAX_LINE_LENGTH) {
        rest = '';
        skipping = true;
      }
      if (index === pieces.length - 1) break;
      lines.push(skipping ? undefined : rest);
      rest = '';
      skipping = false;
    }
    if (lines.length > 0) yield lines;
  }
  if (rest !== '' || skipping) yield [skipping ? undefined : rest];
}

/** The answer to one line: what `sluice eval --jsonl` writes for it. */
export function answerLine(line: string, now: Instant): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line) as unknown;
  } catch (error) {
    return inputError(`not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (!isRecord(parsed) || typeof parsed['expr'] !== 'string') return inputError('not a case: a JSON object with the text "expr" is wanted');
  const { expr, env, mode } = parsed;
  if (env !== undefined && env !== null && !isRecord(env)) return inputError('"env" is not an object');
  if (mode === 'time') return answerTime(expr, now);
  if (mode !== undefined && mode !== null && mode !== '') return inputError(`unknown mode ${JSON.stringify(mode)}`);
  let result;
  try {
    result = fromTagged(isRecord(env) ? env['result'] : null);
  } catch (error) {
    return inputError(`"env.result": ${error instanceof Error ? error.message : ''}`);
  }
  const evaluation = evaluateExpression(expr, result, now);
  if ('error' in evaluation) return { ok: false, ...evaluation, condition: 'error' };
  const verdict = verdictOf(evaluation);
  const answer = { ok: true, value: toTagged(evaluation.value), goType: evaluation.goType };
  return 'error' in verdict ? { ...answer, condition: 'error', conditionMessage: verdict.message } : { ...answer, condition: verdict.value };
}

function answerTime(expr: string, now: Instant): object {
  const evaluation = evaluateTimeExpression(expr, now);
  if ('error' in evaluation) return { ok: false, ...evaluation, time: 'error' };
  const { value } = evaluation;
  if (isObject(value) && value.kind === 'time') return { ok: true, time: formatTime(value, RFC3339_NANO) };
  const verdict = evaluateTime(expr, now);
  return { ok: true, time: 'error', timeMessage: 'error' in verdict ? verdict.message : '' };
}
