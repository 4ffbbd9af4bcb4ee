// Counters over time, as a Prometheus that scrapes once a tick would hold them: every series is a label set and its
// cumulative values at the scrapes of the last minutes.

import type { Instant } from '../../lib/instant.js';

export type Labels = Readonly<Record<string, string>>;

export type Sample = { readonly at: Instant; readonly value: number };

export type Series = { readonly labels: Labels; readonly samples: readonly Sample[] };

/** Ten minutes at one scrape a second: twice the longest window of the demos. */
export const MOST_SAMPLES = 600;

/** A mesh of a few demos has some hundreds of series; more than this is a runaway label. */
export const MOST_SERIES = 20_000;

export type Matcher = { readonly name: string; matches(value: string): boolean };

export interface SeriesStore {
  /** Adds to a counter; the new value is seen from the next scrape on. `labels` holds the name under `__name__`. */
  add(labels: Labels, delta: number): void;
  /** Takes one sample of every counter. */
  scrape(at: Instant): void;
  /** The series that match all, with their samples in (from, to], oldest first. */
  select(matchers: readonly Matcher[], from: Instant, to: Instant): Series[];
  /** The current values, for the text exposition. */
  current(): { readonly labels: Labels; readonly value: number }[];
}

/** Values at the scrapes since `firstScrape`, counted from the store's beginning: plain numbers, for there are many. */
type Counter = { readonly labels: Labels; value: number; firstScrape: number; readonly values: number[] };

const keyOf = (labels: Labels): string =>
  Object.keys(labels)
    .toSorted()
    .map((name) => `${name}\u0000${labels[name]}`)
    .join('\u0001');

export function createSeriesStore(): SeriesStore {
  const byName = new Map<string, Map<string, Counter>>();
  /** When the scrapes were that are still kept; the first of them has the number `forgotten`. */
  const times: Instant[] = [];
  let forgotten = 0;
  let count = 0;

  const counterOf = (labels: Labels): Counter | undefined => {
    const name = labels['__name__'] ?? '';
    const family = byName.get(name) ?? new Map<string, Counter>();
    byName.set(name, family);
    const key = keyOf(labels);
    const known = family.get(key);
    if (known !== undefined || count >= MOST_SERIES) return known;
    const counter: Counter = { labels, value: 0, firstScrape: forgotten + times.length, values: [] };
    family.set(key, counter);
    count += 1;
    return counter;
  };

  const all = function* (): Generator<Counter> {
    for (const family of byName.values()) yield* family.values();
  };

  const candidates = (matchers: readonly Matcher[]): Counter[] => {
    const named = matchers.find((matcher) => matcher.name === '__name__');
    return [...byName].filter(([name]) => named === undefined || named.matches(name)).flatMap(([, family]) => [...family.values()]);
  };

  /** Half of what is kept goes at once, so that it is seldom done. */
  const forget = (): void => {
    if (times.length < MOST_SAMPLES * 2) return;
    times.splice(0, MOST_SAMPLES);
    forgotten += MOST_SAMPLES;
    for (const counter of all()) {
      counter.values.splice(0, Math.max(0, forgotten - counter.firstScrape));
      counter.firstScrape = Math.max(counter.firstScrape, forgotten);
    }
  };

  const samplesOf = (counter: Counter, from: Instant, to: Instant): Sample[] => {
    const samples: Sample[] = [];
    for (let index = counter.values.length - 1; index >= 0; index -= 1) {
      const at = times[counter.firstScrape - forgotten + index] ?? 0;
      if (at <= from) break;
      if (at <= to) samples.push({ at, value: counter.values[index] ?? 0 });
    }
    return samples.reverse();
  };

  return {
    add(labels, delta) {
      const counter = counterOf(labels);
      if (counter !== undefined) counter.value += delta;
    },
    scrape(at) {
      forget();
      times.push(at);
      for (const counter of all()) counter.values.push(counter.value);
    },
    select(matchers, from, to) {
      return candidates(matchers)
        .filter((counter) => matchers.every((matcher) => matcher.matches(counter.labels[matcher.name] ?? '')))
        .map((counter) => ({ labels: counter.labels, samples: samplesOf(counter, from, to) }))
        .filter((series) => series.samples.length > 0);
    },
    current: () => [...all()].map(({ labels, value }) => ({ labels, value })),
  };
}
