// A real control plane on loopback, without containers: etcd, API server, controller manager, scheduler, and kwok as the kubelet
// of a few nodes. Ports are chosen at each start, all data is in one temporary folder, and all of it is gone after stop().

import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cluster } from '../../src/cluster/cluster.js';
import { createRemoteCluster } from '../../src/cluster/remote.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { CUSTOM_RESOURCE_DEFINITION, NODE, SERVICE_ACCOUNT } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { until } from '../support/sluice.js';
import { type Access, makeAccess } from './access.js';
import { type Program, startProgram } from './processes.js';

export type ControlPlane = {
  /** Of a user who may do everything. */
  readonly kubeconfig: string;
  /** Where the programs' logs are, up to stop(). */
  readonly folder: string;
  stop(): Promise<void>;
};

export type ControlPlaneOptions = {
  /** The folder of the programs. */
  readonly tools: string;
  /** Installed before the controllers start, whose garbage collector then knows their kinds from the first moment. */
  readonly definitions: readonly KubeObject[];
  /** Gives up the start. */
  readonly signal: AbortSignal;
};

const HOST = '127.0.0.1';
const NODES = 3;
const SERVICE_RANGE = '10.96.0.0/16';
const POD_RANGE = '10.64.0.1/16';
/** A machine that is busy with other tests takes ten times as long as an idle one. */
const LONGEST_START_MS = 120_000;
const REQUEST_TIMEOUT_MS = 2000;
/** More than tests ask for, so that no controller waits for its own limit. */
const REQUESTS_PER_SECOND = 200;
const BURST = 400;
/** Leases are renewed four times in this time; nobody here looks at them. */
const NODE_LEASE_SECONDS = 600;
/** Nodes are never lost here, and a busy machine may make it look as if. */
const CONTROLLERS = '*,-node-lifecycle-controller,-taint-eviction-controller';
const STAGES = path.join(process.env['SLUICE_ROOT'] ?? '.', 'test', 'control-plane', 'pods.yaml');

