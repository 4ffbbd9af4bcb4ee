// The contract of the Cluster port: what console and engine lean on, whichever door they came through.
// It runs on any `Cluster`, a real one too: each test works in a namespace of its own and waits for what a real server does later.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Cluster, ClusterError, WatchEvent, WatchOptions } from '../../src/cluster/cluster.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { ObjectRef } from '../../src/kinds/object-ref.js';
import { CONFIG_MAP, DEPLOYMENT, NAMESPACE, POD, ROLLOUT, SERVICE, VIRTUAL_SERVICE, type ResourceType } from '../../src/kinds/resource-type.js';
import type { Result } from '../../src/lib/result.js';
import { clear, eventually, stage as stageOf, type Api } from './api-door.js';
import type { Door, OpenDoor } from './doors.js';

/** The port, and beside it the API to make namespaces with. */
type Opened = Cluster & { readonly api: Api };

const LONGEST_WAIT_MS = 20_000;

function good<T>(result: Result<T, ClusterError>): T {
  assert.ok(result.ok, result.ok ? '' : `${result.error.code} ${result.error.reason}: ${result.error.message}`);
  return result.value;
}

function bad<T>(result: Result<T, ClusterError>, code: number, reason: string): ClusterError {
  assert.ok(!result.ok, 'the request is refused');
  assert.deepEqual([result.error.code, result.error.reason], [code, reason], result.error.message);
  return result.error;
}

const template = (image: string): object => ({ metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } });

const deployment = (name: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: template('web:1') },
});

const rollout = (name: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name },
  spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: template('web:1'), strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } } },
});

const configMap = (name: string, labels: Record<string, string> = {}): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { k: '1' } });

/** A namespace of its own, and refs into it. */
async function stage({ api }: Opened): Promise<{ namespace: string; ref(type: ResourceType, name: string): ObjectRef }> {
  const { namespace } = await stageOf(api);
  return { namespace, ref: (type, name) => ({ type, namespace, name }) };
}

/** Reads the watch until as many objects came as wanted; bookmarks do not count. */
async function take(cluster: Cluster, type: ResourceType, options: WatchOptions, wanted: number): Promise<string[]> {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), LONGEST_WAIT_MS);
  const seen: string[] = [];
  for await (const event of cluster.watch(type, options, abort.signal)) {
    if (event.type === 'BOOKMARK') continue;
    seen.push(event.type === 'ERROR' ? `ERROR ${event.error.code} ${event.error.reason}` : `${event.type} ${event.object.metadata.name}`);
    if (seen.length >= wanted) break;
  }
  clearTimeout(limit);
  abort.abort();
  return seen;
}

function readingContract(open: () => Opened): void {
  test('get answers 404 in the words of the server', async () => {
    const { ref } = await stage(open());
    assert.equal(bad(await open().get(ref(CONFIG_MAP, 'none')), 404, 'NotFound').message, 'configmaps "none" not found');
    assert.equal(bad(await open().get(ref(ROLLOUT, 'none')), 404, 'NotFound').message, 'rollouts.argoproj.io "none" not found');
    bad(await open().get(ref({ ...CONFIG_MAP, plural: 'nothings' }, 'none')), 404, 'NotFound');
  });

  test('lists filter by label and field, and page through one revision', async () => {
    const { ref, namespace } = await stage(open());
    for (const [name, tier] of [['a', 'web'], ['b', 'db'], ['c', 'web']] as const) good(await open().create(ref(CONFIG_MAP, name), configMap(name, { tier })));
    const names = async (labelSelector: string, fieldSelector?: string): Promise<string> =>
      good(await open().list(CONFIG_MAP, { namespace, labelSelector, ...(fieldSelector === undefined ? {} : { fieldSelector }) })).items.map((item) => item.metadata.name).join();
    assert.equal(await names('tier=web'), 'a,c');
    assert.equal(await names('tier in (db),tier'), 'b');
    assert.equal(await names('tier notin (db),tier'), 'a,c');
    assert.equal(await names('tier', 'metadata.name=c'), 'c');
    const first = good(await open().list(CONFIG_MAP, { namespace, labelSelector: 'tier', limit: 2 }));
    assert.equal(first.items.length, 2);
    good(await open().delete(ref(CONFIG_MAP, 'c')));
    const rest = good(await open().list(CONFIG_MAP, { namespace, labelSelector: 'tier', limit: 2, continue: first.metadata.continue ?? '' }));
    assert.deepEqual(rest.items.map((item) => item.metadata.name), ['c'], 'the second page shows the revision of the first');
    assert.equal(rest.metadata.resourceVersion, first.metadata.resourceVersion);
    bad(await open().list(POD, { namespace, fieldSelector: 'spec.hostname=x' }), 400, 'BadRequest');
  });

  test('discovery names the versions and plurals of a group', async () => {
    const found = good(await open().discover('argoproj.io'));
    assert.ok(found.some((type) => type.plural === 'rollouts' && type.version === 'v1alpha1' && type.kind === 'Rollout' && type.namespaced));
    assert.deepEqual(good(await open().discover('nobody.example')), []);
  });
}

