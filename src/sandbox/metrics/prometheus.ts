// The HTTP API of a Prometheus over the sandbox's series: queries, ranges, labels, and its own /metrics.

import { formatTime, type Instant, parseTime } from '../../lib/instant.js';
import { parseGoDuration } from '../../lib/go-duration.js';
import { err, ok, type Result } from '../../lib/result.js';
import { evaluatePromql, matcherOf, type PromqlValue } from '../promql/evaluate.js';
import { type Expression, valueType } from '../promql/expression.js';
import { parsePromql } from '../promql/parse.js';
import { type EndAnswer, type EndRequest, jsonAnswer, textAnswer } from './http-answer.js';
import { numberText, scalarText, secondsText } from './number-text.js';
import type { Labels, Series, SeriesStore } from './series-store.js';

const MOST_POINTS = 11_000;

type Failure = { readonly status: number; readonly errorType: string; readonly error: string };

const badData = (error: string): Failure => ({ status: 400, errorType: 'bad_data', error });

const invalid = (parameter: string, error: string): Failure => badData(`invalid parameter "${parameter}": ${error}`);

const failureAnswer = (failure: Failure): EndAnswer =>
  jsonAnswer(failure.status, JSON.stringify({ status: 'error', errorType: failure.errorType, error: failure.error }));

const success = (data: string): EndAnswer => jsonAnswer(200, `{"status":"success","data":${data}}`);

function parseInstant(parameter: string, text: string | undefined, fallback: Instant): Result<Instant, Failure> {
  if (text === undefined || text === '') return ok(fallback);
  const seconds = Number(text);
  const at = Number.isFinite(seconds) ? seconds * 1000 : parseTime(text);
  const shown = parameter === 'time' ? `Invalid time value for 'time': ` : '';
  return at === undefined ? err(invalid(parameter, `${shown}cannot parse ${JSON.stringify(text)} to a valid timestamp`)) : ok(at);
}

function parseSpan(parameter: string, text: string | undefined): Result<number, Failure> {
  const seconds = Number(text);
  const ms = text !== undefined && text !== '' && Number.isFinite(seconds) ? seconds * 1000 : parseGoDuration(text ?? '');
  return ms === undefined ? err(invalid(parameter, `cannot parse ${JSON.stringify(text ?? '')} to a valid duration`)) : ok(ms);
}

function parseQuery(text: string | undefined): Result<Expression, Failure> {
  const parsed = parsePromql(text ?? '');
  return parsed.ok ? parsed : err(invalid('query', parsed.error));
}

const pair = (at: Instant, value: string): string => `[${secondsText(at)},"${value}"]`;

function valueJson(value: PromqlValue, at: Instant): string {
  switch (value.type) {
    case 'scalar':
      return `{"resultType":"scalar","result":${pair(at, scalarText(value.value))}}`;
    case 'string':
      return `{"resultType":"string","result":[${secondsText(at)},${JSON.stringify(value.value)}]}`;
    case 'vector':
      return `{"resultType":"vector","result":[${value.points.map((point) => `{"metric":${labelsJson(point.labels)},"value":${pair(at, numberText(point.value))}}`).join(',')}]}`;
    case 'matrix':
      return `{"resultType":"matrix","result":[${value.series.map(seriesJson).join(',')}]}`;
  }
}

function seriesJson({ labels, samples }: Series): string {
  return `{"metric":${labelsJson(labels)},"values":[${samples.map((sample) => pair(sample.at, numberText(sample.value))).join(',')}]}`;
}

function labelsJson(labels: Labels): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function query(store: SeriesStore, parameters: EndRequest['parameters'], now: Instant): EndAnswer {
  const at = parseInstant('time', parameters['time'], now);
  if (!at.ok) return failureAnswer(at.error);
  if (parameters['timeout'] !== undefined) {
    const timeout = parseSpan('timeout', parameters['timeout']);
    if (!timeout.ok) return failureAnswer(timeout.error);
  }
  const expression = parseQuery(parameters['query']);
  if (!expression.ok) return failureAnswer(expression.error);
  const value = evaluatePromql(expression.value, store, at.value);
  return value.ok ? success(valueJson(value.value, at.value)) : failureAnswer({ status: 422, errorType: 'execution', error: value.error });
}

type Range = { readonly start: Instant; readonly end: Instant; readonly stepMs: number };

function parseRange(parameters: EndRequest['parameters']): Result<Range, Failure> {
  const start = parseInstant('start', parameters['start'] ?? 'nothing', 0);
  if (!start.ok) return start;
  const end = parseInstant('end', parameters['end'] ?? 'nothing', 0);
  if (!end.ok) return end;
  if (end.value < start.value) return err(invalid('end', 'end timestamp must not be before start time'));
  const step = parseSpan('step', parameters['step']);
  if (!step.ok) return step;
  if (step.value <= 0) return err(invalid('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer'));
  if ((end.value - start.value) / step.value > MOST_POINTS)
    return err(badData('exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)'));
  return ok({ start: start.value, end: end.value, stepMs: step.value });
}

