// SkyWalking's metric expressions, as far as the sandbox has metrics: names, numbers, avg/max/min/sum/latest, arithmetic, comparison.

import { err, ok, type Result } from '../../lib/result.js';

/** One value for each bucket, undefined where there is no data; or a single one. */
export type MqeValue =
  | { readonly type: 'series'; readonly values: readonly (number | undefined)[] }
  | { readonly type: 'single'; readonly value: number | undefined };

type Lookup = (metric: string) => readonly (number | undefined)[] | undefined;

const AGGREGATES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  latest: (values) => values.at(-1) ?? 0,
  count: (values) => values.length,
};

const LEVELS: readonly (readonly string[])[] = [
  ['>=', '<=', '==', '!=', '>', '<'],
  ['+', '-'],
  ['*', '/', '%'],
];

const COMPUTE: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '>=': (a, b) => Number(a >= b),
  '<=': (a, b) => Number(a <= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '>': (a, b) => Number(a > b),
  '<': (a, b) => Number(a < b),
};

export type MqeFailure = { readonly type: 'syntax' | 'unknown-metric'; readonly message: string };

class Failure extends Error {
  constructor(readonly failure: MqeFailure) {
    super(failure.message);
  }
}

const EXPECTING = "{'(', 'avg', 'count', 'latest', 'max', 'min', 'sum', INTEGER, DECIMAL, NAME_STRING}";

function combine(operator: string, left: MqeValue, right: MqeValue): MqeValue {
  const compute = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : COMPUTE[operator]?.(a, b);
  if (left.type === 'single' && right.type === 'single') return { type: 'single', value: compute(left.value, right.value) };
  const length = left.type === 'series' ? left.values.length : right.type === 'series' ? right.values.length : 0;
  const at = (value: MqeValue, index: number): number | undefined => (value.type === 'single' ? value.value : value.values[index]);
  return { type: 'series', values: Array.from({ length }, (_, index) => compute(at(left, index), at(right, index))) };
}

function aggregate(name: string, value: MqeValue): MqeValue {
  const known = (value.type === 'single' ? [value.value] : value.values).filter((each) => each !== undefined);
  return { type: 'single', value: known.length === 0 ? undefined : AGGREGATES[name]?.(known) };
}

export function evaluateMqe(source: string, lookup: Lookup): Result<MqeValue, MqeFailure> {
  const tokens = [...source.matchAll(/\s*(>=|<=|==|!=|[><()+\-*/%]|\d+\.?\d*|[A-Za-z_][\w.]*|\S)/g)].map((match) => ({
    text: match[1] ?? '',
    at: match.index + match[0].length - (match[1] ?? '').length,
  }));
  let next = 0;
  const bad = (): never => {
    const token = tokens[next];
    throw new Failure({ type: 'syntax', message: `line 1:${token?.at ?? source.length} mismatched input '${token?.text ?? '<EOF>'}' expecting ${EXPECTING}` });
  };
  const take = (): string => tokens[next++]?.text ?? '';
  const inParentheses = (): MqeValue => {
    if (take() !== '(') bad();
    const value = level(0);
    if (take() !== ')') bad();
    return value;
  };
  const atom = (): MqeValue => {
    const text = tokens[next]?.text;
    if (text === undefined) return bad();
    if (text === '(') return inParentheses();
    next += 1;
    if (/^\d/.test(text)) return { type: 'single', value: Number(text) };
    if (!/^[A-Za-z_]/.test(text)) {
      next -= 1;
      return bad();
    }
    if (text in AGGREGATES && tokens[next]?.text === '(') return aggregate(text, inParentheses());
    const values = lookup(text);
    if (values === undefined) throw new Failure({ type: 'unknown-metric', message: `Metric: [${text}] dose not exist.` });
    return { type: 'series', values };
  };
  const level = (depth: number): MqeValue => {
    const operators = LEVELS[depth];
    if (operators === undefined) return atom();
    let left = level(depth + 1);
    while (operators.includes(tokens[next]?.text ?? '')) left = combine(take(), left, level(depth + 1));
    return left;
  };
  try {
    const value = level(0);
    return next < tokens.length ? bad() : ok(value);
  } catch (failure) {
    if (failure instanceof Failure) return err(failure.failure);
    throw failure;
  }
}
