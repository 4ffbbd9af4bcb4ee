// `sluice eval`: tries a condition on a result, for people who write templates (and, line by line, for machines).

import { parseArgs } from 'node:util';

import { evaluateExpression, type Evaluation, type Verdict, verdictOf } from '../decide/expression/evaluate.js';
import { fromTagged, toTagged } from '../decide/expression/json-value.js';
import type { GoValue } from '../decide/expression/go-value.js';
import type { Instant } from '../lib/instant.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { answerLines } from './eval-lines.js';

export type EvalIo = {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  /** A promise holds back further output until it is kept. */
  stdout(text: string): void | Promise<void>;
  stderr(text: string): void;
  readonly now: Instant;
};

export const EVAL_USAGE = `Try a success or failure condition on a metric result.

Usage:
  sluice eval 'EXPR' [--result JSON]
  sluice eval --jsonl < CASES

JSON is what the metric gives: {"a": 1}, [0.9], 0.95, "ok", null (the default).
Prometheus vectors are lists of float64: {"$type": "[]float64", "value": [0.97]}.
The answer is the value, its Go type, and the verdict. Exit code 0 for true, 1 for false or an error.

  --result JSON  the value of "result"
  --jsonl        read one case a line ({"expr": …, "env": {"result": …}, "mode": "time"?}), write one answer a line

Example:
  sluice eval 'len(result) > 0 && result[0] >= 0.95' --result '{"$type": "[]float64", "value": [0.97]}'
`;

const USAGE_EXIT = 2;

/** The exit code: 0 true (or every line answered), 1 false or an error, 2 wrong usage. */
export async function runEval(args: readonly string[], io: EvalIo): Promise<number> {
  const parsed = parse(args);
  if (!parsed.ok) {
    io.stderr(`sluice eval: ${parsed.error} (see sluice eval --help)\n`);
    return USAGE_EXIT;
  }
  const request = parsed.value;
  if (request.type === 'help') {
    await io.stdout(EVAL_USAGE);
    return 0;
  }
  if (request.type === 'lines') {
    for await (const text of answerLines(io.stdin, io.now)) await io.stdout(text);
    return 0;
  }
  const evaluation = evaluateExpression(request.expr, request.result, io.now);
  const verdict = verdictOf(evaluation);
  await io.stdout(describe(evaluation, verdict));
  return 'value' in verdict && verdict.value ? 0 : 1;
}

type Request = { readonly type: 'help' } | { readonly type: 'lines' } | { readonly type: 'one'; readonly expr: string; readonly result: GoValue };

function parse(args: readonly string[]): Result<Request, string> {
  let found;
  try {
    found = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { result: { type: 'string' }, jsonl: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    return err(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'wrong arguments');
  }
  const { values, positionals } = found;
  if (values.help === true) return ok({ type: 'help' });
  if (values.jsonl === true) {
    return positionals.length > 0 || values.result !== undefined ? err('--jsonl takes its expressions and results from stdin') : ok({ type: 'lines' });
  }
  const [expr] = positionals;
  if (expr === undefined || positionals.length !== 1) return err(`takes one expression, got ${positionals.length}`);
  try {
    return ok({ type: 'one', expr, result: fromTagged(JSON.parse(values.result ?? 'null')) });
  } catch (error) {
    return err(`--result is not a JSON value: ${error instanceof Error ? error.message : ''}`);
  }
}

function describe(evaluation: Evaluation, verdict: Verdict): string {
  if ('error' in evaluation)
    return `error:   ${evaluation.message} (${evaluation.error === 'compile' ? 'the expression is rejected' : 'while running'})\nverdict: error\n`;
  return `value:   ${JSON.stringify(toTagged(evaluation.value))} (${evaluation.goType})\nverdict: ${verdictText(verdict)}\n`;
}

const verdictText = (verdict: Verdict): string => ('value' in verdict ? String(verdict.value) : `error: ${verdict.message}`);
