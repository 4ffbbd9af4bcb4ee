// Evaluates a PromQL expression at one instant over the store, with Prometheus's rules for rates and matching.

import type { Instant } from '../../lib/instant.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { Labels, Matcher, Sample, Series, SeriesStore } from '../metrics/series-store.js';
import type { Aggregation, Expression, Grouping, LabelMatcher, Operator } from './expression.js';
import { extrapolated, instantRate } from './rate.js';

export type Point = { readonly labels: Labels; readonly value: number };

export type PromqlValue =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly points: readonly Point[] }
  | { readonly type: 'matrix'; readonly series: readonly Series[] };

/** How far back an instant selector looks for a sample. */
const LOOKBACK_MS = 5 * 60_000;

/** A failure while evaluating: Prometheus's errorType "execution". */
class ExecutionFailure extends Error {}

const COMPARISON: ReadonlySet<Operator> = new Set(['==', '!=', '>', '<', '>=', '<=']);

const signature = (labels: Labels): string =>
  Object.keys(labels)
    .toSorted()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(', ');

const byLabels = (a: { readonly labels: Labels }, b: { readonly labels: Labels }): number => (signature(a.labels) < signature(b.labels) ? -1 : 1);

function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

function grouped(labels: Labels, grouping: Grouping): Labels {
  if (grouping.type === 'by') return Object.fromEntries(Object.entries(labels).filter(([name]) => grouping.labels.includes(name)));
  return without(labels, ['__name__', ...grouping.labels]);
}

export function matcherOf(matcher: LabelMatcher): Matcher {
  const { name, operator, value } = matcher;
  if (operator === '=') return { name, matches: (text) => text === value };
  if (operator === '!=') return { name, matches: (text) => text !== value };
  // Prometheus anchors; its RE2 and JavaScript agree on all that the demos' queries use.
  const pattern = new RegExp(`^(?:${value})$`, 's');
  return { name, matches: (text) => pattern.test(text) === (operator === '=~') };
}

function select(store: SeriesStore, matchers: readonly LabelMatcher[], from: Instant, to: Instant): Series[] {
  return store.select(matchers.map(matcherOf), from, to).toSorted(byLabels);
}

export function arithmetic(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '>':
      return Number(left > right);
    case '<':
      return Number(left < right);
    case '>=':
      return Number(left >= right);
    case '<=':
      return Number(left <= right);
  }
}

function aggregate(operation: Aggregation, values: readonly number[]): number {
  switch (operation) {
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'avg':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'count':
      return values.length;
    // Every number wins over NaN.
    case 'min':
      return values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least));
    case 'max':
      return values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most));
  }
}

function collect<T extends { readonly labels: Labels }>(
  items: readonly T[],
  group: (labels: Labels) => Labels,
): { readonly labels: Labels; readonly items: T[] }[] {
  const groups = new Map<string, { readonly labels: Labels; readonly items: T[] }>();
  for (const item of items) {
    const labels = group(item.labels);
    const key = signature(labels);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { labels, items: [item] });
    else known.items.push(item);
  }
  return [...groups.values()];
}

type Bucket = { readonly bound: number; readonly count: number };

/** Linear within the bucket that holds the rank; the upper bound of the last finite one beyond that. */
export function quantileOf(quantile: number, unsorted: readonly Bucket[]): number {
  const buckets = unsorted.toSorted((a, b) => a.bound - b.bound);
  const last = buckets.at(-1);
  if (Number.isNaN(quantile) || last === undefined || last.bound !== Number.POSITIVE_INFINITY || buckets.length < 2 || last.count === 0) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const rank = quantile * last.count;
  const index = buckets.findIndex((bucket) => bucket.count >= rank);
  if (index === buckets.length - 1) return buckets.at(-2)?.bound ?? Number.NaN;
  const bucket = buckets[index];
  if (bucket === undefined) return Number.NaN;
  const before = buckets[index - 1];
  if (before === undefined && bucket.bound <= 0) return bucket.bound;
  const start = before?.bound ?? 0;
  const below = before?.count ?? 0;
  return start + ((bucket.bound - start) * (rank - below)) / (bucket.count - below);
}

const RANGE_FUNCTIONS = { rate: extrapolated, increase: extrapolated, irate: instantRate } as const;

function rangeValue(name: keyof typeof RANGE_FUNCTIONS, samples: readonly Sample[], windowMs: number, now: Instant): number | undefined {
  const change = RANGE_FUNCTIONS[name](samples, now - windowMs, now);
  if (change === undefined) return undefined;
  return name === 'rate' ? change / (windowMs / 1000) : change;
}

function oneToOne(expression: Expression & { readonly type: 'binary' }, left: readonly Point[], right: readonly Point[]): Point[] {
  const { operator, matching } = expression;
  const key = (labels: Labels): Labels => (matching === undefined ? without(labels, ['__name__']) : grouped(labels, matching));
  const sides = { right: collect(right, key), left: collect(left, key) };
  for (const [side, groups] of Object.entries(sides)) {
    const doubled = groups.find((group) => group.items.length > 1);
    if (doubled === undefined) continue;
    const [one, other] = doubled.items;
    throw new ExecutionFailure(
      `found duplicate series for the match group {${signature(doubled.labels)}} on the ${side} hand-side of the operation: ` +
        `[{${signature(other?.labels ?? {})}}, {${signature(one?.labels ?? {})}}];many-to-many matching not allowed: matching labels must be unique on one side`,
    );
  }
  const partners = new Map(sides.right.map((group) => [signature(group.labels), group.items[0]]));
  return sides.left.flatMap(({ labels, items }) => {
    const partner = partners.get(signature(labels));
    const [point] = items;
    return point === undefined || partner === undefined
      ? []
      : combine(operator, expression.bool, point, partner.value, matching === undefined ? undefined : labels);
  });
}