function watchContract(open: () => Opened): void {
  test('a watch tells every change after its revision, once and in order', async () => {
    const { ref, namespace } = await stage(open());
    const from = good(await open().list(CONFIG_MAP, { namespace, labelSelector: 'mine' })).metadata.resourceVersion;
    good(await open().create(ref(CONFIG_MAP, 'a'), configMap('a', { mine: 'yes' })));
    const reading = take(open(), CONFIG_MAP, { namespace, labelSelector: 'mine', resourceVersion: from }, 5);
    good(await open().create(ref(CONFIG_MAP, 'b'), configMap('b', { mine: 'yes' })));
    good(await open().patch(ref(CONFIG_MAP, 'a'), 'merge', { data: { k: '2' } }));
    good(await open().patch(ref(CONFIG_MAP, 'a'), 'merge', { data: { k: '2' } }));
    good(await open().patch(ref(CONFIG_MAP, 'a'), 'merge', { metadata: { labels: { mine: null } } }));
    good(await open().delete(ref(CONFIG_MAP, 'b')));
    assert.deepEqual(await reading, ['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED a', 'DELETED b']);
  });

  test('a watch ends when its reader aborts, and when its time is over', async () => {
    const { namespace } = await stage(open());
    const { resourceVersion } = good(await open().list(CONFIG_MAP, { namespace })).metadata;
    const abort = new AbortController();
    const reading = (async (): Promise<WatchEvent[]> => {
      const events: WatchEvent[] = [];
      for await (const event of open().watch(CONFIG_MAP, { namespace, resourceVersion, labelSelector: 'mine' }, abort.signal)) events.push(event);
      return events;
    })();
    abort.abort();
    assert.deepEqual(await reading, []);
    assert.deepEqual(await take(open(), CONFIG_MAP, { namespace, resourceVersion, labelSelector: 'mine', timeoutSeconds: 1 }, 1), []);
  });
}

