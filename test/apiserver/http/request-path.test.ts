// What paths mean, the doubtful ones above all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestPath } from '../../../src/apiserver/http/request-path.js';
import { parsePath } from '../../../src/apiserver/http/request-path.js';

const resource = (parts: Partial<Extract<RequestPath, { type: 'resource' }>>): RequestPath => ({
  type: 'resource', group: '', version: 'v1', plural: 'pods', namespace: undefined, name: undefined, subresource: undefined, ...parts,
});

const CASES: readonly { path: string; want: RequestPath }[] = [
  { path: '/api', want: { type: 'groups', legacy: true } },
  { path: '/apis/', want: { type: 'groups', legacy: false } },
  { path: '/apis/apps', want: { type: 'group', group: 'apps' } },
  { path: '/api/v1', want: { type: 'group-version', group: '', version: 'v1' } },
  { path: '/apis/argoproj.io/v1alpha1', want: { type: 'group-version', group: 'argoproj.io', version: 'v1alpha1' } },
  { path: '/api/v1/pods', want: resource({}) },
  { path: '/api/v1/namespaces', want: resource({ plural: 'namespaces' }) },
  { path: '/api/v1/namespaces/a', want: resource({ plural: 'namespaces', name: 'a' }) },
  { path: '/api/v1/namespaces/a/status', want: resource({ plural: 'namespaces', name: 'a', subresource: 'status' }) },
  { path: '/api/v1/namespaces/a/pods', want: resource({ namespace: 'a' }) },
  { path: '/api/v1/namespaces/a/pods/b', want: resource({ namespace: 'a', name: 'b' }) },
  { path: '/api/v1/namespaces/a/pods/b/log', want: resource({ namespace: 'a', name: 'b', subresource: 'log' }) },
  { path: '/apis/apps/v1/namespaces/a/deployments/b/scale', want: resource({ group: 'apps', plural: 'deployments', namespace: 'a', name: 'b', subresource: 'scale' }) },
  { path: '/api/v1/namespaces/a/events/b%2Fc', want: resource({ plural: 'events', namespace: 'a', name: 'b/c' }) },
  { path: '/api/v1/namespaces/a/pods/b/proxy/x', want: { type: 'document', parts: ['api', 'v1', 'namespaces', 'a', 'pods', 'b', 'proxy', 'x'] } },
  { path: '/openapi/v3/apis/apps/v1', want: { type: 'document', parts: ['openapi', 'v3', 'apis', 'apps', 'v1'] } },
];

for (const { path, want } of CASES) {
  test(path, () => assert.deepEqual(parsePath(path), { ok: true, value: want }));
}

test('a path that is not percent-encoding is refused, not fatal', () => {
  const parsed = parsePath('/api/v1/namespaces/%E0%A4%A');
  assert.equal(parsed.ok, false);
});
