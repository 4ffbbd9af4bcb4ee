// One metric source. A provider brings a raw value; it never judges (decide/analysis does that, once).

import type { Change } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { HttpRequest, HttpSend } from '../lib/http.js';
import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';

/** A value with the Go type that the condition language sees (protocols.md 1.2 names the shapes). */
export type MetricValue =
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'float64'; readonly value: number }
  | { readonly type: '[]float64'; readonly value: readonly number[] }
  /** Whole numbers (int64) are bigints here. */
  | { readonly type: '[]any'; readonly value: readonly MetricItem[] }
  /** Rows of New Relic: fields by name. */
  | { readonly type: 'NRDBResult'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly type: '[]NRDBResult'; readonly value: readonly Readonly<Record<string, unknown>>[] }
  | { readonly type: '[]MetricDataResult'; readonly value: readonly MetricData[] };

export type MetricItem = number | bigint | boolean | string | null;

/** One series of CloudWatch; the names are those of its SDK for Go, because conditions use them. */
export type MetricData = {
  readonly Id?: string | undefined;
  readonly Label?: string | undefined;
  readonly StatusCode?: string | undefined;
  readonly Values?: readonly number[] | undefined;
  /** RFC 3339. */
  readonly Timestamps?: readonly string[] | undefined;
};

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

/** In the names of AWS; what is undefined is not sent. */
export type MetricDataQuery = {
  readonly Id: string | undefined;
  readonly Expression: string | undefined;
  readonly Label: string | undefined;
  readonly Period: number | undefined;
  readonly ReturnData: boolean | undefined;
  readonly MetricStat:
    | {
        readonly Metric: {
          readonly Namespace: string | undefined;
          readonly MetricName: string | undefined;
          readonly Dimensions: readonly { readonly Name: string | undefined; readonly Value: string | undefined }[] | undefined;
        };
        readonly Period: number | undefined;
        readonly Stat: string | undefined;
        readonly Unit: string | undefined;
      }
    | undefined;
};

/** GetMetricData of CloudWatch, with the credentials of this engine. The error is a sentence. */
export type CloudWatch = (
  request: { readonly from: Instant; readonly to: Instant; readonly queries: readonly MetricDataQuery[] },
  signal: AbortSignal,
) => Promise<Result<{ readonly results: readonly MetricData[]; readonly messages: readonly string[] }, string>>;

/** Whose credentials of AWS: what is absent or empty is what the standard environment variables and files say. */
export type AwsIdentity = { readonly region?: string | undefined; readonly profile?: string | undefined; readonly roleArn?: string | undefined };

/** The headers of the request with the signature of AWS for its managed Prometheus. The error is a sentence. */
export type SignForAws = (
  request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>,
  identity: AwsIdentity,
  signal: AbortSignal,
) => Promise<Result<Readonly<Record<string, string>>, string>>;

export type ProviderIo = {
  readonly now: Instant;
  readonly http: HttpSend;
  readonly occasion: Occasion;
  readonly cluster: ProviderCluster;
  /** Absent where nothing speaks to AWS. */
  readonly cloudWatch?: CloudWatch | undefined;
  readonly signForAws?: SignForAws | undefined;
  /** The texts of a Secret by key, read live; undefined when there is none of that name. */
  secret(ref: SecretRef): Promise<Result<Readonly<Record<string, string>> | undefined, string>>;
  /** Minutes east of UTC of this process: SkyWalking is asked in local time. */
  readonly utcOffsetMinutes: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Masks a text in all that is written of this measurement: a credential that no Secret holds. */
  hide(text: string): void;
  /** The condition language, for expressions that give a time (`now() - duration("5m")`). The error is its text. */
  evaluateTime(expression: string, now: Instant): Result<Instant, string>;
};

/** What a measurement that goes on has said so far. */
export type Begun = { readonly metadata: Readonly<Record<string, string>> };

/** For what measurements have left in the cluster. */
export type Traces = Pick<ProviderIo, 'cluster' | 'environment' | 'occasion'>;

export interface Provider {
  /** The key under `metric.provider`. */
  readonly name: string;
  /** For `lint`: what is wrong with a spec whatever its source answers, in the words of `measure`; undefined when nothing is. */
  problem?(spec: unknown): string | undefined;
  /** `spec` is the value under that key, with all arguments resolved. An error is the text for `measurement.message`. */
  measure(spec: unknown, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>>;
  /** Goes on with a measurement that was Running; absent: it is measured anew. */
  resume?(spec: unknown, begun: Begun, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>>;
  /** Ends a measurement that is Running because its run is over; absent: it is left as it is. */
  terminate?(spec: unknown, begun: Begun, io: ProviderIo, signal: AbortSignal): Promise<Result<ProviderAnswer, string>>;
  /** Clears away what measurements have left, but for the newest `keep`. An error is only logged. */
  collect?(keep: number, io: Traces): Promise<Result<undefined, string>>;
  /** The run is over: ends what still goes on of it, because an answer was lost or it could not be ended in time. */
  sweep?(io: Traces): Promise<Result<undefined, string>>;
  /** Added to `metricResult.metadata`, such as the resolved query. */
  describe?(spec: unknown): Readonly<Record<string, string>>;
}
