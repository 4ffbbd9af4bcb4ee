// How long requests take: a log-normal distribution, as counts in the buckets of a histogram.

import type { Rng } from '../lib/rng.js';
import { multinomial } from './chance.js';
import { LATENCY_BOUNDS_MS } from './request-batch.js';

/** Half of a healthy version's requests are faster than this. */
export const MEDIAN_MS = 30;
/** The spread of the logarithm: one request in a hundred takes about four times the median. */
const SPREAD = 0.6;

/** An error of a gateway without a backend is quick. */
export const NO_BACKEND_MS = 0.4;

export type LatencyDraw = { readonly counts: readonly number[]; readonly sumMs: number };

/** `count` requests of a version that is `factor` times as slow as a healthy one. */
export function drawLatencies(rng: Rng, count: number, factor: number): LatencyDraw {
  const median = MEDIAN_MS * Math.max(factor, 1e-3);
  const shares = bucketShares(median);
  const counts = multinomial(rng, count, shares);
  const sumMs = counts.reduce((sum, inBucket, index) => sum + inBucket * middleOf(index, median), 0);
  return { counts, sumMs };
}

/** All in the bucket of one duration. */
export function fixedLatencies(count: number, durationMs: number): LatencyDraw {
  const index = LATENCY_BOUNDS_MS.findIndex((bound) => durationMs <= bound);
  const at = index < 0 ? LATENCY_BOUNDS_MS.length : index;
  return { counts: [...LATENCY_BOUNDS_MS, 0].map((_, bucket) => (bucket === at ? count : 0)), sumMs: count * durationMs };
}

export function addLatencies(a: LatencyDraw, b: LatencyDraw): LatencyDraw {
  return { counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)), sumMs: a.sumMs + b.sumMs };
}

function bucketShares(medianMs: number): readonly number[] {
  const below = LATENCY_BOUNDS_MS.map((bound) => normalShare(Math.log(bound / medianMs) / SPREAD));
  return [...below, 1].map((share, index) => share - (index === 0 ? 0 : (below[index - 1] ?? 0)));
}

/** What a request of that bucket took, about: the geometric middle, drawn towards the median in the open buckets at the ends. */
function middleOf(index: number, medianMs: number): number {
  const low = index === 0 ? (LATENCY_BOUNDS_MS[0] ?? 1) / 2 : (LATENCY_BOUNDS_MS[index - 1] ?? 1);
  const high = LATENCY_BOUNDS_MS[index] ?? Math.max(low * 1.5, medianMs);
  return Math.sqrt(low * high);
}

/** The share of a standard normal distribution below `z`, to within 1e-7 (a classical rational approximation). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail = 0.3989422804014327 * Math.exp((-z * z) / 2) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}
