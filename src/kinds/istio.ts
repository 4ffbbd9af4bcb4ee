// Istio's VirtualService and DestinationRule: the parts in which traffic is split, typed.
// Anything else in them is kept as it is; the CRD schemas (istio-schemas.ts) know all of it.

import { isRecord } from '../lib/deep.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';

export type IstioDestination = {
  readonly host?: string | undefined;
  readonly subset?: string | undefined;
  readonly port?: { readonly number?: number | undefined } | undefined;
};

export type RouteDestination = {
  readonly destination?: IstioDestination | undefined;
  readonly weight?: number | undefined;
  readonly [field: string]: unknown;
};

export type HttpRoute = {
  readonly name?: string | undefined;
  readonly match?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly route?: readonly RouteDestination[] | undefined;
  readonly [field: string]: unknown;
};

export type TlsMatch = { readonly port?: number | undefined; readonly sniHosts?: readonly string[] | undefined; readonly [field: string]: unknown };

export type TlsRoute = {
  readonly match?: readonly TlsMatch[] | undefined;
  readonly route?: readonly RouteDestination[] | undefined;
  readonly [field: string]: unknown;
};

export type TcpRoute = {
  readonly match?: readonly { readonly port?: number | undefined; readonly [field: string]: unknown }[] | undefined;
  readonly route?: readonly RouteDestination[] | undefined;
  readonly [field: string]: unknown;
};

export type VirtualService = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly hosts?: readonly string[] | undefined;
    readonly gateways?: readonly string[] | undefined;
    readonly http?: readonly HttpRoute[] | undefined;
    readonly tls?: readonly TlsRoute[] | undefined;
    readonly tcp?: readonly TcpRoute[] | undefined;
    readonly [field: string]: unknown;
  };
};

export type Subset = { readonly name: string; readonly labels?: Readonly<Record<string, string>> | undefined; readonly [field: string]: unknown };

export type DestinationRule = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly host?: string | undefined;
    readonly subsets?: readonly Subset[] | undefined;
    readonly [field: string]: unknown;
  };
};

export function virtualServiceOf(object: KubeObject): VirtualService {
  return { ...object, spec: isRecord(object['spec']) ? object['spec'] : {} };
}

export function destinationRuleOf(object: KubeObject): DestinationRule {
  return { ...object, spec: isRecord(object['spec']) ? object['spec'] : {} };
}
