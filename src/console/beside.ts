// What was measured of the canary beside what was measured of its baseline.

import { breaksLimit, chartRange } from './chart-range.js';
import type { Glyphs } from './glyphs.js';
import { formatNumber, latestPoint, type MetricPoint, type MetricSeries } from './metric-series.js';
import type { Pair } from './paragraphs.js';
import { limitText } from './reason-analysis.js';
import { oppositeSides, type Side, type Sides } from './sides.js';
import { sparkline } from './spans.js';

/** Values that were measured further apart say nothing of each other. */
const MOST_APART_MS = 120_000;

export type Beside = { readonly canary: MetricSeries; readonly baseline: MetricSeries; readonly side: Side };

/** The two that `one` belongs to; of several that fit, one of the same run, or else the newest. */
export function besideOf(one: MetricSeries, all: readonly MetricSeries[], sides: Sides): Beside | undefined {
  const found = all.flatMap((other) => {
    const opposite = other === one ? undefined : oppositeSides(one.asked, other.asked, sides);
    return opposite === undefined ? [] : [{ other, opposite }];
  });
  const best = found.find(({ other }) => other.run === one.run) ?? found.at(-1);
  if (best === undefined) return undefined;
  const [own, theirs] = best.opposite;
  return own === 'canary' ? { canary: one, baseline: best.other, side: theirs } : { canary: best.other, baseline: one, side: own };
}

/** All pairs, in the order of their canaries. */
export function allBeside(all: readonly MetricSeries[], sides: Sides): readonly Beside[] {
  return all.flatMap((one) => {
    const pair = besideOf(one, all, sides);
    return pair?.canary === one ? [pair] : [];
  });
}

/** What the baseline measured nearest to each point of the canary; undefined where that is too far away. */
export function baselineValues({ canary, baseline }: Beside): readonly (number | undefined)[] {
  const known = baseline.points.filter(({ at, value }) => at !== undefined && value !== undefined);
  return canary.points.map(({ at }) => {
    if (at === undefined) return undefined;
    const apart = (other: MetricPoint): number => Math.abs((other.at ?? 0) - at);
    const nearest = known.toSorted((one, other) => apart(one) - apart(other))[0];
    return nearest === undefined || apart(nearest) > MOST_APART_MS ? undefined : nearest.value;
  });
}

/** "0.041 below stable": by the canary's newest value and the baseline's at that time. Undefined without both. */
export function differenceText(beside: Beside): string | undefined {
  const newest = latestPoint(beside.canary);
  const against = newest === undefined ? undefined : baselineValues(beside)[beside.canary.points.indexOf(newest)];
  if (newest?.value === undefined || against === undefined) return undefined;
  const difference = newest.value - against;
  return difference === 0 ? `level with ${beside.side}` : `${formatNumber(Math.abs(difference))} ${difference > 0 ? 'above' : 'below'} ${beside.side}`;
}

const SPARK = 30;

const named = ({ name }: MetricSeries, side: Side): string => (name.toLowerCase().includes(side) ? name : `${name} (${side})`);

/** A line for each of the two, on one scale, and how far they are apart. */
export function besidePairs(glyphs: Glyphs, found: readonly Beside[]): readonly Pair[] {
  return found.flatMap((beside) => {
    const { canary, baseline, side } = beside;
    const range = chartRange([canary, baseline]);
    const line = (values: readonly (number | undefined)[]): string => {
      const latest = values.findLast((value) => value !== undefined);
      return latest === undefined ? 'no numbers' : `${sparkline(glyphs, values, Math.min(SPARK, values.length), range)}  ${formatNumber(latest)}`;
    };
    const limit = canary.limit === undefined ? '' : `, ${limitText(canary.limit, glyphs.atLeast, glyphs.atMost)} wanted`;
    const difference = differenceText(beside);
    return [
      { label: named(canary, 'canary'), text: `${line(canary.points.map(({ value }) => value))}${limit}`, style: breaksLimit(canary) ? 'bad' : 'canary' },
      { label: named(baseline, side), text: line(baselineValues(beside)), style: 'stable' },
      { label: '', text: difference === undefined ? 'nothing was measured of both at the same time' : `the canary is ${difference}` },
    ];
  });
}
