// The measurements of a rollout's current analysis, one series for each metric, oldest first.

import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';
import { remember } from '../lib/remember.js';
import { type Limit, measuredNumber, readLimit } from './metric-limit.js';
import { flagAt, listAt, numberAt, textAt, timeAt } from './read.js';

/** A series keeps its newest points only. */
const MOST_POINTS = 120;

export type MetricPoint = { readonly at: Instant | undefined; readonly value: number | undefined; readonly phase: string };

export type MetricSeries = {
  readonly name: string;
  /** The newest run that measures it. */
  readonly run: string;
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
};

function readMetric(run: KubeObject, metric: unknown): MetricSeries {
  const name = textAt(metric, 'name') ?? '';
  const result = listAt(run, 'status', 'metricResults').find((each) => textAt(each, 'name') === name);
  const limit = readLimit(textAt(metric, 'successCondition'), textAt(metric, 'failureCondition'));
  const measurements = listAt(result, 'measurements').slice(-MOST_POINTS);
  return {
    name,
    run: run.metadata.name,
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
  };
}

function join(older: MetricSeries, newer: MetricSeries): MetricSeries {
  return {
    ...newer,
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
export function readSeries(runs: readonly KubeObject[]): readonly MetricSeries[] {
  const found = new Map<string, MetricSeries>();
  for (const run of runs) {
    for (const series of seriesOf(run)) {
      const older = found.get(series.name);
      found.set(series.name, older === undefined ? series : join(older, series));
    }
  }
  return [...found.values()];
}

/** "0.913", "99.1", "9962": three significant digits, whole numbers whole. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return String(Math.round(value));
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}

/** The newest point with a number. */
export function latestValue(series: MetricSeries): number | undefined {
  return series.points.findLast(({ value }) => value !== undefined)?.value;
}
