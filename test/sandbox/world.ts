// A whole cluster in this process for the sandbox's tests: the real store, the real sandbox, a clock that tests move.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import type { InProcessOptions } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { podOf } from '../../src/kinds/pod.js';
import { POD } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { VirtualClock } from '../../src/lib/clock.js';
import { createRng } from '../../src/lib/rng.js';
import { startSandbox } from '../../src/sandbox/run.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/run.js';

export const START = Date.parse('2026-11-21T09:00:00Z');

export type TestWorld = {
  readonly cluster: Cluster;
  readonly clock: VirtualClock;
  readonly sandbox: Sandbox;
  create(type: ResourceType, object: Readonly<Record<string, unknown>>): Promise<KubeObject>;
  get(type: ResourceType, name: string): Promise<KubeObject | undefined>;
  list(type: ResourceType): Promise<readonly KubeObject[]>;
  merge(type: ResourceType, name: string, body: unknown, subresource?: string): Promise<void>;
  pods(): Promise<readonly ReturnType<typeof podOf>[]>;
  run(ms: number): Promise<void>;
};

export async function aWorld(options: Partial<SandboxOptions> & Pick<InProcessOptions, 'faults'> = {}): Promise<TestWorld> {
  const clock = new VirtualClock(START);
  const store = createStore({ now: START, rng: createRng(1), definitions: customResourceDefinitions() });
  const cluster = createInProcessCluster({ store, clock, name: 'test' });
  // Faults are the sandbox's alone: what the test does and reads is never disturbed.
  const troubled = options.faults === undefined ? cluster : createInProcessCluster({ store, clock, name: 'test', faults: options.faults });
  const sandbox = startSandbox({ cluster: troubled, clock, rng: createRng(2), ...options });
  const run = (ms: number): Promise<void> => clock.runUntil(clock.now() + ms);
  await run(1);
  const list = async (type: ResourceType): Promise<readonly KubeObject[]> => {
    const listed = await cluster.list(type, { namespace: 'default' });
    return listed.ok ? listed.value.items : [];
  };
  return {
    cluster,
    clock,
    sandbox,
    run,
    list,
    async create(type, object) {
      const name = (object['metadata'] as { name: string }).name;
      const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
      const made = await cluster.create({ type, namespace: 'default', name }, { apiVersion, kind: type.kind, ...object } as unknown as KubeObject);
      if (!made.ok) throw new Error(made.error.message);
      return made.value;
    },
    async get(type, name) {
      const found = await cluster.get({ type, namespace: 'default', name });
      return found.ok ? found.value : undefined;
    },
    async merge(type, name, body, subresource) {
      const done = await cluster.patch({ type, namespace: 'default', name }, 'merge', body, subresource === undefined ? {} : { subresource });
      if (!done.ok) throw new Error(done.error.message);
    },
    pods: async () => (await list(POD)).map(podOf),
  };
}

export function template(app: string, image: string, more: { readonly annotations?: Record<string, string>; readonly spec?: Record<string, unknown>; readonly container?: Record<string, unknown> } = {}): Record<string, unknown> {
  return {
    metadata: { labels: { app }, ...(more.annotations === undefined ? {} : { annotations: more.annotations }) },
    spec: { containers: [{ name: app, image, ...more.container }], ...more.spec },
  };
}

export const replicaSet = (name: string, replicas: number, podTemplate: Record<string, unknown>, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  metadata: { name }, spec: { replicas, selector: { matchLabels: (podTemplate['metadata'] as { labels: unknown }).labels }, template: podTemplate, ...more },
});
