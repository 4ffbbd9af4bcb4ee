// Where rollouts may not be listed in the whole cluster: the namespaces in which they may, as the server itself says.

import type { Cluster } from '../cluster/cluster.js';
import { NAMESPACE, ROLLOUT } from '../kinds/resource-type.js';
import { type Asked, isAllowed } from './rights.js';

/** Each takes a question or two; beyond it the namespaces are to be named with -n. */
const MOST_REVIEWED = 500;

/** Questions at a time. */
const AT_ONCE = 8;

const rightTo = (verb: string): Asked => ({ verb, group: ROLLOUT.group, resource: ROLLOUT.plural });

export type Permitted = {
  readonly namespaces: readonly string[];
  /** False when a question was not answered: then there may be more. */
  readonly answered: boolean;
  /** How many were asked about, and how many there was no time to ask about. */
  readonly asked: number;
  readonly leftOut: number;
};

async function mayWatch(cluster: Cluster, namespace: string): Promise<boolean | undefined> {
  const list = await isAllowed(cluster, namespace, rightTo('list'));
  return list === true ? isAllowed(cluster, namespace, rightTo('watch')) : list;
}

/** Those that are named first, then all that the server lists, if it does. */
async function candidates(cluster: Cluster, named: readonly string[]): Promise<readonly string[]> {
  const listed = await cluster.list(NAMESPACE, { limit: MOST_REVIEWED });
  return [...new Set([...named, ...(listed.ok ? listed.value.items.map(({ metadata }) => metadata.name) : [])])];
}

/** `named` are those of the context and of the settings. */
export async function findPermitted(cluster: Cluster, named: readonly string[]): Promise<Permitted> {
  const all = await candidates(cluster, named);
  const asked = all.slice(0, MOST_REVIEWED);
  const namespaces: string[] = [];
  let answered = true;
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    const some = asked.slice(from, from + AT_ONCE);
    const answers = await Promise.all(some.map((namespace) => mayWatch(cluster, namespace)));
    namespaces.push(...some.filter((_namespace, place) => answers[place] === true));
    answered = answered && !answers.includes(undefined);
  }
  return { namespaces: namespaces.toSorted(), answered, asked: asked.length, leftOut: all.length - asked.length };
}
