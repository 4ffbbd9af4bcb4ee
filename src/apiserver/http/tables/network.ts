// The tables of Services and Endpoints.

import type { KubeObject } from '../../../kinds/kube-object.js';
import type { Column } from './column.js';
import { AGE, NAME, textColumn, wide } from './column.js';
import { count, dig, labelText, NONE, record, records, text } from './fields.js';

export const SERVICE_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Type', (service) => text(service, 'spec', 'type') ?? 'ClusterIP'),
  textColumn('Cluster-IP', (service) => text(service, 'spec', 'clusterIP') ?? NONE),
  textColumn('External-IP', (service) => externalIp(service)),
  textColumn('Port(s)', (service) => ports(service)),
  AGE,
  wide('Selector', (service) => labelText(record(service, 'spec', 'selector'))),
];

function externalIp(service: KubeObject): string {
  const type = text(service, 'spec', 'type');
  if (type === 'ExternalName') return text(service, 'spec', 'externalName') ?? '';
  const listed = dig(service, 'spec', 'externalIPs');
  const fixed = Array.isArray(listed) ? listed.map(String) : [];
  const given = records(service, 'status', 'loadBalancer', 'ingress').map((ingress) => text(ingress, 'ip') ?? text(ingress, 'hostname') ?? '');
  const all = type === 'LoadBalancer' ? [...given, ...fixed] : fixed;
  if (all.length > 0) return all.join(',');
  return type === 'LoadBalancer' ? '<pending>' : NONE;
}

function ports(service: KubeObject): string {
  const all = records(service, 'spec', 'ports').map((port) => {
    const nodePort = count(port, 'nodePort');
    return `${count(port, 'port')}${nodePort === 0 ? '' : `:${nodePort}`}/${text(port, 'protocol') ?? 'TCP'}`;
  });
  return all.length === 0 ? NONE : all.join(',');
}

export const ENDPOINTS_COLUMNS: readonly Column[] = [NAME, textColumn('Endpoints', (object) => endpoints(object)), AGE];

const SHOWN_ENDPOINTS = 3;

function endpoints(object: KubeObject): string {
  const all = records(object, 'subsets').flatMap((subset) => {
    const addresses = records(subset, 'addresses').map((address) => text(address, 'ip') ?? '');
    const numbers = records(subset, 'ports').map((port) => count(port, 'port'));
    return numbers.length === 0 ? addresses : numbers.flatMap((port) => addresses.map((ip) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)));
  });
  if (all.length === 0) return NONE;
  const shown = all.slice(0, SHOWN_ENDPOINTS).join(',');
  return all.length > SHOWN_ENDPOINTS ? `${shown} + ${all.length - SHOWN_ENDPOINTS} more...` : shown;
}
