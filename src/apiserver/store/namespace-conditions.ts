// Why a namespace is not gone yet, in the conditions of its status, as the real server words them.

import type { KubeObject } from '../../kinds/kube-object.js';
import { resourceName } from './status.js';
import type { Place } from './objects.js';

export type Left = { readonly place: Place; readonly object: KubeObject };

const counted = (names: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts];
};

/** The conditions of a namespace that was emptied at `time` and still holds what is given. */
export function namespaceConditions(left: readonly Left[], time: string): readonly object[] {
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string): object => ({
    type,
    status,
    lastTransitionTime: time,
    reason,
    message,
  });
  const resources = counted(left.map(({ place }) => `${resourceName(place.kind.storage.type)}${place.kind.storage.type.group === '' ? '.' : ''}`));
  const finalizers = counted(left.flatMap(({ object }) => object.metadata.finalizers ?? []));
  const remaining = resources.map(([name, count]) => `${name} has ${count} resource instances`).join(', ');
  const holding = finalizers.map(([name, count]) => `${name} in ${count} resource instances`).join(', ');
  return [
    condition('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'),
    condition('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    condition('NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'),
    left.length === 0
      ? condition('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed')
      : condition('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${remaining}`),
    finalizers.length === 0
      ? condition('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
      : condition('NamespaceFinalizersRemaining', 'True', 'SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${holding}`),
  ];
}
