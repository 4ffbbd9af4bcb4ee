// Creates objects on a cluster: those of the demos, and of files. What is refused is told with its place and the server's reason.

import type { Cluster } from '../cluster/cluster.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { STAND_IN } from '../kinds/labels.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { apiVersionOf, BUILT_IN_TYPES, type ResourceType } from '../kinds/resource-type.js';
import { err, ok, type Result } from '../lib/result.js';

export type ManifestDocument = { readonly origin: string; readonly object: KubeObject };

/** The type of an object, asking the server for groups that are not built in. */
export type TypeLookup = (object: KubeObject) => Promise<ResourceType | undefined>;

export function createTypeLookup(cluster: Cluster): TypeLookup {
  const groups = new Map<string, readonly ResourceType[]>();
  return async ({ apiVersion, kind }) => {
    const builtIn = BUILT_IN_TYPES.find((type) => apiVersionOf(type) === apiVersion && type.kind === kind);
    if (builtIn !== undefined) return builtIn;
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const find = (types: readonly ResourceType[] | undefined): ResourceType | undefined =>
      types?.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
    const known = find(groups.get(group));
    if (known !== undefined) return known;
    // Not kept when it is missing: an earlier document may just have installed its CustomResourceDefinition.
    const found = await cluster.discover(group);
    if (found.ok) groups.set(group, found.value);
    return find(groups.get(group));
  };
}

/** What a server has of its own, such as the engine's namespace or Argo's kinds, and what manifests may bring along all the same. */
const OFTEN_THERE: ReadonlySet<string> = new Set(['Namespace', 'CustomResourceDefinition']);

/**
 * As `createObject`; a namespace or a kind that is there already stays as it is, with the labels and annotations of the manifest. What only
 * stands in for a real definition makes room for it.
 */
export async function ensureObject(cluster: Cluster, lookup: TypeLookup, document: ManifestDocument, fieldManager: string): Promise<Result<undefined, string>> {
  const { kind, metadata } = document.object;
  const type = OFTEN_THERE.has(kind) ? await lookup(document.object) : undefined;
  const ref = type === undefined ? undefined : { type, namespace: '', name: metadata.name };
  const there = ref === undefined ? undefined : await cluster.get(ref);
  if (ref === undefined || there?.ok !== true) return createObject(cluster, lookup, document, fieldManager);
  const { labels = {}, annotations = {} } = metadata;
  const standsIn = there.value.metadata.annotations?.[STAND_IN] !== undefined;
  const body = standsIn
    ? { metadata: { labels, annotations: { ...annotations, [STAND_IN]: null } }, spec: document.object['spec'] }
    : { metadata: { labels, annotations } };
  const answer = await cluster.patch(ref, 'merge', body, { fieldManager });
  return answer.ok ? ok(undefined) : err(`${document.origin}: ${kind} ${metadata.name}: ${answer.error.message}`);
}

export async function createObject(
  cluster: Cluster,
  lookup: TypeLookup,
  { origin, object }: ManifestDocument,
  fieldManager: string,
): Promise<Result<undefined, string>> {
  const type = await lookup(object);
  if (type === undefined) return err(`${origin}: the server does not know the kind ${object.kind} in ${object.apiVersion}`);
  const ref: ObjectRef = { type, namespace: type.namespaced ? (object.metadata.namespace ?? 'default') : '', name: object.metadata.name };
  const answer = await cluster.create(ref, object, { fieldManager, fieldValidation: 'Strict' });
  const name = (object.metadata.name as string | undefined) ?? '(without a name)';
  return answer.ok ? ok(undefined) : err(`${origin}: ${object.kind} ${name}: ${answer.error.message}`);
}