function writingContract(open: () => Opened): void {
  test('creations are named, owned by the server in what is its own, and refused twice', async () => {
    const { ref, namespace } = await stage(open());
    const made = good(await open().create(ref(DEPLOYMENT, 'web'), deployment('web')));
    assert.equal(made.metadata.generation, 1);
    assert.equal(made.metadata.namespace, namespace);
    assert.ok(made.metadata.uid !== undefined && made.metadata.creationTimestamp !== undefined);
    assert.match(good(await open().create(ref(CONFIG_MAP, ''), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'x-', name: '' } })).metadata.name, /^x-[a-z0-9]{5}$/);
    assert.equal(bad(await open().create(ref(DEPLOYMENT, 'web'), deployment('web')), 409, 'AlreadyExists').message, 'deployments.apps "web" already exists');
    bad(await open().create(ref(CONFIG_MAP, 'Bad_Name'), configMap('Bad_Name')), 422, 'Invalid');
    assert.match(bad(await open().create({ ...ref(CONFIG_MAP, 'x'), namespace: 'no-such-namespace' }, configMap('x')), 404, 'NotFound').message, /namespaces "no-such-namespace" not found/);
  });

  test('an old resourceVersion is a conflict, and a patch can say which uid it means', async () => {
    const { ref } = await stage(open());
    const made = good(await open().create(ref(CONFIG_MAP, 'a'), configMap('a')));
    good(await open().update(ref(CONFIG_MAP, 'a'), { ...made, data: { k: '2' } }));
    assert.match(bad(await open().update(ref(CONFIG_MAP, 'a'), { ...made, data: { k: '3' } }), 409, 'Conflict').message, /the object has been modified; please apply your changes to the latest version and try again/);
    bad(await open().patch(ref(CONFIG_MAP, 'a'), 'merge', { metadata: { resourceVersion: made.metadata.resourceVersion }, data: { k: '3' } }), 409, 'Conflict');
    bad(await open().update(ref(CONFIG_MAP, 'a'), { ...configMap('a'), metadata: { name: 'a', uid: 'another' } }), 409, 'Conflict');
    assert.match(bad(await open().patch(ref(CONFIG_MAP, 'a'), 'merge', { metadata: { uid: 'another' }, data: { k: '3' } }), 422, 'Invalid').message, /metadata\.uid: Invalid value: "another": field is immutable/);
    bad(await open().patch(ref(CONFIG_MAP, 'a'), 'json', [{ op: 'test', path: '/data/k', value: '1' }, { op: 'replace', path: '/data/k', value: '3' }]), 422, 'Invalid');
    assert.deepEqual(good(await open().get(ref(CONFIG_MAP, 'a')))['data'], { k: '2' });
  });

  test('generation counts the spec, status is apart, a write without a change is none', async () => {
    const { ref } = await stage(open());
    good(await open().create(ref(ROLLOUT, 'r'), rollout('r')));
    const labelled = good(await open().patch(ref(ROLLOUT, 'r'), 'merge', { metadata: { labels: { a: 'b' } }, status: { phase: 'Healthy' } }));
    assert.deepEqual([labelled.metadata.generation, labelled['status']], [1, undefined]);
    const status = good(await open().patch(ref(ROLLOUT, 'r'), 'merge', { spec: { replicas: 9 }, status: { phase: 'Healthy' } }, { subresource: 'status' }));
    assert.deepEqual([status.metadata.generation, (status['spec'] as { replicas: number }).replicas, status['status']], [1, 0, { phase: 'Healthy' }]);
    good(await open().patch(ref(ROLLOUT, 'r'), 'merge', { metadata: { uid: 'another' }, status: { phase: 'Healthy' } }, { subresource: 'status' }));
    const again = good(await open().patch(ref(ROLLOUT, 'r'), 'merge', { status: { phase: 'Healthy' } }, { subresource: 'status' }));
    assert.equal(again.metadata.resourceVersion, status.metadata.resourceVersion);
    assert.equal(good(await open().patch(ref(ROLLOUT, 'r'), 'merge', { spec: { revisionHistoryLimit: 3 } })).metadata.generation, 2);
    bad(await open().update(ref(ROLLOUT, 'r'), rollout('r')), 422, 'Invalid');
  });

  test('strategic patches merge lists of built-in kinds, and are refused for custom resources', async () => {
    const { ref } = await stage(open());
    good(await open().create(ref(DEPLOYMENT, 'web'), deployment('web')));
    const patch = { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }] } } } };
    const merged = good(await open().patch(ref(DEPLOYMENT, 'web'), 'strategic', patch));
    const { containers } = (merged['spec'] as { template: { spec: { containers: { name: string }[] } } }).template.spec;
    assert.deepEqual(containers.map(({ name }) => name).toSorted(), ['side', 'web']);
    good(await open().create(ref(ROLLOUT, 'r'), rollout('r')));
    bad(await open().patch(ref(ROLLOUT, 'r'), 'strategic', patch), 415, 'UnsupportedMediaType');
  });

  test('scale is read and written through its subresource', async () => {
    const { ref } = await stage(open());
    for (const [type, object] of [[DEPLOYMENT, deployment('web')], [ROLLOUT, rollout('web')]] as const) {
      good(await open().create(ref(type, 'web'), object));
      const scale = good(await open().patch(ref(type, 'web'), 'merge', { spec: { replicas: 2 } }, { subresource: 'scale' }));
      assert.deepEqual([scale.apiVersion, scale.kind, scale['spec']], ['autoscaling/v1', 'Scale', { replicas: 2 }]);
      assert.equal((good(await open().get(ref(type, 'web')))['spec'] as { replicas: number }).replicas, 2);
    }
  });

  test('wrong values and unknown fields are named', async () => {
    const { ref } = await stage(open());
    const wrong = { ...rollout('r'), spec: { ...(rollout('r')['spec'] as object), replicas: 'two' } };
    const error = bad(await open().create(ref(ROLLOUT, 'r'), wrong), 422, 'Invalid');
    assert.match(error.message, /spec\.replicas: Invalid value: "string": spec\.replicas in body must be of type integer: "string"/);
    assert.ok(error.causes?.some((cause) => cause.field === 'spec.replicas'));
    const unknown = { ...rollout('r'), spec: { ...(rollout('r')['spec'] as object), replica: 2 } };
    assert.match(bad(await open().create(ref(ROLLOUT, 'r'), unknown, { fieldValidation: 'Strict' }), 400, 'BadRequest').message, /strict decoding error: unknown field "spec\.replica"/);
    const pruned = good(await open().create(ref(ROLLOUT, 'r'), unknown));
    assert.equal((pruned['spec'] as Record<string, unknown>)['replica'], undefined);
    assert.match(bad(await open().patch(ref(DEPLOYMENT, 'none'), 'merge', {}), 404, 'NotFound').message, /deployments\.apps "none" not found/);
  });

  test('an applied field has its owner: others conflict, share it or take it by force, and it goes when nobody applies it', async () => {
    const { ref } = await stage(open());
    const apply = (manager: string, data: Record<string, string>, force = false): ReturnType<Cluster['patch']> =>
      open().patch(ref(CONFIG_MAP, 'a'), 'apply', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }, { fieldManager: manager, ...(force ? { force } : {}) });
    const made = good(await apply('one', { k: '1', l: '1' }));
    const [owner] = (made.metadata.managedFields ?? []) as readonly { manager: string; operation: string; fieldsV1: unknown }[];
    assert.deepEqual([owner?.manager, owner?.operation, owner?.fieldsV1], ['one', 'Apply', { 'f:data': { 'f:k': {}, 'f:l': {} } }]);
    assert.match(bad(await apply('two', { k: '2' }), 409, 'Conflict').message, /Apply failed with 1 conflict: conflict with "one": \.data\.k/);
    good(await apply('two', { k: '1' }));
    assert.deepEqual(good(await apply('one', { l: '1' }))['data'], { k: '1', l: '1' });
    assert.deepEqual(good(await apply('three', { l: '3' }, true))['data'], { k: '1', l: '3' });
    assert.deepEqual(good(await apply('two', {}))['data'], { l: '3' });
  });

  test('a dry run leaves nothing', async () => {
    const { ref } = await stage(open());
    good(await open().create(ref(CONFIG_MAP, 'a'), configMap('a'), { dryRun: true }));
    bad(await open().get(ref(CONFIG_MAP, 'a')), 404, 'NotFound');
  });

  test('services get their address, several versions of one resource are the same object', async () => {
    const { ref } = await stage(open());
    const service = good(await open().create(ref(SERVICE, 's'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }));
    assert.match((service['spec'] as { clusterIP: string }).clusterIP, /^\d+\.\d+\.\d+\.\d+$/);
    const route = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'VirtualService', metadata: { name: 'v' }, spec: { hosts: ['s'], http: [{ route: [{ destination: { host: 's' }, weight: 100 }] }] } };
    const made = good(await open().create(ref(VIRTUAL_SERVICE, 'v'), route));
    const newer = good(await open().get(ref({ ...VIRTUAL_SERVICE, version: 'v1beta1' }, 'v')));
    assert.deepEqual([newer.apiVersion, newer.metadata.uid, newer['spec']], ['networking.istio.io/v1beta1', made.metadata.uid, made['spec']]);
  });
}

