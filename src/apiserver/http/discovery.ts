// What is served, told to clients: the plain lists (/api, /apis, /apis/G, /apis/G/V) and the aggregated form that
// newer kubectl prefers, which says the same in one answer.

import type { ResourceType } from '../../kinds/resource-type.js';
import { REVIEW_TYPES } from './access-reviews.js';
import type { ServedType, Subresource } from './catalogue.js';
import { POSTED } from './resource-request.js';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;
const WRITTEN_SUBRESOURCE_VERBS = ['get', 'patch', 'update'] as const;

type Entry = { readonly type: ResourceType; readonly verbs: readonly string[]; readonly subresources: readonly Subresource[] };

/** One group with its versions, the preferred one first. */
type Group = { readonly name: string; readonly versions: readonly { readonly version: string; readonly entries: readonly Entry[] }[] };

function groupsOf(all: readonly ServedType[]): readonly Group[] {
  const entries: readonly Entry[] = [
    ...all.map(({ type, subresources }) => ({ type, verbs: VERBS, subresources })),
    ...REVIEW_TYPES.map((type) => ({ type, verbs: ['create'], subresources: [] })),
  ];
  return [...new Set(entries.map(({ type }) => type.group))].map((name) => {
    const inGroup = entries.filter(({ type }) => type.group === name);
    const versions = [...new Set(inGroup.map(({ type }) => type.version))].toSorted(compareVersions);
    return { name, versions: versions.map((version) => ({ version, entries: inGroup.filter(({ type }) => type.version === version) })) };
  });
}

/** Kubernetes' order: v2 before v1 before v1beta2 before v1beta1 before v1alpha1; other names last, by name. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  for (const [index, value] of left.entries()) {
    const difference = (right[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : Number(a > b);
}

const STABILITY: Readonly<Record<string, number>> = { alpha: 1, beta: 2 };

function rank(version: string): readonly number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return [0, 0, 0];
  return [match[2] === undefined ? 3 : (STABILITY[match[2]] ?? 0), Number(match[1]), Number(match[3] ?? 0)];
}

/** /api. */
export function apiVersions(address: string): unknown {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }] };
}

/** /apis. */
export function apiGroupList(all: readonly ServedType[]): unknown {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groupsOf(all)
      .filter(({ name }) => name !== '')
      .map(apiGroup),
  };
}

/** /apis/G; undefined when nothing is served there. */
export function apiGroupOf(all: readonly ServedType[], name: string): unknown {
  const group = groupsOf(all).find((each) => each.name === name && name !== '');
  return group === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) };
}

function apiGroup({ name, versions }: Group): { name: string; versions: unknown; preferredVersion: unknown } {
  const named = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: named, preferredVersion: named[0] };
}

/** /api/v1 and /apis/G/V; undefined when nothing is served there. */
export function apiResourceList(all: readonly ServedType[], group: string, version: string): unknown {
  const found = groupsOf(all)
    .find(({ name }) => name === group)
    ?.versions.find((each) => each.version === version);
  if (found === undefined) return undefined;
  const resources = found.entries.flatMap(({ type, verbs, subresources }) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs,
      ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
      ...(type.categories.length === 0 ? {} : { categories: type.categories }),
    },
    ...subresources.map((name) => ({
      name: `${type.plural}/${name}`,
      singularName: '',
      namespaced: type.namespaced,
      ...(OWN_KINDS[name] ?? { kind: type.kind }),
      verbs: subresourceVerbs(name),
    })),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group === '' ? version : `${group}/${version}`, resources };
}

/** Subresources that are not of the kind that they belong to. */
const OWN_KINDS: Readonly<Partial<Record<Subresource, { readonly group: string; readonly version: string; readonly kind: string }>>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  binding: { group: '', version: 'v1', kind: 'Binding' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
};

const subresourceVerbs = (name: Subresource): readonly string[] => (name === 'log' ? ['get'] : POSTED.has(name) ? ['create'] : WRITTEN_SUBRESOURCE_VERBS);

/** /api (`legacy`) and /apis in the aggregated form. */
export function aggregatedDiscovery(all: readonly ServedType[], legacy: boolean, apiVersion: 'v2' | 'v2beta1'): unknown {
  const items = groupsOf(all)
    .filter(({ name }) => (name === '') === legacy)
    .map(({ name, versions }) => ({
      metadata: name === '' ? { creationTimestamp: null } : { name, creationTimestamp: null },
      versions: versions.map(({ version, entries }) => ({ version, resources: entries.map(aggregatedResource), freshness: 'Current' })),
    }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${apiVersion}`, metadata: {}, items };
}

function aggregatedResource({ type, verbs, subresources }: Entry): unknown {
  const responseKind = { group: type.group, version: type.version, kind: type.kind };
  return {
    resource: type.plural,
    responseKind,
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map((name) => ({
            subresource: name,
            responseKind: OWN_KINDS[name] ?? responseKind,
            verbs: subresourceVerbs(name),
          })),
        }),
  };
}
