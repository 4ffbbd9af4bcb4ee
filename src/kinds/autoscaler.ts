// HorizontalPodAutoscalers (autoscaling/v2): who is scaled, between which bounds, by which metrics.

import { isRecord } from '../lib/deep.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';

export type ScaleTarget = { readonly apiVersion?: string | undefined; readonly kind: string; readonly name: string };

export type MetricTarget = {
  readonly type: string;
  readonly value?: string | number | undefined;
  readonly averageValue?: string | number | undefined;
  readonly averageUtilization?: number | undefined;
};

export type HpaMetric = {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target: MetricTarget } | undefined;
  readonly [field: string]: unknown;
};

export type HorizontalPodAutoscaler = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly scaleTargetRef: ScaleTarget;
    readonly minReplicas?: number | undefined;
    readonly maxReplicas: number;
    readonly metrics?: readonly HpaMetric[] | undefined;
    readonly behavior?: Readonly<Record<string, unknown>> | undefined;
  };
  readonly status?:
    | {
        readonly observedGeneration?: number | undefined;
        readonly lastScaleTime?: string | undefined;
        readonly currentReplicas?: number | undefined;
        readonly desiredReplicas: number;
        readonly currentMetrics?: readonly Readonly<Record<string, unknown>>[] | undefined;
        readonly conditions?: readonly Readonly<Record<string, unknown>>[] | undefined;
      }
    | undefined;
};

/** A missing target has the kind and the name "", which no object has. */
export function horizontalPodAutoscalerOf(object: KubeObject): HorizontalPodAutoscaler {
  const spec = isRecord(object['spec']) ? object['spec'] : {};
  const target = isRecord(spec['scaleTargetRef']) ? spec['scaleTargetRef'] : {};
  const maxReplicas = typeof spec['maxReplicas'] === 'number' ? spec['maxReplicas'] : 1;
  const status = isRecord(object['status']) ? { desiredReplicas: 0, ...object['status'] } : undefined;
  return { ...object, spec: { ...spec, maxReplicas, scaleTargetRef: { kind: '', name: '', ...target } }, status };
}
