// silly-demo: two VirtualServices, host-level Services, an autoscaler, and a first pause that only a person ends.

import { gateway, manifest, namespaceObject, service, templateDeployment, virtualService } from './manifest.js';
import type { Scenario, Times } from './scenario.js';
import type { KubeObject } from '../../kinds/kube-object.js';

const NAMESPACE = 'a-team';
const APP = 'silly-demo';
const IMAGE = 'vfarcic/silly-demo';
const HOSTS = { primary: 'silly-demo.example.com', secondary: 'silly-demo-2.example.com' } as const;
const STABLE = { host: 'silly-demo-stable', port: { number: 8080 } };
const CANARY = { host: 'silly-demo-canary', port: { number: 8080 } };

const rollout = (times: Times): KubeObject =>
  manifest('argoproj.io/v1alpha1', 'Rollout', APP, {
    namespace: NAMESPACE,
    spec: {
      replicas: 5,
      revisionHistoryLimit: 2,
      selector: { matchLabels: { app: APP } },
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: APP },
      strategy: {
        canary: {
          canaryService: 'silly-demo-canary',
          stableService: 'silly-demo-stable',
          analysis: {
            templates: [{ templateName: 'success-rate', clusterScope: true }],
            // From the pause on: it is the canary's first traffic that must be judged, before a person lets it go on.
            startingStep: 1,
            args: [{ name: 'service-name', value: 'silly-demo-canary.a-team.svc.cluster.local' }],
          },
          trafficRouting: {
            istio: {
              virtualServices: [
                { name: 'silly-demo-1', routes: ['primary'] },
                { name: 'silly-demo-2', routes: ['secondary'] },
              ],
            },
          },
          steps: [
            { setWeight: 20 },
            { pause: {} },
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
  });

export const sillyDemo: Scenario = {
  name: 'silly-demo',
  namespace: NAMESPACE,
  rollout: APP,
  container: APP,
  images: { stable: `${IMAGE}:1.4.126`, good: `${IMAGE}:1.4.127`, bad: `${IMAGE}:1.4.129` },
  pace: 10,
  opening: { type: 'release', image: `${IMAGE}:1.4.127`, promotions: 0 },
  behaviours: { [`${IMAGE}:1.4.129`]: { errorPercent: 25 } },
  hosts: [
    { namespace: NAMESPACE, name: HOSTS.primary },
    { namespace: NAMESPACE, name: HOSTS.secondary },
  ],
  summary: 'Prometheus success rate, two VirtualServices, HPA, a pause for a person',
  manifests: (times, addresses) => {
    const window = times.span(300, 15);
    const requests = `istio_requests_total{reporter="source",destination_service="{{args.service-name}}"`;
    const [prometheusHost = '', prometheusPort = ''] = splitPort(addresses.prometheus);
    return [
      namespaceObject(NAMESPACE),
      templateDeployment(NAMESPACE, APP, APP, {
        name: APP,
        image: `${IMAGE}:1.4.126`,
        ports: [{ containerPort: 8080 }],
        resources: { requests: { cpu: '100m', memory: '64Mi' } },
      }),
      service(NAMESPACE, 'silly-demo-stable', APP, 8080),
      service(NAMESPACE, 'silly-demo-canary', APP, 8080),
      gateway(NAMESPACE, 'silly-demo-gateway'),
      virtualService(NAMESPACE, 'silly-demo-1', {
        host: HOSTS.primary,
        gateway: 'silly-demo-gateway',
        route: 'primary',
        stable: STABLE,
        canary: CANARY,
        traffic: '60rps',
      }),
      virtualService(NAMESPACE, 'silly-demo-2', {
        host: HOSTS.secondary,
        gateway: 'silly-demo-gateway',
        route: 'secondary',
        stable: STABLE,
        canary: CANARY,
        traffic: '30rps',
      }),
      manifest('argoproj.io/v1alpha1', 'ClusterAnalysisTemplate', 'success-rate', {
        spec: {
          args: [{ name: 'service-name' }, { name: 'prometheus-addr', value: prometheusHost }, { name: 'prometheus-port', value: prometheusPort }],
          metrics: [
            {
              name: 'success-rate',
              // The window must hold requests of the canary before the first look at it.
              initialDelay: times.span(150, 15),
              interval: times.span(60, 10),
              successCondition: 'result[0] >= 0.95',
              provider: {
                prometheus: {
                  address: '{{args.prometheus-addr}}:{{args.prometheus-port}}',
                  query: `sum(irate(${requests},response_code!~"5.*"}[${window}])) / sum(irate(${requests}}[${window}]))`,
                },
              },
            },
          ],
        },
      }),
      manifest('autoscaling/v2', 'HorizontalPodAutoscaler', APP, {
        namespace: NAMESPACE,
        spec: {
          minReplicas: 5,
          maxReplicas: 8,
          scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: APP },
          metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
        },
      }),
      rollout(times),
    ];
  },
};

function splitPort(url: string): readonly string[] {
  const colon = url.lastIndexOf(':');
  return [url.slice(0, colon), url.slice(colon + 1)];
}
