// Rollouts on a real control plane that nobody drives, each with a ReplicaSet and its pods, and a hand that moves them: every change
// is one that a screen shows.

import { spawnSync } from 'node:child_process';
import { startControlPlane } from '../control-plane/control-plane.js';
import { buildTools } from '../control-plane/tools.js';
import { createRemoteCluster, type RemoteCluster } from '../../src/cluster/remote.js';
import { customResourceDefinitions } from '../../src/kinds/custom-resources.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { ObjectRef } from '../../src/kinds/object-ref.js';
import { NAMESPACE, POD, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import type { Result } from '../../src/lib/result.js';
import { until } from '../support/sluice.js';
import { routeDefinitions } from '../../src/kinds/route-definitions.js';

/** Writes at one time: what a busy machine's server answers without refusing. */
const HANDS = 8;
const PODS_EACH = 2;
const STEPS = 4;
/** Starting so many pods keeps a busy machine occupied for minutes. */
const LONGEST_FILLING_MS = 600_000;

export type AttachCluster = {
  readonly kubeconfig: string;
  /** More of them, up to so many, spread over the namespaces; with pods where that is asked for. */
  fill(count: number, namespaces: readonly string[], withPods: boolean): Promise<void>;
  /** Moves one to another step; resolves with its weight when the server has it. */
  move(place: number, turn: number): Promise<number>;
  /** Moves that many rollouts a second, one after the other, until it is told to stop. */
  change(perSecond: number): () => Promise<void>;
  clear(): Promise<void>;
  stop(): Promise<void>;
};

export const nameOf = (place: number): string => `service-${String(place).padStart(4, '0')}`;

export const weightOf = (turn: number): number => (turn % STEPS < 2 ? 20 : 60);

const must = <T, E>(answer: Result<T, E>): T => {
  if (answer.ok) return answer.value;
  throw new Error(JSON.stringify(answer.error));
};

const template = (app: string): object => ({ metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image: 'busy.test/s:1' }] } });

function rollout(place: number, namespace: string): KubeObject {
  const app = nameOf(place);
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: app, namespace },
    spec: {
      replicas: PODS_EACH, selector: { matchLabels: { app } }, template: template(app),
      strategy: { canary: { steps: [{ setWeight: 20 }, { pause: { duration: '1h' } }, { setWeight: 60 }, { pause: { duration: '1h' } }] } },
    },
  };
}

function replicaSet(owner: KubeObject): KubeObject {
  const { name, namespace = '', uid = '' } = owner.metadata;
  const ownerReferences = [{ apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true }];
  const annotations = { 'rollout.argoproj.io/revision': '1' };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: `${name}-bbbb`, namespace, ownerReferences, annotations }, spec: { replicas: PODS_EACH, selector: { matchLabels: { app: name } }, template: template(name) } };
}

const AT_REST = { phase: 'Healthy', currentPodHash: 'bbbb', stableRS: 'bbbb', observedGeneration: '1' };

function moving(turn: number): object {
  const weight = weightOf(turn);
  return {
    phase: 'Progressing', message: 'more replicas need to be updated', currentStepIndex: turn % STEPS, currentPodHash: 'aaaa', stableRS: 'bbbb', observedGeneration: '1',
    canary: { weights: { canary: { weight, podTemplateHash: 'aaaa' }, stable: { weight: 100 - weight, podTemplateHash: 'bbbb' } } },
  };
}

/** Undefined, with the reason said, where there is no Go and no control plane that was built before. */
export async function startAttachCluster(say: (line: string) => void): Promise<AttachCluster | undefined> {
  const { signal } = new AbortController();
  const tools = await buildTools(say, signal).catch((error: unknown) => (spawnSync('go', ['version']).status === 0 ? Promise.reject(error) : undefined));
  if (tools === undefined) {
    say('attach: skipped, because Go is not installed and the control plane is built with it');
    return undefined;
  }
  const plane = await startControlPlane({ tools, definitions: [...customResourceDefinitions(), ...routeDefinitions()], signal });
  const cluster = must(await createRemoteCluster({ kubeconfig: { file: plane.kubeconfig, environment: {} } }));
  return { ...createHands(cluster), kubeconfig: plane.kubeconfig, async stop() {
    cluster.close();
    await plane.stop();
  } };
}

function createHands(cluster: RemoteCluster): Omit<AttachCluster, 'kubeconfig' | 'stop'> {
  const places: ObjectRef[] = [];
  const patch = async (ref: ObjectRef, status: object): Promise<void> => void must(await cluster.patch(ref, 'merge', { status }, { subresource: 'status' }));
  const move = async (place: number, turn: number): Promise<number> => {
    const ref = places[place % places.length];
    if (ref !== undefined) await patch(ref, moving(turn));
    return weightOf(turn);
  };
  const inParallel = async (count: number, work: (index: number) => Promise<void>): Promise<void> => {
    let next = 0;
    await Promise.all(Array.from({ length: HANDS }, async () => {
      while (next < count) await work(next++);
    }));
  };
  const make = async (place: number, namespace: string, withPods: boolean): Promise<void> => {
    const ref = { type: ROLLOUT, namespace, name: nameOf(place) };
    const created = must(await cluster.create(ref, rollout(place, namespace)));
    await patch(ref, AT_REST);
    if (withPods) must(await cluster.create({ type: REPLICA_SET, namespace, name: `${ref.name}-bbbb` }, replicaSet(created)));
    places[place] = ref;
  };
  return {
    move,
    async fill(count, namespaces, withPods) {
      for (const name of namespaces) {
        if (!(await cluster.get({ type: NAMESPACE, namespace: '', name })).ok)
          must(await cluster.create({ type: NAMESPACE, namespace: '', name }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
      }
      const present = places.length;
      await inParallel(count - present, (index) => make(present + index, namespaces[(present + index) % namespaces.length] ?? 'default', withPods));
      if (!withPods) return;
      await until('the pods to be ready', async () => {
        const pods = must(await cluster.list(POD, { namespace: namespaces[0] ?? 'default' }));
        return pods.items.filter((pod) => JSON.stringify(pod['status']).includes('"type":"Ready"')).length >= count * PODS_EACH;
      }, LONGEST_FILLING_MS);
    },
    change(perSecond) {
      let turn = 0;
      let last: Promise<unknown> = Promise.resolve();
      const timer = setInterval(() => {
        const now = turn;
        turn += 1;
        last = last.then(() => move(now, Math.floor(now / places.length)));
      }, 1000 / perSecond);
      return async () => {
        clearInterval(timer);
        await last;
      };
    },
    async clear() {
      await inParallel(places.length, async (index) => {
        const ref = places[index];
        if (ref !== undefined) await cluster.delete(ref, { propagation: 'Background' });
      });
      places.length = 0;
    },
  };
}
