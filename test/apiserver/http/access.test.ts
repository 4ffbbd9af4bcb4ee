// Who may do what over HTTPS: tokens of service accounts, people that one stands in for, roles, and true answers to "may I?".

import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import type { TestServer } from './test-server.js';
import { startTestServer } from './test-server.js';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.door.close());

type Answer = { readonly code: number; readonly body: Record<string, unknown> };

function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port, token, caPem } = server.door;
    const all = { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers };
    const sent = request({ host: '127.0.0.1', port, path, method, ca: caPem, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ code: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PODS = '/api/v1/namespaces/default/pods';

const mayI = async (attributes: object, headers: Record<string, string>): Promise<unknown> => {
  const { body } = await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: { resourceAttributes: attributes } }, headers);
  return (body['status'] as { allowed: boolean }).allowed;
};

test('a service account may do what its roles say, and nothing else', async () => {
  const made = await ask('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: { expirationSeconds: 600 } });
  assert.equal(made.code, 201);
  const bearer = { Authorization: `Bearer ${(made.body['status'] as { token: string }).token}` };
  const refused = await ask('GET', PODS, undefined, bearer);
  assert.deepEqual([refused.code, refused.body['message']], [
    403, 'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"',
  ]);
  assert.equal((await ask('GET', '/apis', undefined, bearer)).code, 200);
  const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }];
  await ask('POST', `${RBAC}/namespaces/default/rolebindings`, { metadata: { name: 'see' }, roleRef: { kind: 'ClusterRole', name: 'view' }, subjects });
  assert.equal((await ask('GET', PODS, undefined, bearer)).code, 200);
  assert.equal((await ask('GET', '/api/v1/pods', undefined, bearer)).code, 403);
  assert.equal((await ask('DELETE', `${PODS}/none`, undefined, bearer)).code, 403);
  assert.equal(await mayI({ verb: 'list', resource: 'pods', namespace: 'default' }, bearer), true);
  assert.equal(await mayI({ verb: 'delete', resource: 'pods', namespace: 'default' }, bearer), false);
  assert.equal((await ask('GET', PODS, undefined, { ...bearer, 'Impersonate-User': 'jane' })).code, 403);
  assert.equal((await ask('GET', PODS, undefined, { Authorization: `${bearer.Authorization}x` })).code, 401);
});

test('whoever may do everything may stand in for somebody who may not', async () => {
  const jane = { 'Impersonate-User': 'jane', 'Impersonate-Group': 'readers' };
  const who = await ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, jane);
  assert.deepEqual((who.body['status'] as { userInfo: unknown }).userInfo, { username: 'jane', groups: ['readers', 'system:authenticated'] });
  assert.equal((await ask('GET', '/api/v1/nodes', undefined, jane)).code, 403);
  await ask('POST', `${RBAC}/clusterroles`, { metadata: { name: 'nodes' }, rules: [{ verbs: ['list'], apiGroups: [''], resources: ['nodes'] }] });
  await ask('POST', `${RBAC}/clusterrolebindings`, { metadata: { name: 'nodes' }, roleRef: { kind: 'ClusterRole', name: 'nodes' }, subjects: [{ kind: 'Group', name: 'readers' }] });
  assert.equal((await ask('GET', '/api/v1/nodes', undefined, jane)).code, 200);
  const rules = await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: { namespace: 'default' } }, jane);
  assert.match(JSON.stringify(rules.body['status']), /"verbs":\["list"\],"apiGroups":\[""\],"resources":\["nodes"\]/);
  assert.equal(await mayI({ verb: 'delete', resource: 'nodes' }, {}), true);
});
