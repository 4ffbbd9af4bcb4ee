// canary-demo-app: weights by numbers of pods, released by image and by its VERSION variable, watched by its error rate.

import { manifest, namespaceObject, podTemplate, service } from './manifest.js';
import type { Scenario } from './scenario.js';

const NAMESPACE = 'canary-rollout-demo';
const APP = 'canary-demo-app';
const IMAGE = 'acme/demo';
const HOST = `${APP}.${NAMESPACE}.svc.cluster.local`;

export const canaryDemoApp: Scenario = {
  name: APP,
  namespace: NAMESPACE,
  rollout: APP,
  container: APP,
  images: { stable: `${IMAGE}:1.0.0`, good: `${IMAGE}:1.1.0`, bad: `${IMAGE}:1.2.0` },
  pace: 2,
  opening: { type: 'release', image: `${IMAGE}:1.1.0`, promotions: 0 },
  behaviours: { [`${IMAGE}:1.2.0`]: { errorPercent: 20 } },
  hosts: [{ namespace: NAMESPACE, name: APP }],
  summary: 'weights by pods alone, Prometheus error rate',
  manifests: (times, addresses) => {
    const requests = `istio_requests_total{destination_service="${HOST}",destination_version="canary"`;
    const window = times.span(60, 15);
    return [
      namespaceObject(NAMESPACE),
      service(NAMESPACE, APP, APP, 8080, '50rps'),
      manifest('argoproj.io/v1alpha1', 'AnalysisTemplate', 'request-error', {
        namespace: NAMESPACE,
        spec: {
          args: [{ name: 'prometheus-address', value: addresses.prometheus }],
          metrics: [
            {
              name: 'request-error',
              interval: times.span(60, 10),
              successCondition: 'result[0] <= 0.05',
              failureLimit: 1,
              provider: {
                prometheus: {
                  address: '{{args.prometheus-address}}',
                  query: `1 - sum(rate(${requests},response_code!~"[45].."}[${window}])) / sum(rate(${requests}}[${window}]))`,
                },
              },
            },
          ],
        },
      }),
      manifest('argoproj.io/v1alpha1', 'Rollout', APP, {
        namespace: NAMESPACE,
        spec: {
          replicas: 10,
          revisionHistoryLimit: 3,
          selector: { matchLabels: { app: APP } },
          template: podTemplate(APP, { name: APP, image: `${IMAGE}:1.0.0`, env: [{ name: 'VERSION', value: '1.0.0' }], ports: [{ containerPort: 8080 }] }),
          strategy: {
            canary: {
              canaryMetadata: { labels: { version: 'canary' } },
              stableMetadata: { labels: { version: 'stable' } },
              maxSurge: '20%',
              maxUnavailable: 0,
              analysis: { templates: [{ templateName: 'request-error' }], startingStep: 2 },
              steps: [
                { setWeight: 10 },
                { pause: times.pause(60) },
                { setWeight: 30 },
                { pause: times.pause(60) },
                { setWeight: 60 },
                { pause: times.pause(60) },
              ],
            },
          },
        },
      }),
    ];
  },
};