function queryRange(store: SeriesStore, parameters: EndRequest['parameters']): EndAnswer {
  const range = parseRange(parameters);
  if (!range.ok) return failureAnswer(range.error);
  const expression = parseQuery(parameters['query']);
  if (!expression.ok) return failureAnswer(expression.error);
  const type = valueType(expression.value);
  if (type === 'range vector' || type === 'string')
    return failureAnswer(badData(`invalid expression type "${type}" for range query, must be Scalar or instant Vector`));
  const lines = new Map<string, { readonly labels: Labels; readonly samples: { readonly at: Instant; readonly value: number }[] }>();
  for (let at = range.value.start; at <= range.value.end; at += range.value.stepMs) {
    const value = evaluatePromql(expression.value, store, at);
    if (!value.ok) return failureAnswer({ status: 422, errorType: 'execution', error: value.error });
    const points = value.value.type === 'vector' ? value.value.points : value.value.type === 'scalar' ? [{ labels: {}, value: value.value.value }] : [];
    for (const point of points) {
      const key = labelsJson(point.labels);
      const line = lines.get(key) ?? { labels: point.labels, samples: [] };
      lines.set(key, line);
      line.samples.push({ at, value: point.value });
    }
  }
  return success(valueJson({ type: 'matrix', series: [...lines.values()] }, 0));
}

/** The label sets of `match[]`, or all. */
function labelSets(store: SeriesStore, parameters: EndRequest['parameters'], now: Instant): Result<readonly Labels[], Failure> {
  const match = parameters['match[]'];
  if (match === undefined) return ok(store.current().map(({ labels }) => labels));
  const expression = parsePromql(match);
  if (!expression.ok) return err(invalid('match[]', expression.error));
  if (expression.value.type !== 'selector') return err(invalid('match[]', 'only series selectors are allowed here'));
  return ok(store.select(expression.value.matchers.map(matcherOf), Number.NEGATIVE_INFINITY, now).map(({ labels }) => labels));
}

function listing(store: SeriesStore, parameters: EndRequest['parameters'], now: Instant, toTexts: (sets: readonly Labels[]) => string): EndAnswer {
  const sets = labelSets(store, parameters, now);
  return sets.ok ? success(toTexts(sets.value)) : failureAnswer(sets.error);
}

const uniqueJson = (texts: readonly string[]): string => JSON.stringify([...new Set(texts)].toSorted());

function exposition(store: SeriesStore): string {
  const lines = store.current().map(({ labels, value }) => {
    const { __name__: name = '', ...rest } = labels;
    const inner = Object.entries(rest)
      .map(([label, text]) => `${label}=${JSON.stringify(text)}`)
      .join(',');
    return { name, line: `${name}${inner === '' ? '' : `{${inner}}`} ${numberText(value)}` };
  });
  const families = groupByName(lines);
  return `${[...families].map(([name, members]) => `# TYPE ${name} counter\n${members.map(({ line }) => line).join('\n')}`).join('\n')}\n`;
}

function groupByName<T extends { readonly name: string }>(lines: readonly T[]): Map<string, T[]> {
  const families = new Map<string, T[]>();
  for (const line of lines) families.set(line.name, [...(families.get(line.name) ?? []), line]);
  return families;
}

const READ_METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'OPTIONS']);

/** Answers any request to the sandbox's Prometheus. */
export function answerPrometheus(store: SeriesStore, request: EndRequest, now: Instant): EndAnswer {
  const { path, parameters } = request;
  if (!READ_METHODS.has(request.method)) return textAnswer(405, 'Method Not Allowed\n', { allow: 'GET, OPTIONS, POST' });
  const values = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path);
  if (values !== null) return listing(store, parameters, now, (sets) => uniqueJson(sets.flatMap((labels) => labels[values[1] ?? ''] ?? [])));
  switch (path) {
    case '/api/v1/query':
      return query(store, parameters, now);
    case '/api/v1/query_range':
      return queryRange(store, parameters);
    case '/api/v1/series':
      if (parameters['match[]'] === undefined) return failureAnswer(badData('no match[] parameter provided'));
      return listing(store, parameters, now, (sets) => `[${sets.map(labelsJson).join(',')}]`);
    case '/api/v1/labels':
      return listing(store, parameters, now, (sets) => uniqueJson(sets.flatMap((labels) => Object.keys(labels))));
    case '/metrics':
      return { status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: exposition(store) };
    case '/-/ready':
      return textAnswer(200, 'Prometheus Server is Ready.\n');
    case '/-/healthy':
      return textAnswer(200, 'Prometheus Server is Healthy.\n');
    case '/api/v1/status/buildinfo':
      return success(JSON.stringify({ version: '2.42.0+sluice-sandbox', revision: '', branch: '', buildUser: '', buildDate: formatTime(now), goVersion: '' }));
    default:
      return textAnswer(404, '404 page not found\n');
  }
}
