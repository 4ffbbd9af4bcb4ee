// The measurements of a rollout's current analysis, one series for each metric, oldest first; what is measured of the canary
// and of its baseline under one name are two.

import { assessMetric } from '../decide/analysis/assess.js';
import { isCompleted, type MetricResult } from '../kinds/analysis-run.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL } from '../kinds/labels.js';
import type { Metric } from '../kinds/metric.js';
import { isRecord } from '../lib/deep.js';
import type { Instant } from '../lib/instant.js';
import { remember } from '../lib/remember.js';
import { type Limit, measuredNumber, readLimit } from './metric-limit.js';
import { at, flagAt, hasAt, listAt, numberAt, textAt, timeAt } from '../lib/read.js';
import { NO_HASHES, oppositeSides, type Sides } from './sides.js';

/** A series keeps its newest points only. */
const MOST_POINTS = 120;

export type MetricPoint = { readonly at: Instant | undefined; readonly value: number | undefined; readonly phase: string };

export type MetricSeries = {
  readonly name: string;
  /** The newest run that measures it. */
  readonly run: string;
  /** Its source and query, with the run's arguments filled in. */
  readonly asked: string;
  readonly phase: string;
  readonly points: readonly MetricPoint[];
  readonly limit: Limit | undefined;
  /** Over all runs of this series. */
  readonly passed: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly errors: number;
  readonly dryRun: boolean;
  /** Of the newest measurement that has one. */
  readonly message: string | undefined;
  /** Its run was told to end before it had measured enough; `endless`: nothing else would ever have ended it. */
  readonly cut: 'counted' | 'endless' | undefined;
  /** Pod hash of the revision that its run is of. */
  readonly hash: string | undefined;
};

/** What the engine writes of a run that was told to end. */
const CUT_SHORT = 'Run Terminated';

/** The phase says Successful either way: whether the measurements alone would have made it so. */
function cutOf(run: KubeObject, metric: unknown, result: unknown): MetricSeries['cut'] {
  if (textAt(run, 'status', 'message') !== CUT_SHORT && !flagAt(run, 'spec', 'terminate')) return undefined;
  // What the engine asks of both is checked here: a server may have stored anything under these names.
  const measured = isRecord(result)
    ? ({ ...result, measurements: listAt(result, 'measurements').filter(isRecord), phase: 'Running' } as unknown as MetricResult)
    : undefined;
  if (measured !== undefined && isCompleted(assessMetric(metric as Metric, measured, false))) return undefined;
  return hasAt(metric, 'interval') && !hasAt(metric, 'count') ? 'endless' : 'counted';
}

/** Arguments that say a side by their name are left: their value may be a hash that nobody else knows. */
function askedOf(run: KubeObject, metric: unknown): string {
  const values = new Map(listAt(run, 'spec', 'args').map((arg) => [textAt(arg, 'name'), textAt(arg, 'value')]));
  const text = JSON.stringify(at(metric, 'provider') ?? null);
  return text.replace(/\{\{\s*args\.([\w.-]+)\s*\}\}/g, (whole, name: string) => (/canary|stable|baseline/i.test(name) ? whole : (values.get(name) ?? whole)));
}

function readMetric(run: KubeObject, metric: unknown): MetricSeries {
  const name = textAt(metric, 'name') ?? '';
  const result = listAt(run, 'status', 'metricResults').find((each) => textAt(each, 'name') === name);
  const limit = readLimit(textAt(metric, 'successCondition'), textAt(metric, 'failureCondition'));
  const measurements = listAt(result, 'measurements').slice(-MOST_POINTS);
  return {
    name,
    run: run.metadata.name,
    asked: askedOf(run, metric),
    phase: textAt(result, 'phase') ?? 'Pending',
    points: measurements.map((measurement) => ({
      at: timeAt(measurement, 'finishedAt') ?? timeAt(measurement, 'startedAt'),
      value: measuredNumber(textAt(measurement, 'value') ?? '', limit),
      phase: textAt(measurement, 'phase') ?? '',
    })),
    limit,
    passed: numberAt(result, 'successful') ?? 0,
    failed: numberAt(result, 'failed') ?? 0,
    inconclusive: numberAt(result, 'inconclusive') ?? 0,
    errors: numberAt(result, 'error') ?? 0,
    dryRun: flagAt(result, 'dryRun'),
    message: textAt(measurements.at(-1), 'message') ?? textAt(result, 'message'),
    cut: cutOf(run, metric, result),
    hash: run.metadata.labels?.[HASH_LABEL],
  };
}

function join(older: MetricSeries, newer: MetricSeries): MetricSeries {
  return {
    ...newer,
    name: older.name,
    points: [...older.points, ...newer.points].slice(-MOST_POINTS),
    passed: older.passed + newer.passed,
    failed: older.failed + newer.failed,
    inconclusive: older.inconclusive + newer.inconclusive,
    errors: older.errors + newer.errors,
    message: newer.message ?? older.message,
  };
}

/** One for each metric; every frame asks for those of its lines. */
const seriesOf = remember((run: KubeObject) => listAt(run, 'spec', 'metrics').map((metric) => readMetric(run, metric)));

/** `runs` oldest first. Series keep the order in which their metrics first appear. */
export function readSeries(runs: readonly KubeObject[], sides: Sides = NO_HASHES): readonly MetricSeries[] {
  const found: MetricSeries[] = [];
  const places = new Map<string, number[]>();
  for (const series of runs.flatMap(seriesOf)) {
    const named = places.get(series.name) ?? [];
    const opposite = named.map((place) => oppositeSides((found[place] ?? series).asked, series.asked, sides));
    const same = named.find((_, number) => opposite[number] === undefined);
    const [first] = named;
    if (same !== undefined) found[same] = join(found[same] ?? series, series);
    else {
      places.set(series.name, [...named, found.length]);
      const [theirs, own] = opposite[0] ?? [];
      if (first !== undefined && theirs !== undefined) found[first] = { ...(found[first] ?? series), name: `${series.name} ${theirs}` };
      found.push(own === undefined ? series : { ...series, name: `${series.name} ${own}` });
    }
  }
  return found;
}

/** "0.913", "99.1", "9962": three significant digits, whole numbers whole. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return String(Math.round(value));
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}

/** The newest with a number. */
export const latestPoint = ({ points }: MetricSeries): MetricPoint | undefined => points.findLast(({ value }) => value !== undefined);

export const latestValue = (series: MetricSeries): number | undefined => latestPoint(series)?.value;
