// What pods do by what is written in them: the same in our sandbox and on the nodes of a real control plane (KUBECONFIG_TEST), so that
// one manifest of a test means the same on both.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import { createStore } from '../../src/apiserver/store/store.js';
import type { Cluster, ClusterError } from '../../src/cluster/cluster.js';
import { createRemoteCluster } from '../../src/cluster/remote.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { isPodReady, podOf, type Pod } from '../../src/kinds/pod.js';
import { JOB, NAMESPACE, POD, SERVICE_ACCOUNT } from '../../src/kinds/resource-type.js';
import { systemClock } from '../../src/lib/clock.js';
import type { Result } from '../../src/lib/result.js';
import { createRng } from '../../src/lib/rng.js';
import { startSandbox } from '../../src/sandbox/run.js';
import { until } from '../support/sluice.js';

type Door = { readonly name: string; open(): Promise<{ readonly cluster: Cluster; close(): Promise<void> }> };

const sandbox: Door = {
  name: 'sandbox',
  async open() {
    const cluster = createInProcessCluster({ store: createStore({ now: systemClock.now(), rng: createRng(1), definitions: [] }), clock: systemClock, name: 'kubelet' });
    const running = startSandbox({ cluster, clock: systemClock, rng: createRng(2) });
    return { cluster, close: () => running.stop() };
  },
};

const real = (file: string): Door => ({
  name: 'KUBECONFIG_TEST',
  async open() {
    const made = await createRemoteCluster({ kubeconfig: { file, environment: {} } });
    assert.ok(made.ok, 'the kubeconfig can be read');
    return { cluster: made.value, close: async () => made.value.close() };
  },
});

const { KUBECONFIG_TEST: kubeconfig } = process.env;
const DOORS: readonly Door[] = [sandbox, ...(kubeconfig === undefined ? [] : [real(kubeconfig)])];

function good<T>(result: Result<T, ClusterError>): T {
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

const GATE = 'conformance.sluice.dev/gate';
const container = (more: object): object => ({ name: 'c', image: 'web:1', ...more });
const waitsFor = (pod: Pod, index = 0): string | undefined => pod.status?.containerStatuses?.[index]?.state?.waiting?.reason;
const conditionOf = (object: KubeObject, type: string): string | undefined =>
  (object['status'] as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } | undefined)?.conditions?.find((condition) => condition.type === type)?.status;

/** A pod's spec, and what the pod comes to. */
const PODS: Readonly<Record<string, readonly [spec: object, comesTo: (pod: Pod) => boolean]>> = {
  'runs and is ready': [{ containers: [container({})] }, (pod) => pod.status?.phase === 'Running' && isPodReady(pod)],
  'is ready after its readiness probe was first due': [
    { containers: [container({ readinessProbe: { initialDelaySeconds: 1, tcpSocket: { port: 80 } } })] },
    isPodReady,
  ],
  'never pulls :bad': [{ containers: [container({ image: 'web:bad' })] }, (pod) => pod.status?.phase === 'Pending' && waitsFor(pod) === 'ImagePullBackOff' && !isPodReady(pod)],
  'never pulls :error': [{ containers: [container({ image: 'web:error' })] }, (pod) => waitsFor(pod) === 'ImagePullBackOff'],
  'never pulls does-not-exist': [{ containers: [container({ image: 'web:does-not-exist' })] }, (pod) => waitsFor(pod) === 'ImagePullBackOff'],
  'crashes with /bad-command': [{ containers: [container({ command: ['/bad-command-1'] })] }, (pod) => waitsFor(pod) === 'CrashLoopBackOff' && !isPodReady(pod)],
  'ends with the exit code of its command': [
    { restartPolicy: 'Never', containers: [container({ command: ['sh', '-c', 'sleep 1 && exit 3'] })] },
    (pod) => pod.status?.phase === 'Failed' && pod.status.containerStatuses?.[0]?.state?.terminated?.exitCode === 3,
  ],
};

/** A container of a Job, and the condition that the Job comes to. */
const JOBS: Readonly<Record<string, readonly [container: object, condition: string]>> = {
  'is complete after exit 0': [container({ command: ['sh', '-c', 'sleep 1 && exit 0'] }), 'Complete'],
  'has failed after exit 1': [container({ command: ['sh', '-c', 'sleep 1 && exit 1'] }), 'Failed'],
  'has failed with /bad-command': [container({ command: ['/bad-command'] }), 'Failed'],
};

for (const door of DOORS) describe(`kubelet: ${door.name}`, { concurrency: true }, () => {
  let cluster: Cluster;
  let namespace: string;
  let close: () => Promise<void>;
  const ref = (type: typeof POD, name: string) => ({ type, namespace, name });
  const make = async (kind: typeof POD, name: string, spec: object): Promise<void> => {
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    good(await cluster.create(ref(kind, name), { apiVersion, kind: kind.kind, metadata: { name }, spec }));
  };
  const untilPod = (name: string, holds: (pod: Pod) => boolean): Promise<unknown> => until(name, async () => holds(podOf(good(await cluster.get(ref(POD, name))))));

  before(async () => {
    ({ cluster, close } = await door.open());
    const made = good(await cluster.create({ type: NAMESPACE, namespace: '', name: '' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'kubelet-', name: '' } }));
    namespace = made.metadata.name;
    await until('the service account', async () => (await cluster.get({ type: SERVICE_ACCOUNT, namespace, name: 'default' })).ok);
  });
  after(async () => {
    good(await cluster.delete({ type: NAMESPACE, namespace: '', name: namespace }));
    await close();
  });

  for (const [index, [title, [spec, comesTo]]] of Object.entries(PODS).entries()) {
    test(`a pod ${title}`, async () => {
      await make(POD, `pod-${index}`, spec);
      await untilPod(`pod-${index}`, comesTo);
    });
  }

  for (const [index, [title, [part, condition]]] of Object.entries(JOBS).entries()) {
    test(`a Job ${title}`, async () => {
      await make(JOB, `job-${index}`, { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [part] } } });
      await until(condition, async () => conditionOf(good(await cluster.get(ref(JOB, `job-${index}`))), condition) === 'True');
    });
  }

  test('a pod is as ready as its gates say', async () => {
    await make(POD, 'gated', { readinessGates: [{ conditionType: GATE }], containers: [container({})] });
    const turn = async (status: string): Promise<void> => {
      good(await cluster.patch(ref(POD, 'gated'), 'strategic', { status: { conditions: [{ type: GATE, status }] } }, { subresource: 'status' }));
    };
    await untilPod('gated', (pod) => pod.status?.phase === 'Running' && !isPodReady(pod));
    await turn('True');
    await untilPod('gated', isPodReady);
    await turn('False');
    await untilPod('gated', (pod) => !isPodReady(pod));
  });

  test('a deleted pod is gone, after its finalizers', async () => {
    good(await cluster.create(ref(POD, 'leaving'), { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'leaving', finalizers: ['conformance.sluice.dev/hold'] }, spec: { containers: [container({})] } }));
    await untilPod('leaving', isPodReady);
    good(await cluster.delete(ref(POD, 'leaving')));
    // The kubelet is through with it: nothing is left to wait for but whoever holds it.
    await untilPod('leaving', (pod) => pod.metadata['deletionGracePeriodSeconds'] === 0);
    good(await cluster.patch(ref(POD, 'leaving'), 'merge', { metadata: { finalizers: null } }));
    await until('its end', async () => !(await cluster.get(ref(POD, 'leaving'))).ok);
  });
});
