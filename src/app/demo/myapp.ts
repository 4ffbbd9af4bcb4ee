// myapp: a VirtualService with DestinationRule subsets beside canary and stable Services, and an error rate that aborts.

import { destinationRule, gateway, manifest, podTemplate, service, VERSION_METADATA, virtualService } from './manifest.js';
import type { Scenario } from './scenario.js';

const NAMESPACE = 'default';
const APP = 'myapp';
const PUBLIC_HOST = 'myapp.example.com';
const HOST = 'myapp.default.svc.cluster.local';

export const myapp: Scenario = {
  name: APP,
  namespace: NAMESPACE,
  rollout: APP,
  container: APP,
  images: { stable: 'myapp:v1', good: 'myapp:v2', bad: 'myapp:v3' },
  pace: 10,
  opening: { type: 'release', image: 'myapp:v3', promotions: 0 },
  behaviours: { 'myapp:v3': { errorPercent: 35 } },
  hosts: [{ namespace: NAMESPACE, name: PUBLIC_HOST }],
  summary: 'Prometheus error rate, Istio subsets: a bad release is aborted',
  manifests: (times, addresses) => {
    const requests = `istio_requests_total{destination_service="${HOST}",destination_version="canary"`;
    const window = times.span(300, 15);
    return [
      // The routed host must select all pods: the engine narrows the canary and stable Services to one revision each,
      // and a subset of a Service that selects only stable pods would have no canary in it.
      service(NAMESPACE, APP, APP, 8080),
      service(NAMESPACE, 'myapp-stable', APP, 8080),
      service(NAMESPACE, 'myapp-canary', APP, 8080),
      gateway(NAMESPACE, 'myapp-gateway'),
      virtualService(NAMESPACE, 'myapp-virtualservice', {
        host: PUBLIC_HOST,
        gateway: 'myapp-gateway',
        route: 'primary',
        stable: { host: HOST, subset: 'v1' },
        canary: { host: HOST, subset: 'v2' },
        traffic: '60rps',
      }),
      destinationRule(NAMESPACE, 'myapp-destinationrule', HOST, APP, ['v1', 'v2']),
      manifest('argoproj.io/v1alpha1', 'AnalysisTemplate', 'error-rate', {
        namespace: NAMESPACE,
        spec: {
          args: [{ name: 'prometheus-address', value: addresses.prometheus }],
          metrics: [
            {
              name: 'error-rate',
              // The window must hold requests of the canary before the first look at it.
              initialDelay: times.span(60, 10),
              interval: times.span(60, 5),
              successCondition: 'result[0] <= 0.05',
              failureLimit: 3,
              provider: {
                prometheus: {
                  address: '{{args.prometheus-address}}',
                  query: `1 - sum(rate(${requests},response_code!~"5.*"}[${window}])) / sum(rate(${requests}}[${window}]))`,
                },
              },
            },
          ],
        },
      }),
      manifest('argoproj.io/v1alpha1', 'Rollout', APP, {
        namespace: NAMESPACE,
        spec: {
          replicas: 3,
          revisionHistoryLimit: 2,
          selector: { matchLabels: { app: APP } },
          template: podTemplate(APP, { name: APP, image: 'myapp:v1', ports: [{ containerPort: 8080 }] }),
          strategy: {
            canary: {
              ...VERSION_METADATA,
              canaryService: 'myapp-canary',
              stableService: 'myapp-stable',
              trafficRouting: {
                istio: {
                  virtualService: { name: 'myapp-virtualservice', routes: ['primary'] },
                  destinationRule: { name: 'myapp-destinationrule', canarySubsetName: 'v2', stableSubsetName: 'v1' },
                },
              },
              analysis: { templates: [{ templateName: 'error-rate' }] },
              steps: [{ setWeight: 10 }, { pause: times.pause(300) }, { setWeight: 50 }, { pause: times.pause(300) }, { setWeight: 100 }],
            },
          },
        },
      }),
    ];
  },
};
