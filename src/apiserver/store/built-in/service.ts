// Services: addresses from the cluster's range, ports, and what an update may leave out.

import type { KubeObject } from '../../../kinds/kube-object.js';
import { isRecord } from '../../../lib/deep.js';
import type { Rng } from '../../../lib/rng.js';
import { listAt, recordAt, textAt, type Draft, type FieldPath, type KindRules, type RuleContext } from '../kind.js';
import { invalidValue, requiredValue, type FieldError } from '../status.js';

const NETWORK = '10.96.';
const ADDRESSES = 2 ** 16;
// .0 is the network, .1 is the API server's own service, .10 the cluster's DNS.
const FIRST_ADDRESS = 11;

/** The next free address after `last`, or undefined when none is left. */
function nextClusterIp(used: ReadonlySet<string>, last: number): { readonly address: string; readonly index: number } | undefined {
  for (let step = 1; step < ADDRESSES; step += 1) {
    const index = (last + step) % ADDRESSES;
    if (index < FIRST_ADDRESS || index === ADDRESSES - 1) continue;
    const address = `${NETWORK}${index >>> 8}.${index & 255}`;
    if (!used.has(address)) return { address, index };
  }
  return undefined;
}

const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2768;

const nodePortsOf = (service: KubeObject): number[] =>
  listAt(service['spec'], 'ports')
    .map((port) => recordAt({ port }, 'port')['nodePort'])
    .filter((port) => typeof port === 'number');

/** Hands out what no service has. */
export function createAllocation(services: () => readonly KubeObject[], rng: Rng): Pick<RuleContext, 'allocateClusterIp' | 'allocateNodePort'> {
  let last = 0;
  return {
    allocateClusterIp() {
      const next = nextClusterIp(new Set(services().map((service) => textAt(service['spec'], 'clusterIP'))), last);
      last = next?.index ?? 0;
      return next?.address ?? 'None';
    },
    allocateNodePort() {
      const used = new Set(services().flatMap(nodePortsOf));
      let port = FIRST_NODE_PORT + rng.int(NODE_PORTS);
      for (let step = 0; step < NODE_PORTS && used.has(port); step += 1) port = FIRST_NODE_PORT + ((port - FIRST_NODE_PORT + 1) % NODE_PORTS);
      return port;
    },
  };
}

function defaultPort(port: unknown): unknown {
  if (!isRecord(port)) return port;
  return { ...port, protocol: port['protocol'] ?? 'TCP', targetPort: port['targetPort'] ?? port['port'] };
}

function setDefaults(draft: Draft, context: RuleContext): void {
  const spec: Record<string, unknown> = { ...recordAt(draft, 'spec') };
  draft['spec'] = spec;
  spec['type'] ??= 'ClusterIP';
  spec['sessionAffinity'] ??= 'None';
  if (Array.isArray(spec['ports'])) spec['ports'] = listAt(spec, 'ports').map(defaultPort);
  if (spec['type'] === 'ExternalName') return;
  spec['ipFamilies'] ??= ['IPv4'];
  spec['ipFamilyPolicy'] ??= 'SingleStack';
  spec['internalTrafficPolicy'] ??= 'Cluster';
  if (textAt(spec, 'clusterIP') === '') spec['clusterIP'] = context.allocateClusterIp();
  spec['clusterIPs'] ??= [spec['clusterIP']];
  if (spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer') {
    spec['externalTrafficPolicy'] ??= 'Cluster';
    spec['ports'] = listAt(spec, 'ports').map((port) => (isRecord(port) ? { ...port, nodePort: port['nodePort'] ?? context.allocateNodePort() } : port));
    if (spec['type'] === 'LoadBalancer') spec['allocateLoadBalancerNodePorts'] ??= true;
  }
}

const CARRIED = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'];

function prepareUpdate(draft: Draft, old: KubeObject): void {
  const before = recordAt(old, 'spec');
  const spec: Record<string, unknown> = { ...recordAt(draft, 'spec') };
  draft['spec'] = spec;
  if ((spec['type'] ?? 'ClusterIP') === 'ExternalName') return;
  const ports = listAt(before, 'ports').filter(isRecord);
  const nodePortOf = (port: Readonly<Record<string, unknown>>): unknown =>
    ports.find((old) => old['port'] === port['port'] && (old['protocol'] ?? 'TCP') === (port['protocol'] ?? 'TCP'))?.['nodePort'];
  const withNodePort = (port: unknown): unknown => {
    const kept = isRecord(port) && port['nodePort'] === undefined && spec['type'] !== 'ClusterIP' ? nodePortOf(port) : undefined;
    return isRecord(port) && kept !== undefined ? { ...port, nodePort: kept } : port;
  };
  if (Array.isArray(spec['ports'])) spec['ports'] = listAt(spec, 'ports').map(withNodePort);
  for (const key of CARRIED) if ((spec[key] === undefined || spec[key] === '') && before[key] !== undefined) spec[key] = before[key];
}

function validate(draft: Draft, old: KubeObject | undefined): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  const ports = listAt(spec, 'ports');
  const errors: FieldError[] = [];
  if (spec['type'] === 'ExternalName' && textAt(spec, 'externalName') === '') errors.push(requiredValue('spec.externalName'));
  if (ports.length === 0 && spec['type'] !== 'ExternalName' && spec['clusterIP'] !== 'None') errors.push(requiredValue('spec.ports'));
  ports.forEach((port, index) => {
    const { port: number, name } = recordAt({ port }, 'port');
    if (typeof number !== 'number' || number < 1 || number > 65_535)
      errors.push(invalidValue(`spec.ports[${index}].port`, number, 'must be between 1 and 65535, inclusive'));
    if (ports.length > 1 && (name === undefined || name === '')) errors.push(requiredValue(`spec.ports[${index}].name`));
  });
  const wanted = textAt(spec, 'clusterIP');
  if (old === undefined && wanted !== '' && wanted !== 'None' && !wanted.startsWith(NETWORK)) {
    const why = `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${NETWORK}0.0/16`;
    errors.push(invalidValue('spec.clusterIPs', [wanted], `failed to allocate IP ${wanted}: ${why}`));
  }
  const address = textAt(old?.['spec'], 'clusterIP');
  if (old !== undefined && address !== '' && spec['type'] !== 'ExternalName' && spec['clusterIP'] !== address) {
    errors.push(invalidValue('spec.clusterIPs[0]', listAt(spec, 'clusterIPs'), 'may not change once set'));
  }
  return errors;
}

const ALLOCATED: readonly FieldPath[] = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].map((key) => ['spec', key]);

export const SERVICE_RULES: KindRules = {
  serverSet: ALLOCATED,
  answersDeleted: true,
  createsOnUpdate: true,
  prepareCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
  },
  prepareUpdate,
  setDefaults,
  validate,
  selectableFields: { 'spec.clusterIP': (object) => textAt(object['spec'], 'clusterIP'), 'spec.type': (object) => textAt(object['spec'], 'type') },
};
