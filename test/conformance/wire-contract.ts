// What strangers see of a server that speaks HTTP: discovery in its three forms, OpenAPI, tables, protobuf bodies, roles, and refusals.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BUILT_IN_TYPES, CUSTOM_RESOURCE_DEFINITION, ROLLOUT, type ResourceType } from '../../src/kinds/resource-type.js';
import { clear, eventually, stage, type Http, type Stage } from './api-door.js';
import { at, configMap, TEMPLATE } from './api/bodies.js';
import type { Door, OpenDoor } from './doors.js';

type Json = Record<string, unknown>;

type Wire = { readonly http: Http; readonly json: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<{ readonly code: number; readonly body: Json }> };

type Open = () => Wire & { readonly begin: () => Promise<Stage> };

const TYPES: readonly ResourceType[] = [...BUILT_IN_TYPES, ROLLOUT];

const rootOf = ({ group, version }: ResourceType): string => (group === '' ? `/api/${version}` : `/apis/${group}/${version}`);

const records = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** What discovery says of a type, in whichever form. */
type Told = { readonly kind: unknown; readonly namespaced: boolean; readonly verbs: readonly unknown[]; readonly subresources: readonly string[] };

const sorted = (list: unknown): readonly unknown[] => (Array.isArray(list) ? (list as string[]).toSorted() : []);

