// What is refused, with which code and in which words: clients switch on the first, people look for the second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CONFIG_MAP, DEPLOYMENT, HORIZONTAL_POD_AUTOSCALER, INGRESS, JOB, POD, POD_DISRUPTION_BUDGET, ROLE, ROLE_BINDING, ROLLOUT, SECRET, SERVICE, type ResourceType,
} from '../../../src/kinds/resource-type.js';
import type { Begin } from '../api-contract.js';
import { configMap, rollout, TEMPLATE } from './bodies.js';

type Row = { readonly name: string; readonly type: ResourceType; readonly body: object; readonly code: number; readonly message: string | RegExp };

const pod = (spec: object): object => ({ metadata: { name: 'x' }, spec: { schedulerName: 'nobody', ...spec } });
const container = (extra: object): object => pod({ containers: [{ name: 'a', image: 'a:1', ...extra }] });
const workload = (extra: object): object => ({ metadata: { name: 'x' }, spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, ...extra } });
const LABEL = /Invalid value: "A_": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'/;

const ROWS: readonly Row[] = [
  { name: 'a pod without containers', type: POD, body: pod({ containers: [] }), code: 422, message: 'Pod "x" is invalid: spec.containers: Required value' },
  { name: 'a container with a bad name', type: POD, body: pod({ containers: [{ name: 'A_', image: 'a:1' }] }), code: 422, message: LABEL },
  { name: 'two containers of one name', type: POD, body: pod({ containers: [{ name: 'a', image: 'a:1' }, { name: 'a', image: 'a:1' }] }), code: 422, message: 'Pod "x" is invalid: spec.containers[1].name: Duplicate value: "a"' },
  { name: 'an image with blanks', type: POD, body: container({ image: ' a ' }), code: 422, message: 'Pod "x" is invalid: spec.containers[0].image: Invalid value: " a ": must not have leading or trailing whitespace' },
  { name: 'a port beyond the last', type: POD, body: container({ ports: [{ containerPort: 99_999 }] }), code: 422, message: 'Pod "x" is invalid: spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive' },
  { name: 'a mount of no volume', type: POD, body: container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }), code: 422, message: 'Pod "x" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "v"' },
  { name: 'a volume of two kinds', type: POD, body: pod({ containers: [{ name: 'a', image: 'a:1' }], volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] }), code: 422, message: 'Pod "x" is invalid: spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type' },
  { name: 'a request above its limit', type: POD, body: container({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }), code: 422, message: 'Pod "x" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1' },
  { name: 'a quantity that is none', type: POD, body: container({ resources: { requests: { cpu: 'abc' } } }), code: 400, message: "Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" },
  { name: 'a variable without a name', type: POD, body: container({ env: [{ name: '' }] }), code: 422, message: 'Pod "x" is invalid: spec.containers[0].env[0].name: Required value' },
  { name: 'a probe of nothing', type: POD, body: container({ livenessProbe: {} }), code: 422, message: 'Pod "x" is invalid: spec.containers[0].livenessProbe: Required value: must specify a handler type' },
  { name: 'a policy of restarts that is none', type: POD, body: pod({ containers: [{ name: 'a', image: 'a:1' }], restartPolicy: 'Maybe' }), code: 422, message: 'Pod "x" is invalid: spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"' },
  { name: 'a Deployment without a selector', type: DEPLOYMENT, body: { metadata: { name: 'x' }, spec: { template: TEMPLATE } }, code: 422, message: 'Deployment.apps "x" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`]' },
  { name: 'a selector that selects others', type: DEPLOYMENT, body: workload({ selector: { matchLabels: { app: 'other' } } }), code: 422, message: 'Deployment.apps "x" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`' },
  { name: 'a rolling update without room', type: DEPLOYMENT, body: workload({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }), code: 422, message: 'Deployment.apps "x" is invalid: spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0' },
  { name: 'a strategy of two minds', type: DEPLOYMENT, body: workload({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }), code: 422, message: "Deployment.apps \"x\" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'" },
  { name: 'a deadline before it could be met', type: DEPLOYMENT, body: workload({ minReadySeconds: 10, progressDeadlineSeconds: 5 }), code: 422, message: 'Deployment.apps "x" is invalid: spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds' },
  { name: 'replicas of the wrong type', type: DEPLOYMENT, body: workload({ replicas: 'two' }), code: 400, message: /^Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field \S*spec\.replicas of type int32$/ },
  { name: 'a job that never ends', type: JOB, body: { metadata: { name: 'x' }, spec: { template: { spec: TEMPLATE.spec } } }, code: 422, message: 'Job.batch "x" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"' },
  { name: 'a name that is none', type: CONFIG_MAP, body: configMap('Bad_Name'), code: 422, message: /^ConfigMap "Bad_Name" is invalid: metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of/ },
  { name: 'a key that is none', type: CONFIG_MAP, body: { metadata: { name: 'x' }, data: { 'a b': '1' } }, code: 422, message: /^ConfigMap "x" is invalid: data\[a b\]: Invalid value: "a b": a valid config key must consist of/ },
  { name: 'a label that is none', type: CONFIG_MAP, body: configMap('x', { labels: { a: 'b c' } }), code: 422, message: /^ConfigMap "x" is invalid: metadata\.labels: Invalid value: "b c": a valid label must be an empty string or consist of/ },
  { name: 'an owner without a uid', type: CONFIG_MAP, body: configMap('x', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '' }] }), code: 422, message: 'ConfigMap "x" is invalid: metadata.ownerReferences.uid: Invalid value: "": must not be empty' },
  { name: 'a certificate without its key', type: SECRET, body: { metadata: { name: 'x' }, type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'c' } }, code: 422, message: 'Secret "x" is invalid: data[tls.key]: Required value' },
  { name: 'bytes that are none', type: SECRET, body: { metadata: { name: 'x' }, data: { a: '!!' } }, code: 400, message: /^Secret in version "v1" cannot be handled as a Secret: illegal base64 data/ },
  { name: 'a service without ports', type: SERVICE, body: { metadata: { name: 'x' }, spec: {} }, code: 422, message: 'Service "x" is invalid: spec.ports: Required value' },
  { name: 'two ports without names', type: SERVICE, body: { metadata: { name: 'x' }, spec: { ports: [{ port: 80 }, { port: 81 }] } }, code: 422, message: 'Service "x" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]' },
  { name: 'a scaler with less room than none', type: HORIZONTAL_POD_AUTOSCALER, body: { metadata: { name: 'x' }, spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }, minReplicas: 5, maxReplicas: 3 } }, code: 422, message: 'HorizontalPodAutoscaler.autoscaling "x" is invalid: spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`' },
  { name: 'a budget beyond all', type: POD_DISRUPTION_BUDGET, body: { metadata: { name: 'x' }, spec: { maxUnavailable: '120%' } }, code: 422, message: 'PodDisruptionBudget.policy "x" is invalid: spec.maxUnavailable: Invalid value: "120%": must not be greater than 100%' },
  { name: 'an ingress of nothing', type: INGRESS, body: { metadata: { name: 'x' }, spec: {} }, code: 422, message: 'Ingress.networking.k8s.io "x" is invalid: spec: Invalid value: null: either `defaultBackend` or `rules` must be specified' },
  { name: 'a path without its type', type: INGRESS, body: { metadata: { name: 'x' }, spec: { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 's', port: { number: 80 } } } }] } }] } }, code: 422, message: 'Ingress.networking.k8s.io "x" is invalid: spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified' },
  { name: 'a role without verbs', type: ROLE, body: { metadata: { name: 'x' }, rules: [{ apiGroups: [''], resources: ['pods'] }] }, code: 422, message: 'Role.rbac.authorization.k8s.io "x" is invalid: rules[0].verbs: Required value: verbs must contain at least one value' },
  { name: 'a binding to no kind of role', type: ROLE_BINDING, body: { metadata: { name: 'x' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Rule', name: 'r' } }, code: 422, message: 'RoleBinding.rbac.authorization.k8s.io "x" is invalid: roleRef.kind: Unsupported value: "Rule": supported values: "Role", "ClusterRole"' },
];

export function refusalContract(begin: Begin): void {
  test('bodies: each by its code and in its words', async () => {
    const { create, refused } = await begin();
    for (const { name, type, body, code, message } of ROWS) {
      const status = await refused(create(type, body, { dryRun: true }), code);
      if (typeof message === 'string') assert.equal(status.message, message, name);
      else assert.match(status.message, message, name);
    }
  });

  test('what may not change is said to be immutable', async () => {
    const { create, patch, refused } = await begin();
    await create(DEPLOYMENT, workload({}));
    const selector = await refused(patch(DEPLOYMENT, 'x', 'merge', { spec: { selector: { matchLabels: { tier: 'web' } }, template: { metadata: { labels: { tier: 'web' } } } } }), 422);
    assert.equal(selector.message, 'Deployment.apps "x" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"web"}}: field is immutable');
    await create(SECRET, { metadata: { name: 's' }, immutable: true, stringData: { a: 'b' } });
    assert.equal((await refused(patch(SECRET, 's', 'merge', { stringData: { a: 'c' } }), 422)).message, 'Secret "s" is invalid: data: Forbidden: field is immutable when `immutable` is set');
  });

  test('fields that are unknown: strictly refused, by default told of, and dropped', async () => {
    const { api, namespace, refused, create } = await begin();
    const body = { ...workload({ replica: 2, extra: {} }), apiVersion: 'apps/v1', kind: 'Deployment' };
    const strict = await refused(create(DEPLOYMENT, body, { fieldValidation: 'Strict' }), 400, 'BadRequest');
    assert.equal(strict.message, 'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica", unknown field "spec.extra"');
    const custom = await refused(create(ROLLOUT, rollout('r', { replica: 2 }), { fieldValidation: 'Strict' }), 400, 'BadRequest');
    assert.equal(custom.message, 'Rollout in version "v1alpha1" cannot be handled as a Rollout: strict decoding error: unknown field "spec.replica"');
    const warned = await api.ask({ verb: 'create', type: DEPLOYMENT, namespace, body, options: { fieldValidation: 'Warn', dryRun: true } });
    assert.ok(warned.ok);
    assert.deepEqual(warned.value.warnings, ['unknown field "spec.replica"', 'unknown field "spec.extra"']);
    const silent = await api.ask({ verb: 'create', type: DEPLOYMENT, namespace, body, options: { fieldValidation: 'Ignore', dryRun: true } });
    assert.deepEqual(silent.ok && silent.value.warnings, []);
  });

  test('fields by which a kind is not selected', async () => {
    const { list, refused } = await begin();
    assert.equal((await refused(list(POD, { fieldSelector: 'spec.hostname=x' }), 400)).message, 'field label not supported: spec.hostname');
    assert.equal((await refused(list(CONFIG_MAP, { fieldSelector: 'data.k=x' }), 400)).message, '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"');
    await refused(list(CONFIG_MAP, { labelSelector: 'a b' }), 400, 'BadRequest');
  });

  test('creations and updates that contradict where they are sent', async () => {
    const { create, update, refused } = await begin();
    assert.equal((await refused(create(CONFIG_MAP, configMap('x', { namespace: 'other' })), 400)).message, 'the namespace of the provided object does not match the namespace sent on the request');
    await refused(create(CONFIG_MAP, configMap('x', { resourceVersion: '1' })), 500);
    const made = await create(CONFIG_MAP, configMap('a'));
    await refused(update(CONFIG_MAP, { ...made, metadata: { ...made.metadata, uid: 'another' } }), 409, 'Conflict');
    const stale = await refused(update(CONFIG_MAP, { ...made, metadata: { ...made.metadata, resourceVersion: '1' } }), 409, 'Conflict');
    assert.equal(stale.message, 'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again');
    assert.equal((await refused(create(CONFIG_MAP, configMap('a')), 409, 'AlreadyExists')).message, 'configmaps "a" already exists');
  });
}