/** A comparison keeps the left point or drops it; arithmetic and `bool` give a new value without the name. */
function combine(operator: Operator, bool: boolean, left: Point, right: number, matched: Labels | undefined): Point[] {
  const value = arithmetic(operator, left.value, right);
  if (COMPARISON.has(operator) && !bool) return value === 1 ? [matched === undefined ? left : { labels: matched, value: left.value }] : [];
  return [{ labels: matched ?? without(left.labels, ['__name__']), value }];
}

function binary(expression: Expression & { readonly type: 'binary' }, left: PromqlValue, right: PromqlValue): PromqlValue {
  const { operator, bool } = expression;
  if (left.type === 'scalar' && right.type === 'scalar') return { type: 'scalar', value: arithmetic(operator, left.value, right.value) };
  if (left.type === 'vector' && right.type === 'vector') return { type: 'vector', points: oneToOne(expression, left.points, right.points) };
  if (left.type === 'vector' && right.type === 'scalar')
    return { type: 'vector', points: left.points.flatMap((point) => combine(operator, bool, point, right.value, undefined)) };
  if (left.type === 'scalar' && right.type === 'vector') {
    return {
      type: 'vector',
      points: right.points.flatMap((point): Point[] => {
        const value = arithmetic(operator, left.value, point.value);
        if (COMPARISON.has(operator) && !bool) return value === 1 ? [point] : [];
        return [{ labels: without(point.labels, ['__name__']), value }];
      }),
    };
  }
  throw new ExecutionFailure('binary expression must contain only scalar and instant vector types');
}

const pointsOf = (value: PromqlValue): readonly Point[] => (value.type === 'vector' ? value.points : []);

const scalarOf = (value: PromqlValue): number => (value.type === 'scalar' ? value.value : Number.NaN);

function quantiles(quantile: number, points: readonly Point[]): Point[] {
  const buckets = points.filter((point) => point.labels['le'] !== undefined);
  return collect(buckets, (labels) => without(labels, ['__name__', 'le'])).map(({ labels, items }) => ({
    labels,
    value: quantileOf(
      quantile,
      items.map((point) => ({ bound: point.labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(point.labels['le']), count: point.value })),
    ),
  }));
}

function evaluateAt(expression: Expression, store: SeriesStore, now: Instant): PromqlValue {
  const at = (inner: Expression): PromqlValue => evaluateAt(inner, store, now);
  switch (expression.type) {
    case 'number':
    case 'string':
      return expression.type === 'number' ? { type: 'scalar', value: expression.value } : { type: 'string', value: expression.value };
    case 'selector':
      return {
        type: 'vector',
        points: select(store, expression.matchers, now - LOOKBACK_MS, now).map(({ labels, samples }) => ({
          labels,
          value: samples.at(-1)?.value ?? Number.NaN,
        })),
      };
    case 'range':
      return { type: 'matrix', series: select(store, expression.selector.matchers, now - expression.windowMs, now) };
    case 'range-function': {
      const { name, range } = expression;
      const series = select(store, range.selector.matchers, now - range.windowMs, now);
      return {
        type: 'vector',
        points: series.flatMap(({ labels, samples }) => {
          const value = rangeValue(name, samples, range.windowMs, now);
          return value === undefined ? [] : [{ labels: without(labels, ['__name__']), value }];
        }),
      };
    }
    case 'quantile':
      return { type: 'vector', points: quantiles(scalarOf(at(expression.quantile)), pointsOf(at(expression.buckets))) };
    case 'scalar': {
      const points = pointsOf(at(expression.operand));
      return { type: 'scalar', value: points.length === 1 ? (points[0]?.value ?? Number.NaN) : Number.NaN };
    }
    case 'vector':
      return { type: 'vector', points: [{ labels: {}, value: scalarOf(at(expression.operand)) }] };
    case 'aggregate': {
      const { operation, grouping, operand } = expression;
      return {
        type: 'vector',
        points: collect(pointsOf(at(operand)), (labels) => grouped(labels, grouping)).map(({ labels, items }) => ({
          labels,
          value: aggregate(
            operation,
            items.map((item) => item.value),
          ),
        })),
      };
    }
    case 'negate': {
      const value = at(expression.operand);
      return value.type === 'scalar'
        ? { type: 'scalar', value: -value.value }
        : { type: 'vector', points: pointsOf(value).map((point) => ({ labels: without(point.labels, ['__name__']), value: -point.value })) };
    }
    case 'binary':
      return binary(expression, at(expression.left), at(expression.right));
  }
}

/** The failure is the text of an "execution" error. */
export function evaluatePromql(expression: Expression, store: SeriesStore, now: Instant): Result<PromqlValue, string> {
  try {
    return ok(evaluateAt(expression, store, now));
  } catch (failure) {
    if (failure instanceof ExecutionFailure) return err(failure.message);
    throw failure;
  }
}