export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-control-plane-'));
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    // Clients before servers: nobody spends its end with retries.
    for (const program of programs.toReversed()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const run = (name: string, flags: Readonly<Record<string, string | number | boolean>>): void => {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    programs.push(startProgram(path.join(options.tools, name), args, folder));
  };
  /** Waits; fails at once when a program has ended. */
  const untilUp = (what: string, look: () => Promise<boolean>): Promise<boolean> =>
    until(what, async () => {
      options.signal.throwIfAborted();
      const dead = programs.find((program) => program.ended() !== undefined);
      if (dead !== undefined) throw new Error(`${dead.name} has ended (${dead.ended()}); it said:\n${dead.lastWords()}`);
      return look();
    }, LONGEST_START_MS);
  try {
    const access = await startServers(folder, run, untilUp);
    const kubeconfig = access.kubeconfigOf('admin');
    const made = await createRemoteCluster({ kubeconfig: { file: kubeconfig, environment: {} } });
    if (!made.ok) throw new Error(made.error.message);
    await define(made.value, options.definitions, untilUp);
    await startControllers(folder, access, run);
    await makeNodes(made.value, untilUp);
    made.value.close();
    return { kubeconfig, folder, stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

type Run = (name: string, flags: Readonly<Record<string, string | number | boolean>>) => void;
type UntilUp = (what: string, look: () => Promise<boolean>) => Promise<boolean>;

/** Ports that are free now. All are held at the same time, or one could be given twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port));
  })));
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
  return ports;
}

async function startServers(folder: string, run: Run, untilUp: UntilUp): Promise<Access> {
  const [clients = 0, peers = 0, api = 0] = await freePorts(3);
  const access = await makeAccess(path.join(folder, 'access'), `https://${HOST}:${api}`);
  const { certificate, key, tokens, signingKey } = access.files;
  run('etcd', {
    name: 'one',
    'data-dir': path.join(folder, 'etcd'),
    'listen-client-urls': `http://${HOST}:${clients}`,
    'advertise-client-urls': `http://${HOST}:${clients}`,
    'listen-peer-urls': `http://${HOST}:${peers}`,
    'initial-advertise-peer-urls': `http://${HOST}:${peers}`,
    'initial-cluster': `one=http://${HOST}:${peers}`,
    // The data does not outlive the process.
    'unsafe-no-fsync': true,
    'log-level': 'warn',
  });
  run('kube-apiserver', {
    'etcd-servers': `http://${HOST}:${clients}`,
    'bind-address': HOST,
    'advertise-address': HOST,
    'secure-port': api,
    'tls-cert-file': certificate,
    'tls-private-key-file': key,
    'token-auth-file': tokens,
    'authorization-mode': 'RBAC',
    'service-account-issuer': access.url,
    'api-audiences': access.url,
    'service-account-key-file': signingKey,
    'service-account-signing-key-file': signingKey,
    'service-cluster-ip-range': SERVICE_RANGE,
    // There is one API server, and no pod that would look for it.
    'endpoint-reconciler-type': 'none',
    // Or nodes would begin with a taint that only the node lifecycle controller takes away.
    'disable-admission-plugins': 'TaintNodesByCondition',
    'allow-privileged': true,
    profiling: false,
  });
  await untilUp('the API server', () => isReady(access));
  return access;
}

function isReady(access: Access): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(`${access.url}/readyz`, { ca: access.caPem, headers: { authorization: `Bearer ${access.adminToken}` }, timeout: REQUEST_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('error', () => resolve(false));
    asked.once('timeout', () => asked.destroy());
    asked.end();
  });
}

async function startControllers(folder: string, access: Access, run: Run): Promise<void> {
  run('kube-controller-manager', {
    kubeconfig: access.kubeconfigOf('system:kube-controller-manager'),
    'secure-port': 0,
    'leader-elect': false,
    controllers: CONTROLLERS,
    'service-account-private-key-file': access.files.signingKey,
    'root-ca-file': access.files.certificate,
    'kube-api-qps': REQUESTS_PER_SECOND,
    'kube-api-burst': BURST,
    profiling: false,
  });
  run('kube-scheduler', {
    kubeconfig: access.kubeconfigOf('system:kube-scheduler'),
    'secure-port': 0,
    'leader-elect': false,
    'kube-api-qps': REQUESTS_PER_SECOND,
    'kube-api-burst': BURST,
    profiling: false,
  });
  run('kwok', {
    kubeconfig: access.kubeconfigOf('kwok'),
    config: STAGES,
    'manage-all-nodes': true,
    'node-ip': HOST,
    cidr: POD_RANGE,
    'node-lease-duration-seconds': NODE_LEASE_SECONDS,
  });
}

const definitionRef = (name: string) => ({ type: CUSTOM_RESOURCE_DEFINITION, namespace: '', name });
const holds = (object: KubeObject, condition: string): boolean =>
  (object['status'] as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } | undefined)?.conditions?.some(({ type, status }) => type === condition && status === 'True') === true;

/** Tries again when there was no answer: a server that has just started on a busy machine is slow. */
async function create(cluster: Cluster, type: ResourceType, object: KubeObject, untilUp: UntilUp): Promise<void> {
  const { name } = object.metadata;
  await untilUp(`${object.kind} ${name} to be made`, async () => {
    const made = await cluster.create({ type, namespace: '', name }, object);
    if (!made.ok && made.error.code !== 0 && made.error.reason !== 'AlreadyExists') throw new Error(`${object.kind} ${name}: ${made.error.message}`);
    return made.ok || made.error.reason === 'AlreadyExists';
  });
}

async function define(cluster: Cluster, definitions: readonly KubeObject[], untilUp: UntilUp): Promise<void> {
  for (const definition of definitions) await create(cluster, CUSTOM_RESOURCE_DEFINITION, definition, untilUp);
  for (const { metadata } of definitions) {
    await untilUp(`${metadata.name} to be served`, async () => {
      const found = await cluster.get(definitionRef(metadata.name));
      return found.ok && holds(found.value, 'Established');
    });
  }
}

async function makeNodes(cluster: Cluster, untilUp: UntilUp): Promise<void> {
  for (let index = 1; index <= NODES; index += 1) {
    const name = `node-${index}`;
    await create(cluster, NODE, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } } }, untilUp);
  }
  await untilUp('ready nodes', async () => {
    const nodes = await cluster.list(NODE);
    return nodes.ok && nodes.value.items.length === NODES && nodes.value.items.every((node) => holds(node, 'Ready'));
  });
  // Made by the controller manager; no pod is admitted before it.
  await untilUp('the default service account', async () => (await cluster.get({ type: SERVICE_ACCOUNT, namespace: 'default', name: 'default' })).ok);
}