function deletionContract(open: () => Opened): void {
  test('deletion obeys preconditions and finalizers', async () => {
    const { ref } = await stage(open());
    good(await open().create(ref(CONFIG_MAP, 'a'), { ...configMap('a'), metadata: { name: 'a', finalizers: ['contract.io/hold'] } }));
    bad(await open().delete(ref(CONFIG_MAP, 'a'), { uid: 'another' }), 409, 'Conflict');
    good(await open().delete(ref(CONFIG_MAP, 'a')));
    assert.ok(good(await open().get(ref(CONFIG_MAP, 'a'))).metadata.deletionTimestamp !== undefined);
    good(await open().patch(ref(CONFIG_MAP, 'a'), 'merge', { metadata: { finalizers: null } }));
    bad(await open().get(ref(CONFIG_MAP, 'a')), 404, 'NotFound');
  });

  test('dependents go with their owner, orphans stay', async () => {
    const { ref } = await stage(open());
    const owned = async (name: string, owner: KubeObject): Promise<void> => {
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid ?? '' }];
      good(await open().create(ref(CONFIG_MAP, name), { ...configMap(name), metadata: { name, ownerReferences } }));
    };
    await owned('child', good(await open().create(ref(CONFIG_MAP, 'owner'), configMap('owner'))));
    await owned('orphan', good(await open().create(ref(CONFIG_MAP, 'leaver'), configMap('leaver'))));
    good(await open().delete(ref(CONFIG_MAP, 'owner'), { propagation: 'Background' }));
    good(await open().delete(ref(CONFIG_MAP, 'leaver'), { propagation: 'Orphan' }));
    await eventually('the dependent goes', async () => !(await open().get(ref(CONFIG_MAP, 'child'))).ok);
    await eventually('the orphan has no owner', async () => good(await open().get(ref(CONFIG_MAP, 'orphan'))).metadata.ownerReferences === undefined);
  });

  test('a namespace takes its objects with it', async () => {
    const { ref, namespace } = await stage(open());
    good(await open().create(ref(CONFIG_MAP, 'a'), configMap('a')));
    good(await open().delete({ type: NAMESPACE, namespace: '', name: namespace }));
    await eventually('it is empty', async () => !(await open().get(ref(CONFIG_MAP, 'a'))).ok);
    await eventually('it is gone', async () => !(await open().get({ type: NAMESPACE, namespace: '', name: namespace })).ok);
  });
}

/** Registers the whole contract for one door. */
export function clusterContract(door: Door): void {
  describe(`cluster contract: ${door.name}`, () => {
    let opened: OpenDoor | undefined;
    const open = (): Opened => {
      assert.ok(opened, 'the door is open');
      return { ...opened.cluster, api: opened.api };
    };
    before(async () => {
      opened = await door.open();
    });
    after(async () => {
      if (opened !== undefined) await clear(opened.api);
      await opened?.close();
    });
    readingContract(open);
    watchContract(open);
    writingContract(open);
    deletionContract(open);
  });
}
