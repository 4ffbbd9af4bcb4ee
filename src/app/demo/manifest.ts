// Short forms for the manifests of the demos.

import type { KubeObject } from '../../kinds/kube-object.js';

/** On a Service or a VirtualService: the requests per second that the sandbox's users send to its host. */
export const TRAFFIC_ANNOTATION = 'sandbox.sluice.dev/traffic';

type Parts = {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
};

export function manifest(apiVersion: string, kind: string, name: string, parts: Parts): KubeObject {
  const { namespace, labels, annotations, ...rest } = parts;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...rest,
  };
}

export const namespaceObject = (name: string): KubeObject => manifest('v1', 'Namespace', name, {});

export function service(namespace: string, name: string, app: string, port: number, traffic?: string): KubeObject {
  return manifest('v1', 'Service', name, {
    namespace,
    ...(traffic === undefined ? {} : { annotations: { [TRAFFIC_ANNOTATION]: traffic } }),
    spec: { selector: { app }, ports: [{ name: 'http', port, targetPort: port }] },
  });
}

export function podTemplate(app: string, container: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { metadata: { labels: { app } }, spec: { containers: [container] } };
}

/** A Deployment that only lends its template to a Rollout: none of its own pods run. */
export function templateDeployment(namespace: string, name: string, app: string, container: Readonly<Record<string, unknown>>): KubeObject {
  return manifest('apps/v1', 'Deployment', name, {
    namespace,
    labels: { app },
    spec: { replicas: 0, selector: { matchLabels: { app } }, template: podTemplate(app, container) },
  });
}

export function gateway(namespace: string, name: string): KubeObject {
  return manifest('networking.istio.io/v1alpha3', 'Gateway', name, {
    namespace,
    spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
  });
}

export type Destination = { readonly host: string; readonly subset?: string; readonly port?: { readonly number: number } };

export type Route = {
  readonly host: string;
  readonly gateway: string;
  readonly route: string;
  readonly stable: Destination;
  readonly canary: Destination;
  readonly traffic?: string;
};

export function virtualService(namespace: string, name: string, { host, gateway: gatewayName, route, stable, canary, traffic }: Route): KubeObject {
  return manifest('networking.istio.io/v1alpha3', 'VirtualService', name, {
    namespace,
    ...(traffic === undefined ? {} : { annotations: { [TRAFFIC_ANNOTATION]: traffic } }),
    spec: {
      hosts: [host],
      gateways: [gatewayName],
      http: [
        {
          name: route,
          route: [
            { destination: stable, weight: 100 },
            { destination: canary, weight: 0 },
          ],
        },
      ],
    },
  });
}

/** Both subsets begin alike; the engine adds the pod-template hash of the revision that each stands for. */
export function destinationRule(namespace: string, name: string, host: string, app: string, subsets: readonly string[]): KubeObject {
  return manifest('networking.istio.io/v1alpha3', 'DestinationRule', name, {
    namespace,
    spec: { host, subsets: subsets.map((subset) => ({ name: subset, labels: { app } })) },
  });
}

/** So that the mesh's metrics tell canary from stable, whatever the revision. */
export const VERSION_METADATA = {
  canaryMetadata: { labels: { version: 'canary', 'service.istio.io/canonical-revision': 'canary' } },
  stableMetadata: { labels: { version: 'stable', 'service.istio.io/canonical-revision': 'stable' } },
} as const;
