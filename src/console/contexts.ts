// The names of clusters: those that are watched, and the other contexts of the kubeconfig.

import type { Model } from './model.js';

/** All that are watched, then the others of the kubeconfig. */
export function namesOf({ clusters, contexts }: Pick<Model, 'clusters' | 'contexts'>): ReadonlySet<string> {
  return new Set([...clusters.keys(), ...contexts.map(({ name }) => name)]);
}

/** What may stand behind `:ctx`. */
export function contextArguments(model: Model): readonly string[] {
  const names = [...namesOf(model)];
  const signed = names.map((name) => `${model.clusters.has(name) ? '-' : '+'}${name}`);
  return ['all', ...names, ...(model.clusters.size > 1 || names.length > 1 ? signed : [])];
}
