// Which types a server has in a group: with Istio or without, with which version.

import type { ResourceType } from '../kinds/resource-type.js';
import { isRecord } from '../lib/deep.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ClusterError } from './cluster.js';

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

function typeOf(group: string, version: string, resource: unknown): ResourceType | undefined {
  if (!isRecord(resource) || typeof resource['name'] !== 'string' || typeof resource['kind'] !== 'string' || resource['name'].includes('/')) return undefined;
  const singular = typeof resource['singularName'] === 'string' && resource['singularName'] !== '' ? resource['singularName'] : resource['kind'].toLowerCase();
  return {
    group,
    version,
    kind: resource['kind'],
    plural: resource['name'],
    singular,
    shortNames: texts(resource['shortNames']),
    categories: texts(resource['categories']),
    namespaced: resource['namespaced'] === true,
  };
}

/** One entry for each served version, the preferred one first; empty when the server has no such group. */
export async function discoverGroup(
  group: string,
  read: (path: string) => Promise<Result<unknown, ClusterError>>,
): Promise<Result<readonly ResourceType[], ClusterError>> {
  let versions: readonly string[] = ['v1'];
  if (group !== '') {
    const found = await read(`/apis/${group}`);
    if (!found.ok) return found.error.code === 404 ? ok([]) : found;
    const listed = isRecord(found.value) && Array.isArray(found.value['versions']) ? found.value['versions'] : [];
    versions = listed.flatMap((entry: unknown) => (isRecord(entry) && typeof entry['version'] === 'string' ? [entry['version']] : []));
  }
  const types: ResourceType[] = [];
  for (const version of versions) {
    const found = await read(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
    if (!found.ok && found.error.code !== 404) return found;
    const resources: readonly unknown[] = found.ok && isRecord(found.value) && Array.isArray(found.value['resources']) ? found.value['resources'] : [];
    for (const resource of resources) {
      const type = typeOf(group, version, resource);
      if (type !== undefined) types.push(type);
    }
  }
  return ok(types);
}
