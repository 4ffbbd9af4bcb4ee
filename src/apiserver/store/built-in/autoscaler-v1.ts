// HorizontalPodAutoscalers as autoscaling/v1 tells of them: one target for the CPU; whatever else there is hides in annotations.

import type { KubeObject } from '../../../kinds/kube-object.js';
import { isRecord } from '../../../lib/deep.js';
import { listAt, recordAt, textAt, type Draft, type ServedVersion } from '../kind.js';

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';

const isCpuTarget = (metric: unknown): boolean => {
  const resource = recordAt(metric, 'resource');
  return textAt(metric, 'type') === 'Resource' && textAt(resource, 'name') === 'cpu' && typeof recordAt(resource, 'target')['averageUtilization'] === 'number';
};

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // An annotation that somebody else wrote by hand means nothing here.
    return undefined;
  }
}

function toStored(draft: Draft): Draft {
  const { targetCPUUtilizationPercentage: percent, ...spec } = recordAt(draft, 'spec');
  const { currentCPUUtilizationPercentage: current, ...status } = recordAt(draft, 'status');
  const { [METRICS]: metricsText, [BEHAVIOR]: behaviorText, ...annotations } = draft.metadata.annotations ?? {};
  const others = parsed(metricsText);
  const behavior = parsed(behaviorText);
  const cpu =
    typeof percent === 'number' ? [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } }] : [];
  const metrics = [...(Array.isArray(others) ? (others as unknown[]) : []), ...cpu];
  if (Object.keys(annotations).length > 0) draft.metadata.annotations = annotations;
  else delete draft.metadata.annotations;
  draft['spec'] = { ...spec, ...(metrics.length > 0 ? { metrics } : {}), ...(isRecord(behavior) ? { behavior } : {}) };
  if (draft['status'] !== undefined) {
    const seen = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } };
    draft['status'] = { ...status, currentMetrics: current === undefined ? null : [seen] };
  }
  return draft;
}

function fromStored(object: KubeObject): KubeObject {
  const { metrics, behavior, ...spec } = recordAt(object, 'spec');
  const { currentMetrics, conditions: _conditions, ...status } = recordAt(object, 'status');
  const all = listAt({ metrics }, 'metrics');
  const cpu = all.find(isCpuTarget);
  const others = all.filter((metric) => metric !== cpu);
  const percent = recordAt(recordAt(cpu, 'resource'), 'target')['averageUtilization'];
  const seen = listAt({ currentMetrics }, 'currentMetrics').find((metric) => textAt(recordAt(metric, 'resource'), 'name') === 'cpu');
  const current = recordAt(recordAt(seen, 'resource'), 'current')['averageUtilization'];
  const annotations = {
    ...object.metadata.annotations,
    ...(others.length > 0 ? { [METRICS]: JSON.stringify(others) } : {}),
    ...(behavior === undefined ? {} : { [BEHAVIOR]: JSON.stringify(behavior) }),
  };
  return {
    ...object,
    metadata: { ...object.metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: { ...spec, ...(percent === undefined ? {} : { targetCPUUtilizationPercentage: percent }) },
    status: { currentReplicas: 0, ...status, ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }) },
  };
}

export const AUTOSCALER_V1: NonNullable<ServedVersion['conversion']> = { toStored, fromStored };
