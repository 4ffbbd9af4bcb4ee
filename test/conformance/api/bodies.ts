// The bodies that the contract of the API is held with.

import type { KubeObject } from '../../../src/kinds/kube-object.js';

export const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };

export const configMap = (name: string, metadata: object = {}): { metadata: { name: string }; data: Record<string, string> } => ({ metadata: { name, ...metadata }, data: { k: '1' } });

/** Of no replicas: nothing for a controller to do. */
export const deployment = (name: string): object => ({ metadata: { name }, spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE } });

export const rollout = (name: string, spec: object = {}): object => ({
  metadata: { name },
  spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, strategy: { canary: {} }, ...spec },
});

/** On a node that is none, so that nothing runs it. */
export const boundPod = (name: string, labels: Record<string, string> = {}): object => ({
  metadata: { name, labels },
  spec: { nodeName: 'no-such-node', containers: [{ name: 'app', image: 'app:1' }] },
});

/** That no scheduler looks at. */
export const waitingPod = (name: string, spec: object = {}): object => ({
  metadata: { name },
  spec: { schedulerName: 'nobody', containers: [{ name: 'app', image: 'app:1' }], ...spec },
});

type Entry = { readonly manager: string; readonly operation: string; readonly subresource?: string; readonly apiVersion: string; readonly fieldsV1: unknown };

/** Who owns what: "contract Update" and its fields. */
export const ownersOf = (object: KubeObject): Record<string, unknown> =>
  Object.fromEntries(
    ((object.metadata.managedFields ?? []) as readonly Entry[]).map(({ manager, operation, subresource, fieldsV1 }) => [
      `${manager} ${operation}${subresource === undefined ? '' : ` ${subresource}`}`,
      fieldsV1,
    ]),
  );

/** The value at the end of the path. */
export function at(object: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined), object);
}
