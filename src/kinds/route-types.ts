// The kinds of objects that split traffic, of all routers. A cluster has a few of them at most.

import { define, DESTINATION_RULE, INGRESS, VIRTUAL_SERVICE } from './resource-type.js';
import type { ResourceType } from './resource-type.js';

export const HTTP_ROUTE = define('gateway.networking.k8s.io', 'v1', 'HTTPRoute', 'httproutes', { categories: ['gateway-api'] });
export const GRPC_ROUTE = define('gateway.networking.k8s.io', 'v1', 'GRPCRoute', 'grpcroutes', { categories: ['gateway-api'] });
/** Where v1 is served this one still is. */
export const TCP_ROUTE = define('gateway.networking.k8s.io', 'v1alpha2', 'TCPRoute', 'tcproutes', { categories: ['gateway-api'] });
export const TLS_ROUTE = define('gateway.networking.k8s.io', 'v1', 'TLSRoute', 'tlsroutes', { categories: ['gateway-api'] });
export const TRAEFIK_SERVICE = define('traefik.io', 'v1alpha1', 'TraefikService', 'traefikservices');
/** Before Traefik 3. */
export const TRAEFIK_SERVICE_OLD = define('traefik.containo.us', 'v1alpha1', 'TraefikService', 'traefikservices');
export const APISIX_ROUTE = define('apisix.apache.org', 'v2', 'ApisixRoute', 'apisixroutes', { shortNames: ['ar'] });
/** The version that Argo asks for, too. */
export const TRAFFIC_SPLIT = define('split.smi-spec.io', 'v1alpha1', 'TrafficSplit', 'trafficsplits', { shortNames: ['ts'] });
/** The version that Argo asks for, too. */
export const MAPPING = define('getambassador.io', 'v2', 'Mapping', 'mappings');
/** What Ambassador 2 was called while it ran beside Ambassador 1. */
export const AMBASSADOR_MAPPING = define('x.getambassador.io', 'v3alpha1', 'AmbassadorMapping', 'ambassadormappings');
export const MESH_SERVICE = define('appmesh.k8s.aws', 'v1beta2', 'VirtualService', 'virtualservices');
export const MESH_ROUTER = define('appmesh.k8s.aws', 'v1beta2', 'VirtualRouter', 'virtualrouters');
export const MESH_NODE = define('appmesh.k8s.aws', 'v1beta2', 'VirtualNode', 'virtualnodes');

/** Splits nothing: says which target group of AWS has the pods of which Service. */
export const TARGET_GROUP_BINDING = define('elbv2.k8s.aws', 'v1beta1', 'TargetGroupBinding', 'targetgroupbindings');

export const ROUTE_TYPES: readonly ResourceType[] = [
  VIRTUAL_SERVICE,
  DESTINATION_RULE,
  INGRESS,
  HTTP_ROUTE,
  GRPC_ROUTE,
  TCP_ROUTE,
  TLS_ROUTE,
  TRAEFIK_SERVICE,
  TRAEFIK_SERVICE_OLD,
  APISIX_ROUTE,
  TRAFFIC_SPLIT,
  MAPPING,
  AMBASSADOR_MAPPING,
  MESH_SERVICE,
  MESH_ROUTER,
  MESH_NODE,
];
