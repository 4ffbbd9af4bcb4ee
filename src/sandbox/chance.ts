// Draws from a few distributions, with the generator as an argument.

import type { Rng } from '../lib/rng.js';

/** Up to here every trial is drawn by itself; beyond, the normal distribution is near enough and its cost does not grow. */
const MOST_TRIALS = 64;

/** How many of `count` trials succeed when each does with probability `share`. */
export function binomial(rng: Rng, count: number, share: number): number {
  if (count <= 0 || share <= 0) return 0;
  if (share >= 1) return count;
  const variance = count * share * (1 - share);
  if (count <= MOST_TRIALS || variance < 9) return trials(rng, count, share);
  return Math.min(count, Math.max(0, Math.round(count * share + Math.sqrt(variance) * normal(rng))));
}

/** Counts successes by the gaps between them, so that rare ones cost little. */
function trials(rng: Rng, count: number, share: number): number {
  if (share > 0.5) return count - trials(rng, count, 1 - share);
  // log1p, because 1 - share is 1 for very small shares, and the gaps would be minus infinity.
  const scale = Math.log1p(-share);
  let successes = 0;
  for (let at = Math.floor(Math.log(1 - rng.next()) / scale); at < count; at += 1 + Math.floor(Math.log(1 - rng.next()) / scale)) successes += 1;
  return successes;
}

/** Splits a count by weights: the parts add up to it. Weights that sum to nothing give nothing to anyone. */
export function multinomial(rng: Rng, count: number, weights: readonly number[]): readonly number[] {
  let leftWeight = weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  let left = leftWeight > 0 ? count : 0;
  return weights.map((weight) => {
    const part = weight >= leftWeight ? left : binomial(rng, left, Math.max(0, weight) / leftWeight);
    left -= part;
    leftWeight -= Math.max(0, weight);
    return part;
  });
}

/** From the standard normal distribution. */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

/** A whole number near `value`, which is hit on average. */
export function stochasticRound(rng: Rng, value: number): number {
  return Math.floor(value) + (rng.next() < value - Math.floor(value) ? 1 : 0);
}

/** An index, each with the probability of its weight; undefined when all weights are nought. */
export function pick(rng: Rng, weights: readonly number[]): number | undefined {
  let left = rng.next() * weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  for (const [index, weight] of weights.entries()) {
    if (weight > 0 && left < weight) return index;
    left -= Math.max(0, weight);
  }
  const last = weights.findLastIndex((weight) => weight > 0);
  return last < 0 ? undefined : last;
}