function discoveryContract(open: Open, isReal: boolean): void {
  const plain = async (type: ResourceType): Promise<Told> => {
    const { body } = await open().json('GET', rootOf(type));
    const all = records(body['resources']);
    const own = all.find(({ name }) => name === type.plural);
    const subresources = all.map(({ name }) => String(name)).filter((name) => name.startsWith(`${type.plural}/`)).map((name) => name.slice(type.plural.length + 1));
    return { kind: own?.['kind'], namespaced: own?.['namespaced'] === true, verbs: sorted(own?.['verbs']), subresources };
  };

  const aggregated = async (type: ResourceType, form: 'v2' | 'v2beta1'): Promise<Told> => {
    const headers = { Accept: `application/json;g=apidiscovery.k8s.io;v=${form};as=APIGroupDiscoveryList` };
    const { body } = await open().json('GET', type.group === '' ? '/api' : '/apis', undefined, headers);
    assert.equal(body['apiVersion'], `apidiscovery.k8s.io/${form}`);
    const group = records(body['items']).find((item) => (at(item, 'metadata', 'name') ?? '') === type.group);
    const version = records(group?.['versions']).find((each) => each['version'] === type.version);
    const own = records(version?.['resources']).find(({ resource }) => resource === type.plural);
    return {
      kind: at(own, 'responseKind', 'kind'), namespaced: own?.['scope'] === 'Namespaced', verbs: sorted(own?.['verbs']),
      subresources: records(own?.['subresources']).map(({ subresource }) => String(subresource)),
    };
  };

  test('discovery says the same of every kind in all of its forms', async () => {
    for (const type of TYPES) {
      const told = await plain(type);
      assert.deepEqual([told.kind, told.namespaced], [type.kind, type.namespaced], type.plural);
      for (const verb of ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']) assert.ok(told.verbs.includes(verb), `${type.plural}: ${verb}`);
      // Newer servers have given up the form that kubectl 1.27 asks for first.
      for (const form of isReal ? (['v2'] as const) : (['v2', 'v2beta1'] as const)) {
        const other = await aggregated(type, form);
        assert.deepEqual({ ...other, subresources: sorted(other.subresources) }, { ...told, subresources: sorted(told.subresources) }, `${type.plural} in ${form}`);
      }
    }
  });

  test('subresources are told of', async () => {
    const names = async (type: ResourceType): Promise<readonly string[]> => (await plain(type)).subresources;
    const found = await Promise.all(TYPES.map(async (type) => [type.plural, await names(type)] as const));
    const of = Object.fromEntries(found);
    for (const name of ['status', 'log', 'eviction', 'binding']) assert.ok(of['pods']?.includes(name), name);
    assert.deepEqual([sorted(of['deployments']), sorted(of['rollouts'])], [['scale', 'status'], ['scale', 'status']]);
  });

  test('the list of groups names the preferred versions', async () => {
    const { body } = await open().json('GET', '/apis');
    const preferred = (name: string): unknown => at(records(body['groups']).find((group) => group['name'] === name), 'preferredVersion', 'groupVersion');
    assert.deepEqual(['apps', 'autoscaling', 'argoproj.io'].map(preferred), ['apps/v1', 'autoscaling/v2', 'argoproj.io/v1alpha1']);
    assert.deepEqual((await open().json('GET', '/api')).body['versions'], ['v1']);
  });

  test('what nobody has heard of', async () => {
    const { http } = open();
    assert.deepEqual([(await http('GET', '/apis/none.example/v1/things')).code, (await http('GET', '/apis/none.example/v1/things')).text], [404, '404 page not found\n']);
    assert.deepEqual(at((await open().json('GET', '/api/v1/nothings')).body, 'reason'), 'NotFound');
  });
}

function openApiContract(open: Open): void {
  test('OpenAPI version 3 has every kind, and says that writes are validated', async () => {
    const { body } = await open().json('GET', '/openapi/v3');
    for (const type of TYPES) {
      const key = rootOf(type).slice(1);
      const address = at(body, 'paths', key, 'serverRelativeURL');
      assert.equal(typeof address, 'string', key);
      const document = (await open().json('GET', String(address))).body;
      const schemas = Object.values(at(document, 'components', 'schemas') as Record<string, Json>);
      const own = schemas.find((schema) => records(schema['x-kubernetes-group-version-kind']).some(({ group, kind, version }) => group === type.group && kind === type.kind && version === type.version));
      assert.ok(own !== undefined && Object.keys(at(own, 'properties') as object).includes('metadata'), type.kind);
      const path = `${rootOf(type)}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}/{name}`;
      const parameters = records(at(document, 'paths', path, 'patch', 'parameters')).map(({ name }) => name);
      assert.ok(parameters.includes('fieldValidation') && parameters.includes('dryRun'), path);
    }
  });

  test('OpenAPI version 2 has every kind', async () => {
    const { body } = await open().json('GET', '/openapi/v2');
    assert.equal(body['swagger'], '2.0');
    const kinds = new Set(Object.values(body['definitions'] as Record<string, Json>).flatMap((schema) => records(schema['x-kubernetes-group-version-kind']).map(({ group, version, kind }) => `${String(group)}/${String(version)}/${String(kind)}`)));
    for (const { group, version, kind } of TYPES) assert.ok(kinds.has(`${group}/${version}/${kind}`), kind);
    for (const kind of ['SelfSubjectAccessReview', 'SelfSubjectRulesReview']) assert.ok(kinds.has(`authorization.k8s.io/v1/${kind}`), kind);
  });

  test('lists that a strategic patch merges say so', async () => {
    const { body } = await open().json('GET', '/openapi/v2');
    const containers = Object.values(body['definitions'] as Record<string, Json>).flatMap((schema) => {
      const found = at(schema, 'properties', 'containers') ?? at(schema, 'properties', 'spec', 'properties', 'containers');
      return found === undefined ? [] : [found];
    });
    assert.ok(containers.some((found) => at(found, 'x-kubernetes-patch-merge-key') === 'name' && at(found, 'x-kubernetes-patch-strategy') === 'merge'));
  });
}

function formContract(open: Open): void {
  const TABLE = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

  test('tables: columns of a built-in kind, of a custom one, and objects beside the cells', async () => {
    const { create, namespace } = await open().begin();
    await create({ ...ROLLOUT }, { metadata: { name: 'r' }, spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, strategy: { canary: {} } } });
    const custom = (await open().json('GET', `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`, undefined, TABLE)).body;
    assert.deepEqual([custom['kind'], records(custom['columnDefinitions']).map(({ name }) => name)], ['Table', ['Name', 'Desired', 'Current', 'Up-to-date', 'Available', 'Age']]);
    assert.deepEqual(at(custom, 'rows', 0, 'cells', 1), 3);
    assert.equal(at(custom, 'rows', 0, 'object', 'kind'), 'PartialObjectMetadata');
    const whole = (await open().json('GET', `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts?includeObject=Object`, undefined, TABLE)).body;
    assert.equal(at(whole, 'rows', 0, 'object', 'kind'), 'Rollout');
    const wanted: Readonly<Record<string, readonly string[]>> = {
      '/api/v1/pods': ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates'],
      '/apis/apps/v1/deployments': ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector'],
      '/apis/batch/v1/jobs': ['Name', 'Status', 'Completions', 'Duration', 'Age', 'Containers', 'Images', 'Selector'],
      '/api/v1/services': ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector'],
      '/api/v1/nodes': ['Name', 'Status', 'Roles', 'Age', 'Version', 'Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'],
      '/api/v1/podtemplates': ['Name', 'Containers', 'Images', 'Pod Labels'],
      '/apis/policy/v1/poddisruptionbudgets': ['Name', 'Min Available', 'Max Unavailable', 'Allowed Disruptions', 'Age'],
    };
    for (const [path, columns] of Object.entries(wanted)) {
      const { body } = await open().json('GET', `${path}?limit=1`, undefined, TABLE);
      assert.deepEqual(records(body['columnDefinitions']).map(({ name }) => name), columns, path);
    }
  });

  test('metadata alone, and a form that is not served', async () => {
    const { create, namespace } = await open().begin();
    await create(CONFIG_MAPS, configMap('a'));
    const { body } = await open().json('GET', `/api/v1/namespaces/${namespace}/configmaps/a`, undefined, { Accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' });
    assert.deepEqual([body['kind'], body['data'], at(body, 'metadata', 'name')], ['PartialObjectMetadata', undefined, 'a']);
    assert.equal((await open().http('GET', `/api/v1/namespaces/${namespace}/configmaps/a`, undefined, { Accept: 'text/csv' })).code, 406);
  });

  test('bodies in YAML, and in a form that is not read', async () => {
    const { namespace } = await open().begin();
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: written}\ndata: {a: "1"}\n';
    assert.deepEqual(at((await open().json('POST', path, yaml, { 'Content-Type': 'application/yaml' })).body, 'data'), { a: '1' });
    assert.equal((await open().http('POST', path, 'hello', { 'Content-Type': 'text/plain' })).code, 415);
    assert.equal((await open().http('POST', path, '{"a":', {})).code, 400);
    assert.equal((await open().http('PATCH', `${path}/written`, {}, { 'Content-Type': 'text/plain' })).code, 415);
  });

  test('keys that stand twice: strictly refused, else told of', async () => {
    const { namespace } = await open().begin();
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const doubled = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"q"},"data":{"a":"1","a":"2"}}';
    const strict = await open().json('POST', `${path}?fieldValidation=Strict`, doubled);
    assert.deepEqual([strict.code, strict.body['message']], [400, 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"']);
    assert.match((await open().http('POST', `${path}?fieldValidation=Warn&dryRun=All`, doubled)).warning, /duplicate field \\"data\.a\\"/);
  });

  test('a body in protobuf is read', async () => {
    const { namespace } = await open().begin();
    const text = (number: number, value: string | Buffer): Buffer => Buffer.concat([Buffer.from([number * 8 + 2, Buffer.byteLength(value)]), Buffer.from(value)]);
    const entry = text(2, Buffer.concat([text(1, 'key'), text(2, 'value')]));
    const object = Buffer.concat([text(1, text(1, 'proto')), entry]);
    const unknown = Buffer.concat([text(1, Buffer.concat([text(1, 'v1'), text(2, 'ConfigMap')])), text(2, object)]);
    const body = Buffer.concat([Buffer.from('k8s\0'), unknown]);
    const made = await open().json('POST', `/api/v1/namespaces/${namespace}/configmaps`, body, { 'Content-Type': 'application/vnd.kubernetes.protobuf' });
    assert.deepEqual([made.code, at(made.body, 'metadata', 'name'), made.body['data']], [201, 'proto', { key: 'value' }]);
  });

  test('a body beyond every limit is refused', async () => {
    const { namespace } = await open().begin();
    const large = JSON.stringify({ ...configMap('a'), apiVersion: 'v1', kind: 'ConfigMap', data: { k: 'x'.repeat(3 * 1024 * 1024 + 100) } });
    const { code, body } = await open().json('POST', `/api/v1/namespaces/${namespace}/configmaps`, large);
    assert.deepEqual([code, body['message']], [413, 'Request entity too large: limit is 3145728']);
  });
}

const CONFIG_MAPS = BUILT_IN_TYPES.find(({ plural }) => plural === 'configmaps') ?? CUSTOM_RESOURCE_DEFINITION;

function accessContract(open: Open): void {
  const REVIEWS = '/apis/authorization.k8s.io/v1';

  const allowed = async (attributes: object, headers: Record<string, string>): Promise<unknown> => {
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: attributes } };
    return at((await open().json('POST', `${REVIEWS}/selfsubjectaccessreviews`, body, headers)).body, 'status', 'allowed');
  };

  const RBAC = 'rbac.authorization.k8s.io';

  test('whom one stands in for may do what their roles say, and nothing else', async () => {
    const { create, namespace } = await open().begin();
    const jane = { 'Impersonate-User': `jane-${namespace}` };
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    const refused = await open().json('GET', pods, undefined, jane);
    assert.deepEqual([refused.code, refused.body['message']], [403, `pods is forbidden: User "jane-${namespace}" cannot list resource "pods" in API group "" in the namespace "${namespace}"`]);
    const type = (kind: string, plural: string): ResourceType => ({ ...CONFIG_MAPS, group: RBAC, kind, plural });
    await create(type('Role', 'roles'), { metadata: { name: 'see' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }, { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get'] }] });
    await create(type('RoleBinding', 'rolebindings'), { metadata: { name: 'see' }, roleRef: { apiGroup: RBAC, kind: 'Role', name: 'see' }, subjects: [{ kind: 'User', name: `jane-${namespace}` }] });
    // The roles that a real server knows are a moment behind.
    await eventually('the role holds', async () => (await open().json('GET', pods, undefined, jane)).code === 200);
    assert.equal((await open().json('GET', '/api/v1/pods', undefined, jane)).code, 403);
    assert.equal((await open().json('GET', `/api/v1/namespaces/${namespace}/configmaps/other`, undefined, jane)).code, 403);
    assert.equal((await open().json('GET', `/api/v1/namespaces/${namespace}/configmaps/one`, undefined, jane)).code, 404);
    assert.equal(await allowed({ namespace, verb: 'list', resource: 'pods' }, jane), true);
    assert.equal(await allowed({ namespace, verb: 'delete', resource: 'pods' }, jane), false);
    const rules = await open().json('POST', `${REVIEWS}/selfsubjectrulesreviews`, { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } }, jane);
    assert.ok(records(at(rules.body, 'status', 'resourceRules')).some((rule) => JSON.stringify([rule['verbs'], rule['resources']]) === '[["list"],["pods"]]'));
    assert.equal((await open().json('GET', '/apis', undefined, jane)).code, 200);
  });

  test('service accounts: by impersonation and by a token of their own', async () => {
    const { create, post, namespace } = await open().begin();
    const account = { 'Impersonate-User': `system:serviceaccount:${namespace}:robot` };
    await create({ ...CONFIG_MAPS, kind: 'ServiceAccount', plural: 'serviceaccounts' }, { metadata: { name: 'robot' } });
    assert.equal((await open().json('GET', `/api/v1/namespaces/${namespace}/secrets`, undefined, account)).code, 403);
    const subjects = [{ kind: 'ServiceAccount', name: 'robot', namespace }];
    await create({ ...CONFIG_MAPS, group: RBAC, kind: 'RoleBinding', plural: 'rolebindings' }, { metadata: { name: 'edit' }, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'edit' }, subjects });
    await eventually('the role holds', async () => (await open().json('GET', `/api/v1/namespaces/${namespace}/secrets`, undefined, account)).code === 200);
    assert.equal((await open().json('GET', `/apis/${RBAC}/v1/namespaces/${namespace}/roles`, undefined, account)).code, 403);
    const token = await post({ ...CONFIG_MAPS, kind: 'ServiceAccount', plural: 'serviceaccounts' }, 'robot', 'token', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } });
    const bearer = { Authorization: `Bearer ${String(at(token, 'status', 'token'))}` };
    const who = await open().json('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, bearer);
    assert.equal(at(who.body, 'status', 'userInfo', 'username'), `system:serviceaccount:${namespace}:robot`);
    assert.equal((await open().json('GET', `/api/v1/namespaces/${namespace}/pods`, undefined, bearer)).code, 200);
    assert.equal((await open().json('GET', '/api/v1/nodes', undefined, bearer)).code, 403);
    assert.equal((await open().json('GET', '/api/v1/nodes', undefined, { Authorization: 'Bearer nobody' })).code, 401);
    assert.equal((await open().json('GET', `/api/v1/namespaces/${namespace}/pods`, undefined, { ...bearer, 'Impersonate-User': 'jane' })).code, 403);
  });
}

/** Registers what is told over the wire, for one door that has one. */
export function wireContract(door: Door): void {
  describe(`wire contract: ${door.name}`, () => {
    let opened: OpenDoor | undefined;
    const open: Open = () => {
      assert.ok(opened?.http, 'the door speaks HTTP');
      const { http, api } = opened;
      const json: Wire['json'] = async (method, path, body, headers = {}) => {
        const { code, text } = await http(method, path, body, headers);
        return { code, body: JSON.parse(text) as Json };
      };
      return { http, json, begin: () => stage(api) };
    };
    before(async () => {
      opened = await door.open();
    });
    after(async () => {
      if (opened !== undefined) await clear(opened.api);
      await opened?.close();
    });
    discoveryContract(open, door.isReal);
    openApiContract(open);
    formContract(open);
    accessContract(open);
  });
}
