// Where a metric comes from. Exactly one of the fields is set; which one names the provider.

import { anyObject, bool, int, intOrText, list, long, map, object, oneOf, required, text } from './schema.js';
import type { Infer } from './schema.js';
import { podTemplateSchema } from './pod-template-schema.js';
import { labelSelectorSchema, metadataSchema } from './analysis-spec.js';

const authenticationSchema = object({
  oauth2: object({ tokenUrl: text(), clientId: text(), clientSecret: text(), scopes: list(text()) }),
  sigv4: object({ region: text(), profile: text(), roleArn: text() }),
});

export type ProviderAuthentication = Infer<typeof authenticationSchema>;

const headersSchema = list(object({ key: required(text()), value: required(text()) }));

const prometheusSchema = object({
  address: text(),
  query: text(),
  timeout: long(),
  insecure: bool(),
  headers: headersSchema,
  authentication: authenticationSchema,
  rangeQuery: object({ start: text(), end: text(), step: text() }),
});

export type PrometheusSource = Infer<typeof prometheusSchema>;

const webSchema = object({
  url: required(text()),
  method: text(),
  headers: headersSchema,
  body: text(),
  jsonBody: anyObject(),
  jsonPath: text(),
  timeoutSeconds: long(),
  insecure: bool(),
  authentication: authenticationSchema,
});

export type WebSource = Infer<typeof webSchema>;

const skywalkingSchema = object({ address: text(), query: text(), interval: text() });

export type SkywalkingSource = Infer<typeof skywalkingSchema>;

const jobSpecSchema = object({
  activeDeadlineSeconds: long(),
  backoffLimit: int(),
  backoffLimitPerIndex: int(),
  completionMode: text(),
  completions: int(),
  managedBy: text(),
  manualSelector: bool(),
  maxFailedIndexes: int(),
  parallelism: int(),
  podFailurePolicy: object({
    rules: required(
      list(
        object({
          action: required(text()),
          onExitCodes: object({ containerName: text(), operator: required(text()), values: required(list(int(), { 'x-kubernetes-list-type': 'set' })) }),
          onPodConditions: list(object({ type: required(text()), status: required(text()) }), { 'x-kubernetes-list-type': 'atomic' }),
        }),
        { 'x-kubernetes-list-type': 'atomic' },
      ),
    ),
  }),
  podReplacementPolicy: text(),
  selector: labelSelectorSchema,
  successPolicy: object({
    rules: required(list(object({ succeededCount: int(), succeededIndexes: text() }), { 'x-kubernetes-list-type': 'atomic' })),
  }),
  suspend: bool(),
  template: required(podTemplateSchema),
  ttlSecondsAfterFinished: int(),
});

const jobSchema = object({ metadata: metadataSchema, spec: required(jobSpecSchema) });

export type JobSource = Infer<typeof jobSchema>;

const kayentaScopeSchema = object({
  scope: required(text()),
  region: required(text()),
  step: required(long()),
  start: text(),
  end: text(),
});

const kayentaSchema = object({
  address: required(text()),
  application: required(text()),
  canaryConfigName: required(text()),
  metricsAccountName: required(text()),
  configurationAccountName: required(text()),
  storageAccountName: required(text()),
  lookback: bool(),
  threshold: required(object({ pass: required(long()), marginal: required(long()) })),
  scopes: required(list(object({ name: required(text()), controlScope: required(kayentaScopeSchema), experimentScope: required(kayentaScopeSchema) }))),
});

export type KayentaSource = Infer<typeof kayentaSchema>;

const datadogSchema = object({
  apiVersion: oneOf(['v1', 'v2'], { default: 'v1' }),
  interval: text({ default: '5m' }),
  query: text(),
  queries: map(text()),
  formula: text(),
  aggregator: oneOf(['avg', 'min', 'max', 'sum', 'last', 'percentile', 'mean', 'l2norm', 'area']),
  secretRef: object({ name: text(), namespaced: bool() }),
});

export type DatadogSource = Infer<typeof datadogSchema>;

const cloudWatchSchema = object({
  interval: text(),
  metricDataQueries: required(
    list(
      object({
        id: text(),
        expression: text(),
        label: text(),
        metricStat: object({
          metric: object({ namespace: text(), metricName: text(), dimensions: list(object({ name: text(), value: text() })) }),
          period: intOrText(),
          stat: text(),
          unit: text(),
        }),
        period: intOrText(),
        returnData: bool(),
      }),
    ),
  ),
});

export type CloudWatchSource = Infer<typeof cloudWatchSchema>;

const newRelicSchema = object({ query: required(text()), profile: text(), timeout: long() });

export type NewRelicSource = Infer<typeof newRelicSchema>;

const wavefrontSchema = object({ address: text(), query: text() });

export type WavefrontSource = Infer<typeof wavefrontSchema>;

const graphiteSchema = object({ address: text(), query: text() });

export type GraphiteSource = Infer<typeof graphiteSchema>;

const influxdbSchema = object({ profile: text(), query: text() });

export type InfluxdbSource = Infer<typeof influxdbSchema>;

export const providerSchema = object({
  prometheus: prometheusSchema,
  web: webSchema,
  skywalking: skywalkingSchema,
  job: jobSchema,
  kayenta: kayentaSchema,
  datadog: datadogSchema,
  newRelic: newRelicSchema,
  wavefront: wavefrontSchema,
  cloudWatch: cloudWatchSchema,
  graphite: graphiteSchema,
  influxdb: influxdbSchema,
  /** Settings of provider plugins by plugin name. */
  plugin: anyObject(),
});

/** In Argo's order of choice. */
export const PROVIDER_NAMES = [
  'prometheus',
  'job',
  'kayenta',
  'web',
  'datadog',
  'wavefront',
  'newRelic',
  'cloudWatch',
  'graphite',
  'influxdb',
  'skywalking',
  'plugin',
] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

export type MetricProvider = Infer<typeof providerSchema>;
