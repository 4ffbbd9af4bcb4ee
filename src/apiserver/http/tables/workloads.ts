// The tables of what keeps pods running: Deployments, ReplicaSets, HorizontalPodAutoscalers; and of templates alone.

import type { KubeObject } from '../../../kinds/kube-object.js';
import type { Column } from './column.js';
import { AGE, NAME, textColumn, wholeColumn, wide } from './column.js';
import type { Fields } from './fields.js';
import { count, dig, labelText, NONE, record, records, selectorText, text } from './fields.js';

const TEMPLATE_COLUMNS: readonly Column[] = [
  wide('Containers', (object) => containerTexts(object, 'name')),
  wide('Images', (object) => containerTexts(object, 'image')),
  wide('Selector', (object) => selectorText(record(object, 'spec', 'selector'))),
];

const containerTexts = (object: KubeObject, field: string): string => templateTexts(dig(object, 'spec', 'template'), field);

const templateTexts = (template: unknown, field: string): string =>
  records(template, 'spec', 'containers')
    .map((container) => text(container, field) ?? '')
    .join(',');

export const POD_TEMPLATE_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Containers', (object) => templateTexts(object['template'], 'name')),
  textColumn('Images', (object) => templateTexts(object['template'], 'image')),
  textColumn('Pod Labels', (object) => labelText(record(object, 'template', 'metadata', 'labels'))),
];

export const DEPLOYMENT_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Ready', (deployment) => `${count(deployment, 'status', 'readyReplicas')}/${count(deployment, 'spec', 'replicas')}`),
  wholeColumn('Up-to-date', (deployment) => count(deployment, 'status', 'updatedReplicas')),
  wholeColumn('Available', (deployment) => count(deployment, 'status', 'availableReplicas')),
  AGE,
  ...TEMPLATE_COLUMNS,
];

export const REPLICA_SET_COLUMNS: readonly Column[] = [
  NAME,
  wholeColumn('Desired', (replicaSet) => count(replicaSet, 'spec', 'replicas')),
  wholeColumn('Current', (replicaSet) => count(replicaSet, 'status', 'replicas')),
  wholeColumn('Ready', (replicaSet) => count(replicaSet, 'status', 'readyReplicas')),
  AGE,
  ...TEMPLATE_COLUMNS,
];

export const AUTOSCALER_COLUMNS: readonly Column[] = [
  NAME,
  textColumn(
    'Reference',
    (autoscaler) => `${text(autoscaler, 'spec', 'scaleTargetRef', 'kind') ?? ''}/${text(autoscaler, 'spec', 'scaleTargetRef', 'name') ?? ''}`,
  ),
  textColumn('Targets', (autoscaler) => targets(autoscaler)),
  textColumn('MinPods', (autoscaler) => (dig(autoscaler, 'spec', 'minReplicas') === undefined ? '<unset>' : String(count(autoscaler, 'spec', 'minReplicas')))),
  wholeColumn('MaxPods', (autoscaler) => count(autoscaler, 'spec', 'maxReplicas')),
  wholeColumn('Replicas', (autoscaler) => count(autoscaler, 'status', 'currentReplicas')),
  AGE,
];

const SHOWN_TARGETS = 2;
const UNKNOWN = '<unknown>';

function targets(autoscaler: KubeObject): string {
  const current = records(autoscaler, 'status', 'currentMetrics');
  const all = records(autoscaler, 'spec', 'metrics').map((metric, index) => target(metric, current[index] ?? {}));
  if (all.length === 0) return NONE;
  const shown = all.slice(0, SHOWN_TARGETS).join(', ');
  return all.length > SHOWN_TARGETS ? `${shown} + ${all.length - SHOWN_TARGETS} more...` : shown;
}

/** "cpu: 12%/60%" for what a pod uses, "3/10" for other metrics. */
function target(metric: Fields, current: Fields): string {
  const type = text(metric, 'type') ?? '';
  const field = `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`;
  const [wanted, found] = [record(metric, field, 'target'), record(current, field, 'current')];
  const prefix = type === 'Resource' || type === 'ContainerResource' ? `${text(metric, field, 'name') ?? ''}: ` : '';
  if (typeof wanted['averageUtilization'] === 'number') {
    const used = found['averageUtilization'];
    return `${prefix}${typeof used === 'number' ? `${used}%` : UNKNOWN}/${wanted['averageUtilization']}%`;
  }
  const average = text(wanted, 'averageValue');
  if (average !== undefined) return `${prefix}${text(found, 'averageValue') ?? UNKNOWN}/${average}${prefix === '' ? ' (avg)' : ''}`;
  return `${prefix}${text(found, 'value') ?? UNKNOWN}/${text(wanted, 'value') ?? ''}`;
}
