// The scale of a chart: wide enough for all values and for the limit, with a little air, so that a level line does not
// look like a fall and the limit is always on it.

import { latestValue, type MetricSeries } from './metric-series.js';

export type ChartRange = { readonly minimum: number; readonly maximum: number };

const AIR = 0.08;

export function chartRange(series: readonly MetricSeries[]): ChartRange {
  const values = series.flatMap(({ points, limit }) => [...points.map(({ value }) => value), limit?.value]).filter((value) => value !== undefined);
  if (values.length === 0) return { minimum: 0, maximum: 1 };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const spread = high - low;
  const air = spread === 0 ? Math.abs(high) * AIR || 1 : spread * AIR;
  // A quantity that is never negative has no scale below zero.
  const minimum = low >= 0 ? Math.max(0, low - air) : low - air;
  return { minimum, maximum: high + air };
}

/** True when the newest value is on the wrong side of the limit. */
export function breaksLimit(series: MetricSeries): boolean {
  const value = latestValue(series);
  const { limit } = series;
  if (value === undefined || limit === undefined) return false;
  switch (limit.comparison) {
    case '>=':
      return value < limit.value;
    case '>':
      return value <= limit.value;
    case '<=':
      return value > limit.value;
    case '<':
      return value >= limit.value;
  }
}
