// Services, and the Endpoints that name the pods behind them.

import { isRecord } from '../lib/deep.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';

export type ServicePort = {
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol?: string | undefined;
  readonly targetPort?: number | string | undefined;
  readonly nodePort?: number | undefined;
  readonly appProtocol?: string | undefined;
};

export type ServiceSpec = {
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly ports?: readonly ServicePort[] | undefined;
  readonly type?: string | undefined;
  readonly clusterIP?: string | undefined;
  readonly [field: string]: unknown;
};

export type Service = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: ServiceSpec;
};

export type EndpointAddress = {
  readonly ip: string;
  readonly nodeName?: string | undefined;
  readonly targetRef?: { readonly kind: string; readonly name: string; readonly namespace?: string | undefined; readonly uid?: string | undefined } | undefined;
};

export type EndpointSubset = {
  readonly addresses?: readonly EndpointAddress[] | undefined;
  readonly notReadyAddresses?: readonly EndpointAddress[] | undefined;
  readonly ports?: readonly { readonly name?: string | undefined; readonly port: number; readonly protocol?: string | undefined }[] | undefined;
};

export type Endpoints = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly subsets?: readonly EndpointSubset[] | undefined;
};

export function serviceOf(object: KubeObject): Service {
  return { ...object, spec: isRecord(object['spec']) ? object['spec'] : {} };
}

export function endpointsOf(object: KubeObject): Endpoints {
  return { ...object, subsets: Array.isArray(object['subsets']) ? (object['subsets'] as EndpointSubset[]) : undefined };
}
