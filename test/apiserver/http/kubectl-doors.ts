// The servers that kubectl is tried on. One that is not ours joins through KUBECONFIG_TEST, as in the conformance suite.

import { readFile } from 'node:fs/promises';
import { createRemoteCluster } from '../../../src/cluster/remote.js';
import { CUSTOM_RESOURCE_DEFINITION, type ResourceType } from '../../../src/kinds/resource-type.js';
import { until } from '../../support/sluice.js';
import { startTestServer, WIDGET_DEFINITION } from './test-server.js';

export type KubectlDoor = {
  readonly name: string;
  /** What it says of itself and of the user. */
  readonly version: RegExp;
  readonly user: RegExp;
  /** Whether pods have logs: three lines, and none of a former container. */
  readonly hasLogs: boolean;
  /** A server that knows widgets. */
  open(): Promise<{ readonly kubeconfig: string; close(): Promise<void> }>;
};

const embedded: KubectlDoor = {
  name: 'embedded',
  version: /^Server Version: v1\.34\.1\+sluice$/m,
  user: /^Username +sluice$/m,
  hasLogs: true,
  async open() {
    const { door } = await startTestServer();
    return { kubeconfig: door.kubeconfig(), close: () => door.close() };
  },
};

const WIDGET: ResourceType = { group: 'example.com', version: 'v1', kind: 'Widget', plural: 'widgets', singular: 'widget', shortNames: [], categories: [], namespaced: true };

const real = (file: string): KubectlDoor => ({
  name: 'KUBECONFIG_TEST',
  version: /^Server Version: v1\.\d+\.\d+/m,
  user: /^Username +\S+$/m,
  hasLogs: false,
  async open() {
    const connected = await createRemoteCluster({ kubeconfig: { file, environment: {} } });
    if (!connected.ok) throw new Error(connected.error.message);
    const cluster = connected.value;
    const { name } = WIDGET_DEFINITION.metadata;
    const made = await cluster.create({ type: CUSTOM_RESOURCE_DEFINITION, namespace: '', name }, WIDGET_DEFINITION);
    if (!made.ok && made.error.reason !== 'AlreadyExists') throw new Error(made.error.message);
    await until('widgets to be served', async () => (await cluster.list(WIDGET)).ok);
    cluster.close();
    return { kubeconfig: await readFile(file, 'utf8'), close: async () => undefined };
  },
});

const { KUBECONFIG_TEST: kubeconfig } = process.env;

export const KUBECTL_DOORS: readonly KubectlDoor[] = [embedded, ...(kubeconfig === undefined ? [] : [real(kubeconfig)])];
