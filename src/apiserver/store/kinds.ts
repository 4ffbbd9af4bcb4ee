// The kinds that are served now: the built-in ones, and those that CustomResourceDefinitions bring and take away.

import type { ResourceType } from '../../kinds/resource-type.js';
import { kindKey, type Kind, type ServedVersion } from './kind.js';

export type Kinds = {
  lookup(type: ResourceType): { readonly kind: Kind; readonly version: ServedVersion } | undefined;
  byKey(key: string): Kind | undefined;
  /** By what an owner reference names; undefined when no such kind is served. */
  byGroupKind(apiVersion: string, kind: string): Kind | undefined;
  set(kind: Kind): void;
  delete(key: string): void;
  types(): readonly ResourceType[];
};

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');

export function createKinds(): Kinds {
  const kinds = new Map<string, Kind>();
  let byName = new Map<string, Kind>();
  const reindex = (): void => {
    byName = new Map([...kinds.values()].map((kind) => [`${kind.storage.type.group}/${kind.storage.type.kind}`, kind]));
  };
  return {
    lookup(type) {
      const kind = kinds.get(kindKey(type.group, type.plural));
      const version = kind?.versions.get(type.version);
      return kind === undefined || version === undefined ? undefined : { kind, version };
    },
    byKey: (key) => kinds.get(key),
    byGroupKind: (apiVersion, kind) => byName.get(`${groupOf(apiVersion)}/${kind}`),
    set(kind) {
      kinds.set(kind.key, kind);
      reindex();
    },
    delete(key) {
      kinds.delete(key);
      reindex();
    },
    types: () => [...kinds.values()].flatMap((kind) => [...kind.versions.values()].map((version) => version.type)),
  };
}
