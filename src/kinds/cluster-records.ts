// The kinds a cluster keeps its own records in: Events (what happened) and Namespaces. Leases: controllers/lease-record.

import { isRecord } from '../lib/deep.js';
import type { KubeObject, ObjectMeta } from './kube-object.js';

export type InvolvedObject = {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly fieldPath?: string | undefined;
};

/** A core/v1 Event. */
export type Event = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly involvedObject: InvolvedObject;
  readonly type?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly count?: number | undefined;
  readonly firstTimestamp?: string | undefined;
  readonly lastTimestamp?: string | undefined;
  readonly eventTime?: string | null | undefined;
  readonly source?: { readonly component?: string | undefined; readonly host?: string | undefined } | undefined;
  readonly reportingComponent?: string | undefined;
  readonly reportingInstance?: string | undefined;
};

export type Namespace = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly status?: { readonly phase?: string | undefined } | undefined;
};

export function eventOf(object: KubeObject): Event {
  return { ...object, involvedObject: isRecord(object['involvedObject']) ? object['involvedObject'] : {} };
}

export function namespaceOf(object: KubeObject): Namespace {
  return { ...object, status: isRecord(object['status']) ? object['status'] : undefined };
}
