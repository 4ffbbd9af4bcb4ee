// What a SkyWalking server would know: requests a service and minute, in the server's own units.

import { calendarParts, type Instant } from '../../lib/instant.js';
import { LATENCY_BOUNDS_MS, type RequestBatch } from '../request-batch.js';

export const MINUTE_MS = 60_000;

/** Older minutes are forgotten; a query may reach back 500 of them. */
const MOST_MINUTES = 500;

/** Up to this a request satisfies; up to four times this it is tolerated. */
const APDEX_THRESHOLD_MS = 500;
const TOLERATED_MS = 2500;

/** The server multiplies shares by this. */
const SHARE_SCALE = 10_000;

const PERCENTILES = [50, 75, 90, 95, 99] as const;

export type Bucket = { total: number; failed: number; satisfied: number; tolerated: number; latencySumMs: number; readonly latencyCounts: number[] };

export interface ApmStore {
  record(batch: RequestBatch): void;
  services(): readonly string[];
  /** The sum of the minutes in [from, to), or undefined when none has data. */
  bucket(service: string, from: Instant, to: Instant): Bucket | undefined;
}

/** subset|service|namespace|cluster|-: as the demo's mesh names its services. */
export function serviceNameOf(batch: RequestBatch): string {
  return `${batch.podLabels['version'] ?? batch.subset ?? 'latest'}|${batch.service}|${batch.namespace}|cluster-1|-`;
}

const emptyBucket = (): Bucket => ({
  total: 0,
  failed: 0,
  satisfied: 0,
  tolerated: 0,
  latencySumMs: 0,
  latencyCounts: LATENCY_BOUNDS_MS.map(() => 0).concat(0),
});

function add(bucket: Bucket, more: Bucket): void {
  bucket.total += more.total;
  bucket.failed += more.failed;
  bucket.satisfied += more.satisfied;
  bucket.tolerated += more.tolerated;
  bucket.latencySumMs += more.latencySumMs;
  more.latencyCounts.forEach((count, index) => {
    bucket.latencyCounts[index] = (bucket.latencyCounts[index] ?? 0) + count;
  });
}

function bucketOf(batch: RequestBatch): Bucket {
  const codes = Object.entries(batch.codes);
  const total = codes.reduce((sum, [, count]) => sum + count, 0);
  const failed = codes.filter(([code]) => code.startsWith('5')).reduce((sum, [, count]) => sum + count, 0);
  const upTo = (boundMs: number): number =>
    LATENCY_BOUNDS_MS.reduce((sum, bound, index) => sum + (bound <= boundMs ? (batch.latencyCounts[index] ?? 0) : 0), 0);
  const quick = total === 0 ? 0 : upTo(APDEX_THRESHOLD_MS) / total;
  const bearable = total === 0 ? 0 : upTo(TOLERATED_MS) / total;
  // A failed request satisfies nobody, however quick.
  const good = total - failed;
  return {
    total,
    failed,
    satisfied: good * quick,
    tolerated: good * (bearable - quick),
    latencySumMs: batch.latencySumMs,
    latencyCounts: [...batch.latencyCounts],
  };
}

export function createApmStore(): ApmStore {
  const minutes = new Map<string, Map<number, Bucket>>();
  return {
    record(batch) {
      const fresh = bucketOf(batch);
      if (fresh.total === 0) return;
      const service = serviceNameOf(batch);
      const known = minutes.get(service) ?? new Map<number, Bucket>();
      minutes.set(service, known);
      const minute = Math.floor((batch.at - 1) / MINUTE_MS);
      const bucket = known.get(minute) ?? emptyBucket();
      known.set(minute, bucket);
      add(bucket, fresh);
      for (const old of known.keys()) if (old < minute - MOST_MINUTES) known.delete(old);
    },
    services: () => [...minutes.keys()],
    bucket(service, from, to) {
      let sum: Bucket | undefined;
      for (const [minute, bucket] of minutes.get(service) ?? []) {
        if (minute * MINUTE_MS < from || minute * MINUTE_MS >= to) continue;
        sum ??= emptyBucket();
        add(sum, bucket);
      }
      return sum;
    },
  };
}

function percentile(bucket: Bucket, percent: number): number {
  const rank = (percent / 100) * bucket.total;
  let below = 0;
  const index = bucket.latencyCounts.findIndex((count) => (below += count) >= rank);
  return Math.round(LATENCY_BOUNDS_MS[index] ?? LATENCY_BOUNDS_MS.at(-1) ?? 0);
}

/** Names of metrics → value of a bucket; labelled ones give one value a label. */
export const METRICS: Readonly<Record<string, (bucket: Bucket, spanMinutes: number) => number>> = {
  service_apdex: (bucket) => Math.floor(((bucket.satisfied + bucket.tolerated / 2) / bucket.total) * SHARE_SCALE),
  service_sla: (bucket) => Math.floor(((bucket.total - bucket.failed) / bucket.total) * SHARE_SCALE),
  service_cpm: (bucket, spanMinutes) => Math.floor(bucket.total / spanMinutes),
  service_resp_time: (bucket) => Math.floor(bucket.latencySumMs / bucket.total),
};

export function percentilesOf(bucket: Bucket): readonly number[] {
  return PERCENTILES.map((percent) => percentile(bucket, percent));
}

/** base64(name) and whether the service is a normal one, as the server numbers its services. */
export function serviceId(name: string, normal: boolean): string {
  return `${base64(name)}.${normal ? 1 : 0}`;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const chars = [18, 12, 6, 0].map((shift) => BASE64.charAt((word >> shift) & 63));
    const used = Math.min(3, bytes.length - i) + 1;
    out += chars.slice(0, used).join('').padEnd(4, '=');
  }
  return out;
}

/** "202611210930" and its coarser and finer forms, in the server's time zone. */
export function bucketName(at: Instant, step: Step, utcOffsetMinutes: number): string {
  const { year, month, day, hour, minute, second } = calendarParts(at, utcOffsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts = [String(year), two(month), two(day), two(hour), two(minute), two(second)];
  return parts.slice(0, { DAY: 3, HOUR: 4, MINUTE: 5, SECOND: 6 }[step]).join('');
}

export const STEPS = ['DAY', 'HOUR', 'MINUTE', 'SECOND'] as const;
export type Step = (typeof STEPS)[number];

export const STEP_MS: Readonly<Record<Step, number>> = { DAY: 86_400_000, HOUR: 3_600_000, MINUTE: MINUTE_MS, SECOND: 1000 };
