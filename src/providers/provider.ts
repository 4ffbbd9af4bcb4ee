// One metric source. A provider brings a raw value; it never judges (decide/analysis does that, once).

import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { HttpSend } from '../lib/http.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';

/** A value with the Go type that the condition language sees (protocols.md 1.2 names the shapes). */
export type MetricValue =
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'float64'; readonly value: number }
  | { readonly type: '[]float64'; readonly value: readonly number[] };

export type ProviderAnswer = {
  /** Undefined when the provider decides the phase by itself: no condition is looked at then. */
  readonly result: MetricValue | undefined;
  /** Where it does: absent is Successful. What is Running goes on: it is asked again by `resume`. */
  readonly phase?: 'Successful' | 'Failed' | 'Inconclusive' | 'Running';
  /** With Running: when to ask again. Absent: when an object that the run owns changes. */
  readonly resumeAt?: Instant;
  /** The text for `measurement.value`. */
  readonly text: string;
  /** Added to `measurement.metadata`. */
  readonly metadata?: Readonly<Record<string, string>>;
};

/** Which measurement this is. */
export type Occasion = {
  readonly run: { readonly namespace: string; readonly name: string; readonly uid: string; readonly startedAt: Instant | undefined };
  readonly metric: string;
  /** The metric's own, as a Go duration. */
  readonly interval?: string;
  /** Of this metric, counted from 1. */
  readonly attempt: number;
};

/** `code` is the HTTP status, 0 when no answer came. */
type Answer = Promise<Result<KubeObject, { readonly code: number; readonly message: string }>>;

/** The cluster, for providers that measure by objects in it. */
export type ProviderCluster = {
  read(ref: ObjectRef): Answer;
  apply(change: Change): Answer;
  /** What has been seen of that type: perhaps not the newest. */
  list(type: ResourceType, namespace: string): readonly KubeObject[];
};

export type SecretRef = {
  readonly name: string;
  /** Of the run, or of the engine. */
  readonly place: 'run' | 'engine';
  /** Keys that are no secrets, such as addresses: the others are masked in all that is written of this measurement. */
  readonly plain?: readonly string[];
};

export type ProviderIo = {
  readonly now: Instant;
  readonly http: HttpSend;
  readonly occasion: Occasion;
  readonly cluster: ProviderCluster;
  /** The texts of a Secret by key, read live; undefined when there is none of that name. */
  secret(ref: SecretRef): Promise<Result<Readonly<Record<string, string>> | undefined, string>>;
  /** Minutes east of UTC of this process: SkyWalking is asked in local time. */
  readonly utcOffsetMinutes: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The condition language, for expressions that give a time (`now() - duration("5m")`). The error is its text. */
  evaluateTime(expression: string, now: Instant): Result<Instant, string>;
};

/** What a measurement that goes on has said so far. */
export type Begun = { readonly metadata: Readonly<Record<string, string>> };

export interface Provider {
  /** The key under `metric.provider`. */
  readonly name: string;
  /** `spec` is the value under that key, with all arguments resolved. An error is the text for `measurement.message`. */
  measure(spec: unknown, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>>;
  /** Goes on with a measurement that was Running; absent: it is measured anew. */
  resume?(spec: unknown, begun: Begun, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>>;
  /** Ends a measurement that is Running because its run is over; absent: it is left as it is. */
  terminate?(spec: unknown, begun: Begun, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>>;
  /** Clears away what measurements have left, but for the newest `keep`. An error is only logged. */
  collect?(keep: number, io: Pick<ProviderIo, 'cluster' | 'environment' | 'occasion'>): Promise<Result<undefined, string>>;
  /** Added to `metricResult.metadata`, such as the resolved query. */
  describe?(spec: unknown): Readonly<Record<string, string>>;
}
