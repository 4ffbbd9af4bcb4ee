// The words that the figures for Prometheus use of objects: dashboards and alerts are written in them, so they are those of Argo
// Rollouts' controller, which are not the phases that it writes to objects.

import { providersOf } from '../../decide/analysis/validate.js';
import { PROVIDER_NAMES, type ProviderName } from '../../kinds/metric-provider.js';
import type { Metric } from '../../kinds/metric.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { TrafficRouting } from '../../kinds/traffic-routing.js';

/** Of `rollout_phase`, which is older than InvalidSpec and does not know it. */
export const OLD_ROLLOUT_PHASES = ['Completed', 'Progressing', 'Paused', 'Timeout', 'Error', 'Abort'] as const;

export type RolloutPhase = (typeof OLD_ROLLOUT_PHASES)[number] | 'InvalidSpec';

/** Of analysis runs, of their metrics, and of experiments. */
export const ANALYSIS_PHASES = ['Pending', 'Running', 'Successful', 'Failed', 'Error', 'Inconclusive'] as const;

const PHASE_OF_REASON: ReadonlyMap<string, RolloutPhase> = new Map([
  ['NewReplicaSetAvailable', 'Completed'],
  ['RolloutPaused', 'Paused'],
  ['ReplicaSetCreateError', 'Error'],
  ['ProgressDeadlineExceeded', 'Timeout'],
  ['RolloutAborted', 'Abort'],
]);

export function rolloutPhase({ status }: Rollout): RolloutPhase {
  const conditions = status?.conditions ?? [];
  if (conditions.some(({ type }) => type === 'InvalidSpec')) return 'InvalidSpec';
  return PHASE_OF_REASON.get(conditions.find(({ type }) => type === 'Progressing')?.reason ?? '') ?? 'Progressing';
}

/** What nobody has looked at yet is as good as pending. */
export const analysisPhase = (phase: string | undefined): string => (phase === undefined || phase === '' ? 'Pending' : phase);

export function strategyName({ spec: { strategy } }: Rollout): string {
  if (strategy?.blueGreen !== undefined) return 'blueGreen';
  return strategy?.canary === undefined ? '' : 'canary';
}

/** The last that a rollout names counts. */
const ROUTERS: readonly (readonly [keyof TrafficRouting, string])[] = [
  ['alb', 'ALB'],
  ['ambassador', 'Ambassador'],
  ['istio', 'Istio'],
  ['nginx', 'Nginx'],
  ['smi', 'SMI'],
  ['appMesh', 'AppMesh'],
];

/** "" for the routers that came later. */
export function trafficRouter({ spec }: Rollout): string {
  const routing = spec.strategy?.canary?.trafficRouting;
  return ROUTERS.findLast(([field]) => routing?.[field] !== undefined)?.[1] ?? '';
}

const METRIC_TYPES: Readonly<Record<ProviderName, string>> = {
  prometheus: 'Prometheus',
  job: 'Job',
  kayenta: 'Kayenta',
  web: 'Web',
  datadog: 'Datadog',
  wavefront: 'Wavefront',
  newRelic: 'NewRelic',
  cloudWatch: 'CloudWatch',
  graphite: 'Graphite',
  influxdb: 'Influxdb',
  skywalking: 'SkyWalking',
  plugin: 'Plugin',
};

export function metricType(metric: Metric): string {
  const [name] = providersOf(metric);
  const known = PROVIDER_NAMES.find((each) => each === name);
  return known === undefined ? '' : METRIC_TYPES[known];
}
