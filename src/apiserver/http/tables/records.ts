// The tables of the quieter kinds: Namespaces, ConfigMaps, Secrets, ServiceAccounts, Leases, definitions, and Events.

import type { KubeObject } from '../../../kinds/kube-object.js';
import type { Instant } from '../../../lib/instant.js';
import type { Column } from './column.js';
import { AGE, NAME, textColumn, wholeColumn, wide } from './column.js';
import { count, record, records, text } from './fields.js';
import { ageOf } from './human-duration.js';

const size = (object: KubeObject, field: string): number => Object.keys(record(object, field)).length;

export const NAMESPACE_COLUMNS: readonly Column[] = [NAME, textColumn('Status', (namespace) => text(namespace, 'status', 'phase') ?? ''), AGE];

export const CONFIG_MAP_COLUMNS: readonly Column[] = [NAME, wholeColumn('Data', (configMap) => size(configMap, 'data') + size(configMap, 'binaryData')), AGE];

export const SECRET_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Type', (secret) => text(secret, 'type') ?? ''),
  wholeColumn('Data', (secret) => size(secret, 'data')),
  AGE,
];

export const SERVICE_ACCOUNT_COLUMNS: readonly Column[] = [NAME, wholeColumn('Secrets', (account) => records(account, 'secrets').length), AGE];

export const LEASE_COLUMNS: readonly Column[] = [NAME, textColumn('Holder', (lease) => text(lease, 'spec', 'holderIdentity') ?? ''), AGE];

export const DEFINITION_COLUMNS: readonly Column[] = [
  NAME,
  { name: 'Created At', type: 'date', format: '', description: '', priority: 0, cell: (definition) => definition.metadata.creationTimestamp ?? '' },
];

export const EVENT_COLUMNS: readonly Column[] = [
  textColumn('Last Seen', (event, now) => lastSeen(event, now)),
  textColumn('Type', (event) => text(event, 'type') ?? ''),
  textColumn('Reason', (event) => text(event, 'reason') ?? ''),
  textColumn('Object', (event) => involvedObject(event)),
  wide('Subobject', (event) => text(event, 'involvedObject', 'fieldPath') ?? ''),
  wide('Source', (event) => source(event)),
  textColumn('Message', (event) => (text(event, 'message') ?? '').trim()),
  wide('First Seen', (event, now) => ageOf(firstTime(event), now)),
  { ...wholeColumn('Count', (event) => eventCount(event)), priority: 1 },
  { ...NAME, priority: 1 },
];

const firstTime = (event: KubeObject): string | undefined => text(event, 'firstTimestamp') ?? text(event, 'eventTime');

const lastSeen = (event: KubeObject, now: Instant): string =>
  ageOf(text(event, 'series', 'lastObservedTime') ?? text(event, 'lastTimestamp') ?? firstTime(event), now);

/** An event that was seen once has no count. */
const eventCount = (event: KubeObject): number => count(event, 'series', 'count') || count(event, 'count') || 1;

function involvedObject(event: KubeObject): string {
  const name = text(event, 'involvedObject', 'name');
  return `${(text(event, 'involvedObject', 'kind') ?? '').toLowerCase()}${name === undefined ? '' : `/${name}`}`;
}

function source(event: KubeObject): string {
  const component = text(event, 'source', 'component') ?? text(event, 'reportingComponent') ?? '';
  const host = text(event, 'source', 'host') ?? text(event, 'reportingInstance');
  return host === undefined || component === '' ? component : `${component}, ${host}`;
}
