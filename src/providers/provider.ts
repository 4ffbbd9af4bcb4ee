// One metric source. A provider brings a raw value; it never judges (decide/analysis does that, once).

import type { Instant } from '../lib/instant.js';
import type { HttpSend } from '../lib/http.js';
import type { Result } from '../lib/result.js';

/** A value with the Go type that the condition language sees (protocols.md 1.2 names the shapes). */
export type MetricValue =
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'float64'; readonly value: number }
  | { readonly type: '[]float64'; readonly value: readonly number[] };

export type ProviderAnswer = {
  /** Undefined when the provider decides the phase by itself (web answers that are not JSON). */
  readonly result: MetricValue | undefined;
  /** The text for `measurement.value`. */
  readonly text: string;
  /** Added to `measurement.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
};

export type ProviderIo = {
  readonly now: Instant;
  readonly http: HttpSend;
  /** Minutes east of UTC of this process: SkyWalking is asked in local time. */
  readonly utcOffsetMinutes: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The condition language, for expressions that give a time (`now() - duration("5m")`). The error is its text. */
  evaluateTime(expression: string, now: Instant): Result<Instant, string>;
};

export interface Provider {
  /** The key under `metric.provider`. */
  readonly name: string;
  /** `spec` is the value under that key, with all arguments resolved. An error is the text for `measurement.message`. */
  measure(spec: unknown, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>>;
  /** Added to `metricResult.metadata`, such as the resolved query. */
  describe?(spec: unknown): Readonly<Record<string, string>>;
}
