// Which router splits the traffic of a canary, and which of its objects it may touch.

import { anyObject, bool, int, list, long, map, object, required, text } from './schema.js';
import type { Infer } from './schema.js';

const istioVirtualServiceSchema = object({
  name: required(text()),
  routes: list(text()),
  tlsRoutes: list(object({ port: long(), sniHosts: list(text()) })),
  tcpRoutes: list(object({ port: long() })),
});

export type IstioVirtualServiceRef = Infer<typeof istioVirtualServiceSchema>;

const istioSchema = object({
  virtualService: istioVirtualServiceSchema,
  virtualServices: list(istioVirtualServiceSchema),
  destinationRule: object({
    name: required(text()),
    canarySubsetName: required(text()),
    stableSubsetName: required(text()),
    additionalSubsetNames: list(text()),
  }),
});

export type IstioRouting = Infer<typeof istioSchema>;

const nginxSchema = object({
  annotationPrefix: text(),
  stableIngress: text(),
  stableIngresses: list(text()),
  additionalIngressAnnotations: map(text()),
  canaryIngressAnnotations: map(text()),
});

export type NginxRouting = Infer<typeof nginxSchema>;

const albSchema = object({
  ingress: text(),
  ingresses: list(text()),
  servicePort: required(int()),
  rootService: text(),
  annotationPrefix: text(),
  stickinessConfig: object({ enabled: required(bool()), durationSeconds: required(long()) }),
});

export type AlbRouting = Infer<typeof albSchema>;

const virtualNodeSchema = object({ name: required(text()) });

const appMeshSchema = object({
  virtualService: object({ name: required(text()), routes: list(text()) }),
  virtualNodeGroup: object({ canaryVirtualNodeRef: required(virtualNodeSchema), stableVirtualNodeRef: required(virtualNodeSchema) }),
});

export type AppMeshRouting = Infer<typeof appMeshSchema>;

export const trafficRoutingSchema = object({
  istio: istioSchema,
  nginx: nginxSchema,
  alb: albSchema,
  smi: object({ rootService: text(), trafficSplitName: text() }),
  ambassador: object({ mappings: required(list(text())) }),
  appMesh: appMeshSchema,
  traefik: object({ weightedTraefikServiceName: required(text()) }),
  apisix: object({ route: object({ name: required(text()), rules: list(text()) }) }),
  /** Settings of router plugins by plugin name ("argoproj-labs/gatewayAPI"). */
  plugins: anyObject(),
  managedRoutes: list(object({ name: required(text()) })),
  maxTrafficWeight: int(),
});

export type TrafficRouting = Infer<typeof trafficRoutingSchema>;
