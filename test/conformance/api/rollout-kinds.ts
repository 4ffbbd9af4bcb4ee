// Our five kinds: what their definitions take and refuse, in a few manifests of each sort.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, EXPERIMENT, ROLLOUT, type ResourceType } from '../../../src/kinds/resource-type.js';
import type { Begin } from '../api-contract.js';
import { at, rollout, TEMPLATE } from './bodies.js';

const METRIC = { name: 'ok', interval: '10s', failureLimit: 2, successCondition: 'result[0] > 0.9', provider: { prometheus: { address: 'http://prometheus', query: 'up' } } };
const JOB_METRIC = { name: 'job', provider: { job: { spec: { template: { spec: { ...TEMPLATE.spec, restartPolicy: 'Never' } } } } } };

const canary = (canarySpec: object): object => rollout('x', { strategy: { canary: canarySpec } });

const TAKEN: readonly (readonly [name: string, type: ResourceType, body: object])[] = [
  ['a canary with every sort of step', ROLLOUT, canary({
    canaryService: 'c', stableService: 's', maxSurge: '25%', maxUnavailable: 0, abortScaleDownDelaySeconds: 30, dynamicStableScale: true,
    steps: [
      { setWeight: 20 }, { pause: {} }, { pause: { duration: '10m' } }, { pause: { duration: 30 } }, { setCanaryScale: { replicas: 2 } }, { setCanaryScale: { matchTrafficWeight: true } },
      { analysis: { templates: [{ templateName: 't' }], args: [{ name: 'a', value: 'b' }] } },
      { experiment: { duration: '1m', templates: [{ name: 'b', specRef: 'stable', weight: 5 }] } },
      { setHeaderRoute: { name: 'h', match: [{ headerName: 'X', headerValue: { exact: 'y' } }] } }, { setMirrorRoute: { name: 'm', percentage: 10, match: [{ path: { prefix: '/' } }] } },
    ],
    trafficRouting: { managedRoutes: [{ name: 'h' }, { name: 'm' }], istio: { virtualService: { name: 'v', routes: ['r'] }, destinationRule: { name: 'd', canarySubsetName: 'c', stableSubsetName: 's' } } },
  })],
  ['a canary by plugins and other routers', ROLLOUT, canary({ trafficRouting: { plugins: { 'a/b': { any: { thing: [1] } } }, nginx: { stableIngress: 'i', additionalIngressAnnotations: { a: 'b' } }, alb: { ingress: 'i', servicePort: 80 } } })],
  ['a blue-green rollout', ROLLOUT, rollout('x', { strategy: { blueGreen: { activeService: 'a', previewService: 'p', autoPromotionEnabled: false, autoPromotionSeconds: 30, scaleDownDelaySeconds: 10, previewReplicaCount: 1, prePromotionAnalysis: { templates: [{ templateName: 't', clusterScope: true }] }, antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } } })],
  ['a rollout of another workload', ROLLOUT, { metadata: { name: 'x' }, spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', scaleDown: 'progressively' }, strategy: { canary: {} } } }],
  ['templates of every scope', ANALYSIS_TEMPLATE, { metadata: { name: 'x' }, spec: { args: [{ name: 'a' }, { name: 'b', value: 'c' }, { name: 's', valueFrom: { secretKeyRef: { name: 'n', key: 'k' } } }], metrics: [METRIC, JOB_METRIC], dryRun: [{ metricName: 'ok' }], measurementRetention: [{ metricName: '.*', limit: 10 }], templates: [{ templateName: 'more', clusterScope: true }] } }],
  ['a template of the whole cluster', CLUSTER_ANALYSIS_TEMPLATE, { metadata: { name: 'contract' }, spec: { metrics: [{ ...METRIC, count: '{{args.n}}', initialDelay: '5s', inconclusiveLimit: '3' }] } }],
  ['a run', ANALYSIS_RUN, { metadata: { name: 'x' }, spec: { metrics: [METRIC], terminate: true } }],
  ['an experiment', EXPERIMENT, { metadata: { name: 'x' }, spec: { duration: '1h', progressDeadlineSeconds: 60, scaleDownDelaySeconds: 5, templates: [{ name: 'a', replicas: 1, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, service: { name: 's' } }], analyses: [{ name: 'z', templateName: 't', requiredForCompletion: true }] } }],
];

const REFUSED: readonly (readonly [name: string, type: ResourceType, body: object, message: RegExp])[] = [
  ['replicas that are no number', ROLLOUT, rollout('x', { replicas: 'two' }), /spec\.replicas: Invalid value: "string": spec\.replicas in body must be of type integer: "string"/],
  ['a rollout without a spec', ROLLOUT, { metadata: { name: 'x' } }, /^Rollout\.argoproj\.io "x" is invalid: \[spec: Required value, /],
  ['a weight that is text', ROLLOUT, canary({ steps: [{ setWeight: '20%' }] }), /spec\.strategy\.canary\.steps\[0\]\.setWeight: Invalid value: "string"/],
  ['steps that are no list', ROLLOUT, canary({ steps: { setWeight: 20 } }), /spec\.strategy\.canary\.steps: Invalid value: "object": spec\.strategy\.canary\.steps in body must be of type array: "object"/],
  ['a virtual service without its name', ROLLOUT, canary({ trafficRouting: { istio: { virtualService: {} } } }), /spec\.strategy\.canary\.trafficRouting\.istio\.virtualService\.name: Required value/],
  ['a blue-green rollout without its active service', ROLLOUT, rollout('x', { strategy: { blueGreen: {} } }), /spec\.strategy\.blueGreen\.activeService: Required value/],
  ['a container without a name', ROLLOUT, rollout('x', { template: { spec: { containers: [{ image: 'a' }] } } }), /spec\.template\.spec\.containers\[0\]\.name: Required value/],
  ['two containers of one name', ROLLOUT, rollout('x', { template: { spec: { containers: [{ name: 'a', image: 'a' }, { name: 'a', image: 'b' }] } } }), /spec\.template\.spec\.containers\[1\]: Duplicate value: \{"name":"a"\}/],
  ['a metric without a provider', ANALYSIS_TEMPLATE, { metadata: { name: 'x' }, spec: { metrics: [{ name: 'a' }] } }, /spec\.metrics\[0\]\.provider: Required value/],
  ['a metric without a name', ANALYSIS_TEMPLATE, { metadata: { name: 'x' }, spec: { metrics: [{ provider: {} }] } }, /spec\.metrics\[0\]\.name: Required value/],
  ['a run without metrics', ANALYSIS_RUN, { metadata: { name: 'x' }, spec: {} }, /spec\.metrics: Required value/],
  ['an experiment without templates', EXPERIMENT, { metadata: { name: 'x' }, spec: { duration: '1m' } }, /spec\.templates: Required value/],
];

export function rolloutKindContract(begin: Begin): void {
  for (const [name, type, body] of TAKEN) {
    test(`taken: ${name}`, async () => {
      const { create } = await begin();
      assert.ok((await create(type, body, { fieldValidation: 'Strict', dryRun: true })).metadata.uid);
    });
  }

  test('refused: each with its path', async () => {
    const { create, refused } = await begin();
    for (const [name, type, body, message] of REFUSED) assert.match((await refused(create(type, body, { dryRun: true }), 422, 'Invalid')).message, message, name);
  });

  test('the selector of a rollout stays what it is', async () => {
    const { create, patch, refused } = await begin();
    await create(ROLLOUT, rollout('r'));
    const moved = await refused(patch(ROLLOUT, 'r', 'merge', { spec: { selector: { matchLabels: { app: 'other' } } } }), 422, 'Invalid');
    assert.equal(moved.message, 'Rollout.argoproj.io "r" is invalid: spec.selector: Invalid value: "object": .spec.selector is immutable');
  });

  test('a rollout keeps its status apart, the others do not', async () => {
    const { create } = await begin();
    assert.equal((await create(ROLLOUT, { ...rollout('r'), status: { phase: 'Healthy' } }))['status'], undefined);
    assert.equal(at(await create(ANALYSIS_RUN, { metadata: { name: 'x' }, spec: { metrics: [METRIC] }, status: { phase: 'Running' } }), 'status', 'phase'), 'Running');
  });
}
