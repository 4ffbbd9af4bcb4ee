// Resource quotas: what the pods of a namespace use of each one, and whether another pod still fits.

import type { KubeObject } from '../../kinds/kube-object.js';
import { POD } from '../../kinds/resource-type.js';
import { canonicalQuantity, quantityValue } from '../../lib/quantity.js';
import { deepEqual } from '../../lib/deep.js';
import { err, ok, type Result } from '../../lib/result.js';
import type { ApiStatus } from './api.js';
import { listAt, recordAt, textAt, type Draft, type Kind } from './kind.js';
import type { Objects } from './objects.js';
import { forbidden } from './status.js';

type Amounts = Readonly<Record<string, number>>;

/** "cpu" and "memory" alone mean the requests. */
const SHORT: Readonly<Record<string, string>> = { cpu: 'requests.cpu', memory: 'requests.memory', 'ephemeral-storage': 'requests.ephemeral-storage' };

const COUNTS: readonly string[] = ['pods', 'count/pods'];

const isCompute = (name: string): boolean => (SHORT[name] ?? name).startsWith('requests.') || name.startsWith('limits.');

const isPodResource = (name: string): boolean => COUNTS.includes(name) || isCompute(name);

/** What one pod takes of a resource. */
function amountOf(pod: Readonly<Record<string, unknown>>, resource: string): number {
  if (COUNTS.includes(resource)) return 1;
  const [part, name] = splitOnce(SHORT[resource] ?? resource);
  return listAt(recordAt(pod, 'spec'), 'containers').reduce<number>((sum, container) => {
    const value = recordAt(recordAt(container, 'resources'), part)[name];
    return sum + (typeof value === 'string' || typeof value === 'number' ? (quantityValue(value) ?? 0) : 0);
  }, 0);
}

const splitOnce = (text: string): [string, string] => [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)];

function amountText(resource: string, amount: number): string {
  if (COUNTS.includes(resource)) return String(amount);
  return canonicalQuantity(Number.isInteger(amount) ? String(amount) : `${Math.round(amount * 1000)}m`);
}

/** Pods that have ended take nothing. */
const counts = (pod: KubeObject): boolean => !['Succeeded', 'Failed'].includes(textAt(pod['status'], 'phase'));

function usedBy(pods: readonly KubeObject[], resources: readonly string[]): Amounts {
  return Object.fromEntries(resources.map((resource) => [resource, pods.reduce((sum, pod) => sum + amountOf(pod, resource), 0)]));
}

const hardOf = (quota: KubeObject): Readonly<Record<string, unknown>> => recordAt(quota['spec'], 'hard');

export type Quotas = {
  /** 403 when a quota of the namespace leaves no room for the pod. */
  admit(pod: Draft): Result<undefined, ApiStatus>;
  /** Writes down what is used, where that has changed. */
  settle(namespace: string): void;
};

export function createQuotas(objects: Objects, quotaKind: Kind, podKind: Kind): Quotas {
  const podsOf = (namespace: string): readonly KubeObject[] => objects.table(podKind).list(namespace).filter(counts);

  const refuse = (pod: Draft, quota: KubeObject, pods: readonly KubeObject[]): ApiStatus | undefined => {
    const hard = hardOf(quota);
    const resources = Object.keys(hard).filter(isPodResource).toSorted();
    const unsaid = resources.filter((resource) => isCompute(resource) && amountOf(pod, resource) === 0);
    if (unsaid.length > 0) {
      const names = listAt(recordAt(pod, 'spec'), 'containers')
        .map((container) => textAt(container, 'name'))
        .join(',');
      return forbidden(
        POD,
        pod.metadata.name,
        `failed quota: ${quota.metadata.name}: must specify ${unsaid.map((resource) => `${resource} for: ${names}`).join('; ')}`,
      );
    }
    const used = usedBy(pods, resources);
    const over = resources.filter((resource) => (used[resource] ?? 0) + amountOf(pod, resource) > (quantityValue(String(hard[resource])) ?? Infinity));
    if (over.length === 0) return undefined;
    const told = (amount: (resource: string) => string): string => over.map((resource) => `${resource}=${amount(resource)}`).join(',');
    const requested = told((resource) => amountText(resource, amountOf(pod, resource)));
    const taken = told((resource) => amountText(resource, used[resource] ?? 0));
    const limited = told((resource) => String(hard[resource]));
    return forbidden(POD, pod.metadata.name, `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${taken}, limited: ${limited}`);
  };

  return {
    admit(pod) {
      const namespace = pod.metadata.namespace ?? '';
      const quotas = objects.table(quotaKind).list(namespace);
      if (quotas.length === 0) return ok(undefined);
      const pods = podsOf(namespace);
      for (const quota of quotas) {
        const refused = refuse(pod, quota, pods);
        if (refused !== undefined) return err(refused);
      }
      return ok(undefined);
    },
    settle(namespace) {
      const table = objects.table(quotaKind);
      if (table.size() === 0) return;
      for (const quota of table.list(namespace)) {
        const hard = hardOf(quota);
        const amounts = usedBy(podsOf(namespace), Object.keys(hard).filter(isPodResource));
        const used = Object.fromEntries(Object.keys(hard).map((resource) => [resource, amountText(resource, amounts[resource] ?? 0)]));
        if (deepEqual(quota['status'], { hard, used })) continue;
        objects.write(quotaKind, { ...quota, metadata: { ...quota.metadata }, status: { hard, used } }, quota);
      }
    },
  };
}
