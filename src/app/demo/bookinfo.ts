// Bookinfo's reviews: Istio subsets, the template of a Deployment, SkyWalking's apdex from the second step on.

import { destinationRule, gateway, manifest, namespaceObject, service, templateDeployment, VERSION_METADATA, virtualService } from './manifest.js';
import type { Scenario } from './scenario.js';

const NAMESPACE = 'bookinfo';
const IMAGE = 'istio/examples-bookinfo-reviews-v1';

const QUERY = `query queryData($duration: Duration!) {
  service_apdex: readMetricsValues(
    condition: { name: "service_apdex", entity: { scope: Service, serviceName: "{{ args.service-name }}", normal: true } },
    duration: $duration) {
      values { values { value isEmptyValue } }
    }
}
`;

export const bookinfo: Scenario = {
  name: 'bookinfo',
  namespace: NAMESPACE,
  rollout: 'reviews-rollout',
  container: 'reviews',
  images: { stable: `${IMAGE}:1.16.2`, good: `${IMAGE}:1.16.4`, bad: `${IMAGE}:1.16.5` },
  pace: 10,
  opening: { type: 'release', image: `${IMAGE}:1.16.4`, promotions: 2 },
  behaviours: { [`${IMAGE}:1.16.5`]: { errorPercent: 30, slowFactor: 3 } },
  hosts: [{ namespace: NAMESPACE, name: 'reviews' }],
  summary: 'SkyWalking apdex, Istio subsets, workloadRef',
  manifests: (times, addresses) => [
    namespaceObject(NAMESPACE),
    templateDeployment(NAMESPACE, 'reviews', 'reviews', { name: 'reviews', image: `${IMAGE}:1.16.2`, ports: [{ containerPort: 9080 }] }),
    service(NAMESPACE, 'reviews', 'reviews', 9080, '100rps'),
    gateway(NAMESPACE, 'bookinfo-gateway'),
    virtualService(NAMESPACE, 'reviews', {
      host: 'reviews',
      gateway: 'bookinfo-gateway',
      route: 'reviews',
      stable: { host: 'reviews', subset: 'stable' },
      canary: { host: 'reviews', subset: 'canary' },
    }),
    destinationRule(NAMESPACE, 'reviews', 'reviews', 'reviews', ['stable', 'canary']),
    manifest('argoproj.io/v1alpha1', 'AnalysisTemplate', 'apdex', {
      namespace: NAMESPACE,
      spec: {
        args: [{ name: 'service-name' }, { name: 'skywalking-address', value: addresses.skywalking }],
        metrics: [
          {
            name: 'apdex',
            // The subset must have had traffic before the first look at it.
            initialDelay: times.span(100, 10),
            interval: times.span(300, 10),
            // A minute without traffic reads 0 and says so; only minutes that have data are judged, and one must.
            successCondition:
              'any(result.service_apdex.values.values, {!.isEmptyValue}) && all(result.service_apdex.values.values, {.isEmptyValue || asFloat(.value) >= 9900})',
            failureLimit: 3,
            provider: { skywalking: { interval: times.span(180, 10), address: '{{ args.skywalking-address }}', query: QUERY } },
          },
        ],
      },
    }),
    manifest('argoproj.io/v1alpha1', 'Rollout', 'reviews-rollout', {
      namespace: NAMESPACE,
      spec: {
        replicas: 5,
        selector: { matchLabels: { app: 'reviews' } },
        workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'reviews' },
        strategy: {
          canary: {
            ...VERSION_METADATA,
            analysis: {
              templates: [{ templateName: 'apdex' }],
              startingStep: 2,
              args: [{ name: 'service-name', value: 'canary|reviews|bookinfo|cluster-1|-' }],
            },
            trafficRouting: {
              istio: { virtualService: { name: 'reviews' }, destinationRule: { name: 'reviews', canarySubsetName: 'canary', stableSubsetName: 'stable' } },
            },
            steps: [
              { setWeight: 10 },
              { pause: times.pause(600) },
              { setWeight: 20 },
              { pause: times.pause(300) },
              { setWeight: 40 },
              { pause: times.pause(300) },
              { setWeight: 60 },
              { pause: times.pause(300) },
              { setWeight: 80 },
              { pause: times.pause(300) },
            ],
          },
        },
      },
    }),
  ],
};
