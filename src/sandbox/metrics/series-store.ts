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

type Counter = { readonly labels: Labels; value: number; readonly samples: Sample[] };

const keyOf = (labels: Labels): string =>
  Object.keys(labels)
    .toSorted()
    .map((name) => `${name}\u0000${labels[name]}`)
    .join('\u0001');

export function createSeriesStore(): SeriesStore {
  const byName = new Map<string, Map<string, Counter>>();
  let count = 0;

  const counterOf = (labels: Labels): Counter | undefined => {
    const name = labels['__name__'] ?? '';
    const family = byName.get(name) ?? new Map<string, Counter>();
    byName.set(name, family);
    const key = keyOf(labels);
    const known = family.get(key);
    if (known !== undefined || count >= MOST_SERIES) return known;
    const counter: Counter = { labels, value: 0, samples: [] };
    family.set(key, counter);
    count += 1;
    return counter;
  };

  const candidates = (matchers: readonly Matcher[]): Counter[] => {
    const named = matchers.find((matcher) => matcher.name === '__name__');
    return [...byName].filter(([name]) => named === undefined || named.matches(name)).flatMap(([, family]) => [...family.values()]);
  };

  return {
    add(labels, delta) {
      const counter = counterOf(labels);
      if (counter !== undefined) counter.value += delta;
    },
    scrape(at) {
      for (const family of byName.values()) {
        for (const counter of family.values()) {
          counter.samples.push({ at, value: counter.value });
          if (counter.samples.length > MOST_SAMPLES * 2) counter.samples.splice(0, counter.samples.length - MOST_SAMPLES);
        }
      }
    },
    select(matchers, from, to) {
      return candidates(matchers)
        .filter((counter) => matchers.every((matcher) => matcher.matches(counter.labels[matcher.name] ?? '')))
        .map((counter) => ({ labels: counter.labels, samples: within(counter.samples, from, to) }))
        .filter((series) => series.samples.length > 0);
    },
    current: () => [...byName.values()].flatMap((family) => [...family.values()].map(({ labels, value }) => ({ labels, value }))),
  };
}

function within(samples: readonly Sample[], from: Instant, to: Instant): readonly Sample[] {
  let start = samples.length;
  while (start > 0 && (samples[start - 1]?.at ?? 0) > from) start -= 1;
  let end = samples.length;
  while (end > start && (samples[end - 1]?.at ?? 0) > to) end -= 1;
  return samples.slice(start, end);
}
