// How much a counter grew in a window: as Prometheus extrapolates it, and from its last two samples.

import type { Instant } from '../../lib/instant.js';
import type { Sample } from '../metrics/series-store.js';

/** A gap at the window's edge up to this many sample intervals is taken to have been filled. */
const EXTRAPOLATION_THRESHOLD = 1.1;

/** The growth over the whole window; undefined with fewer than two samples. A fall is a restart from 0. */
export function extrapolated(samples: readonly Sample[], from: Instant, to: Instant): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2) return undefined;
  let growth = last.value - first.value;
  for (let i = 1; i < samples.length; i += 1) {
    const before = samples[i - 1]?.value ?? 0;
    if ((samples[i]?.value ?? 0) < before) growth += before;
  }
  const sampledMs = last.at - first.at;
  const intervalMs = sampledMs / (samples.length - 1);
  // A counter can not have been below 0: the line through the samples is not drawn further back than that.
  const toZeroMs = growth > 0 && first.value >= 0 ? sampledMs * (first.value / growth) : Number.POSITIVE_INFINITY;
  const startMs = Math.min(first.at - from, toZeroMs);
  const endMs = to - last.at;
  const reach = (gapMs: number): number => (gapMs < intervalMs * EXTRAPOLATION_THRESHOLD ? gapMs : intervalMs / 2);
  return growth * ((sampledMs + reach(startMs) + reach(endMs)) / sampledMs);
}

/** Per second, between the last two samples. */
export function instantRate(samples: readonly Sample[]): number | undefined {
  const last = samples.at(-1);
  const before = samples.at(-2);
  if (last === undefined || before === undefined || last.at === before.at) return undefined;
  const growth = last.value < before.value ? last.value : last.value - before.value;
  return growth / ((last.at - before.at) / 1000);
}
