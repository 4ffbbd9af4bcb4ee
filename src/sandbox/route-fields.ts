// What the readers of routing objects share: fields of unknown objects, hosts, and the form in which each says where requests go.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import type { World } from './world.js';

export type WeightedService = {
  readonly weight: number;
  readonly namespace: string;
  readonly service: string;
  /** Of the pods themselves, where the object selects them past any Service. */
  readonly labels?: Readonly<Record<string, string>>;
};

export type Fields = Readonly<Record<string, unknown>>;
/** Of a request, by names in lower case. */
export type Headers = Readonly<Record<string, string>>;
export type WantedHost = { readonly namespace: string; readonly name: string; readonly headers?: Headers | undefined };

export const recordOf = (value: unknown): Fields => (isRecord(value) ? value : {});
export const recordsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []);
export const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
export const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
export const namespaceOf = (object: KubeObject): string => object.metadata.namespace ?? '';

export type TextMatch = 'exact' | 'prefix' | 'regex';

/** Whether the request has that header with such a value. */
export function headerMatches({ headers }: Pick<WantedHost, 'headers'>, name: unknown, how: TextMatch, wanted: unknown): boolean {
  const value = typeof name === 'string' ? headers?.[name.toLowerCase()] : undefined;
  if (value === undefined || typeof wanted !== 'string') return false;
  if (how === 'exact') return value === wanted;
  return how === 'prefix' ? value.startsWith(wanted) : matchesWhole(wanted, value);
}

function matchesWhole(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    // A proxy refuses such a rule; nothing takes it.
    return false;
  }
}

/** The oldest first, as controllers settle disputes. */
export function objectsOf(world: World, ...types: readonly ResourceType[]): readonly KubeObject[] {
  const age = ({ metadata }: KubeObject): string => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  return types
    .flatMap((type) => world.list(type))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
}

export function meansHost(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)));
}
