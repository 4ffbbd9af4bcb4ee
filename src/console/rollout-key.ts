// The name of a rollout among all clusters that are watched: "prod-eu shop/cart". A context may be called anything; a namespace
// and a name hold neither blanks nor slashes, so it can be read from its end.

export type RolloutPlace = { readonly cluster: string; readonly namespace: string; readonly name: string };

export const rolloutKey = (cluster: string, namespace: string, name: string): string => `${cluster} ${namespace}/${name}`;

export function readKey(key: string): RolloutPlace {
  const blank = key.lastIndexOf(' ');
  const slash = key.lastIndexOf('/');
  return { cluster: key.slice(0, Math.max(0, blank)), namespace: key.slice(blank + 1, slash), name: key.slice(slash + 1) };
}

/** "shop/cart" */
export const nameOf = (key: string): string => key.slice(key.lastIndexOf(' ') + 1);
