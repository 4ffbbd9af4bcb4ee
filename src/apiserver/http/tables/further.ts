// The tables of jobs, disruption budgets, nodes, quotas, endpoint slices, ingresses and roles.

import { parseTime, type Instant } from '../../../lib/instant.js';
import type { KubeObject } from '../../../kinds/kube-object.js';
import type { Column } from './column.js';
import { AGE, NAME, textColumn, wholeColumn, wide } from './column.js';
import { count, dig, NONE, record, records, selectorText, text } from './fields.js';
import { ageOf } from './human-duration.js';

const joined = (values: readonly string[]): string => (values.length === 0 ? NONE : values.join(','));
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const shown = (value: unknown, otherwise: string): string => (typeof value === 'number' || typeof value === 'string' ? String(value) : otherwise);

function jobStatus(job: KubeObject): string {
  const holds = (type: string): boolean =>
    records(job, 'status', 'conditions').some((condition) => condition['type'] === type && condition['status'] === 'True');
  for (const word of ['Complete', 'Failed', 'Suspended', 'FailureTarget']) if (holds(word)) return word;
  return job.metadata.deletionTimestamp === undefined ? 'Running' : 'Terminating';
}

function completions(job: KubeObject): string {
  const wanted = dig(job, 'spec', 'completions');
  const done = count(job, 'status', 'succeeded');
  if (typeof wanted === 'number') return `${done}/${wanted}`;
  const parallelism = count(job, 'spec', 'parallelism');
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function duration(job: KubeObject, now: Instant): string {
  const started = text(job, 'status', 'startTime');
  if (started === undefined) return '';
  return ageOf(started, parseTime(text(job, 'status', 'completionTime') ?? '') ?? now);
}

const containers = (object: KubeObject, field: string): string =>
  records(object, 'spec', 'template', 'spec', 'containers')
    .map((container) => text(container, field) ?? '')
    .join(',');

export const JOB_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Status', jobStatus),
  textColumn('Completions', completions),
  textColumn('Duration', duration),
  AGE,
  wide('Containers', (job) => containers(job, 'name')),
  wide('Images', (job) => containers(job, 'image')),
  wide('Selector', (job) => selectorText(record(job, 'spec', 'selector'))),
];

export const BUDGET_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Min Available', (budget) => shown(dig(budget, 'spec', 'minAvailable'), 'N/A')),
  textColumn('Max Unavailable', (budget) => shown(dig(budget, 'spec', 'maxUnavailable'), 'N/A')),
  wholeColumn('Allowed Disruptions', (budget) => count(budget, 'status', 'disruptionsAllowed')),
  AGE,
];

function nodeStatus(node: KubeObject): string {
  const ready = records(node, 'status', 'conditions').find((condition) => condition['type'] === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
  return dig(node, 'spec', 'unschedulable') === true ? `${word},SchedulingDisabled` : word;
}

const ROLE_PREFIX = 'node-role.kubernetes.io/';

const roles = (node: KubeObject): string =>
  joined(
    Object.keys(node.metadata.labels ?? {})
      .filter((key) => key.startsWith(ROLE_PREFIX))
      .map((key) => key.slice(ROLE_PREFIX.length))
      .toSorted(),
  );

const address = (node: KubeObject, type: string): string =>
  text(
    records(node, 'status', 'addresses').find((each) => each['type'] === type),
    'address',
  ) ?? NONE;

const info = (node: KubeObject, field: string): string => text(node, 'status', 'nodeInfo', field) ?? '<unknown>';

export const NODE_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Status', nodeStatus),
  textColumn('Roles', roles),
  AGE,
  textColumn('Version', (node) => text(node, 'status', 'nodeInfo', 'kubeletVersion') ?? ''),
  wide('Internal-IP', (node) => address(node, 'InternalIP')),
  wide('External-IP', (node) => address(node, 'ExternalIP')),
  wide('OS-Image', (node) => info(node, 'osImage')),
  wide('Kernel-Version', (node) => info(node, 'kernelVersion')),
  wide('Container-Runtime', (node) => info(node, 'containerRuntimeVersion')),
];

function quotaText(quota: KubeObject, picks: (name: string) => boolean): string {
  const hard = record(quota, 'status', 'hard');
  const used = record(quota, 'status', 'used');
  return Object.keys(hard)
    .filter(picks)
    .toSorted()
    .map((name) => `${name}: ${shown(used[name], '0')}/${shown(hard[name], '')}`)
    .join(', ');
}

export const QUOTA_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Request', (quota) => quotaText(quota, (name) => !name.startsWith('limits.'))),
  textColumn('Limit', (quota) => quotaText(quota, (name) => name.startsWith('limits.'))),
  AGE,
];

const SHOWN_MEMBERS = 3;

function some(values: readonly string[], nothing: string): string {
  if (values.length === 0) return nothing;
  const first = values.slice(0, SHOWN_MEMBERS).join(',');
  return values.length > SHOWN_MEMBERS ? `${first} + ${values.length - SHOWN_MEMBERS} more...` : first;
}

export const SLICE_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('AddressType', (slice) => text(slice, 'addressType') ?? ''),
  textColumn('Ports', (slice) =>
    some(
      records(slice, 'ports').map((port) => shown(port['port'], '*')),
      '<unset>',
    ),
  ),
  textColumn('Endpoints', (slice) =>
    some(
      records(slice, 'endpoints').flatMap((endpoint) => texts(endpoint['addresses'])),
      '<unset>',
    ),
  ),
  AGE,
];

function hosts(ingress: KubeObject): string {
  const all = records(ingress, 'spec', 'rules').flatMap((rule) => text(rule, 'host') ?? []);
  return some(all, '*');
}

export const INGRESS_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Class', (ingress) => text(ingress, 'spec', 'ingressClassName') ?? NONE),
  textColumn('Hosts', hosts),
  textColumn('Address', (ingress) =>
    records(ingress, 'status', 'loadBalancer', 'ingress')
      .map((each) => text(each, 'ip') ?? text(each, 'hostname') ?? '')
      .join(','),
  ),
  textColumn('Ports', (ingress) => (records(ingress, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
  AGE,
];

export const INGRESS_CLASS_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Controller', (object) => text(object, 'spec', 'controller') ?? ''),
  textColumn('Parameters', (object) => {
    const parameters = record(object, 'spec', 'parameters');
    const kind = text(parameters, 'kind');
    if (kind === undefined) return NONE;
    const group = text(parameters, 'apiGroup');
    return `${kind}${group === undefined ? '' : `.${group}`}/${text(parameters, 'name') ?? ''}`;
  }),
  AGE,
];

export const CREATED_COLUMNS: readonly Column[] = [NAME, textColumn('Created At', (object) => object.metadata.creationTimestamp ?? '')];

const subjects = (object: KubeObject, kind: string): string =>
  records(object, 'subjects')
    .filter((subject) => subject['kind'] === kind)
    .map((subject) => (kind === 'ServiceAccount' ? `${text(subject, 'namespace') ?? ''}/${text(subject, 'name') ?? ''}` : (text(subject, 'name') ?? '')))
    .join(', ');

export const BINDING_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Role', (object) => `${text(object, 'roleRef', 'kind') ?? ''}/${text(object, 'roleRef', 'name') ?? ''}`),
  AGE,
  wide('Users', (object) => subjects(object, 'User')),
  wide('Groups', (object) => subjects(object, 'Group')),
  wide('ServiceAccounts', (object) => subjects(object, 'ServiceAccount')),
];
