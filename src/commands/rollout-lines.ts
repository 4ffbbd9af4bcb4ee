// Rollouts as lines on standard output: once, or a new one whenever one changes. For `list rollouts`, and in place of a console
// where no screen can be.

import type { Cluster } from '../cluster/cluster.js';
import { inOrder, type KubeObject } from '../kinds/kube-object.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import type { CommandIo } from './command.js';
import { follow } from './follow.js';
import { headingLine, listLayout, type ListLayout, rolloutLine, stamped } from './rollout-list.js';

/** A watch looks for lines that changed at least this often. */
const LONGEST_STILL_MS = 5000;

/** A namespace of a cluster, or all of them; and of its rollouts all, or those of one name. */
export type Place = { readonly cluster: Cluster; readonly namespace: string | undefined; named(rollout: KubeObject): boolean };
type Listed = Place & { readonly rollouts: readonly KubeObject[]; readonly problem: string | undefined };

/** What each rollout's line said last. */
type Printed = { readonly layout: ListLayout; readonly lines: Map<string, string> };

export type LinesShape = { readonly contexts: readonly string[]; readonly withNamespace: boolean; readonly timestamps: boolean; readonly watch: boolean };

const keyOf = ({ cluster }: Place, { metadata }: KubeObject): string => `${cluster.name} ${metadata.uid ?? metadata.name}`;

async function watch(place: Place, { layout, lines }: Printed, io: CommandIo): Promise<void> {
  const following = follow(place.cluster, place.namespace, [ROLLOUT], io.clock, io.signal);
  while (!io.signal.aborted) {
    for (const rollout of inOrder(following.cache.list(ROLLOUT).filter(place.named))) {
      const key = keyOf(place, rollout);
      const line = rolloutLine(rollout, place.cluster.name, layout);
      if (lines.get(key) !== line) io.stdout(`${stamped(line, layout, io.clock.now())}\n`);
      lines.set(key, line);
    }
    await following.changed(LONGEST_STILL_MS);
  }
  following.stop();
}

async function list(place: Place, several: boolean): Promise<Listed> {
  const answer = await place.cluster.list(ROLLOUT, place.namespace === undefined ? {} : { namespace: place.namespace });
  if (answer.ok) return { ...place, rollouts: inOrder(answer.value.items.filter(place.named)), problem: undefined };
  return { ...place, rollouts: [], problem: `${several ? `${place.cluster.name}: ` : ''}${answer.error.message}` };
}

/** Resolves with the exit code; a watch goes on until the signal aborts. */
export async function printRollouts(
  places: readonly Place[],
  { contexts, withNamespace, timestamps, watch: goesOn }: LinesShape,
  io: CommandIo,
): Promise<number> {
  const listed = await Promise.all(places.map((place) => list(place, contexts.length > 1)));
  const problems = listed.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  for (const problem of problems) io.stderr(`Error: ${problem}\n`);
  // Of several, those that do not answer are told; the others are shown.
  if (problems.length > 0 && problems.length >= listed.length) return 1;
  const code = problems.length > 0 ? 1 : 0;
  const rollouts = listed.flatMap((each) => each.rollouts);
  if (rollouts.length === 0 && !goesOn) {
    io.stderr('No resources found.\n');
    return code;
  }
  const layout = listLayout(rollouts, { withNamespace, timestamps, contexts });
  const lines = listed.flatMap((place) => place.rollouts.map((rollout) => [keyOf(place, rollout), rolloutLine(rollout, place.cluster.name, layout)] as const));
  const now = io.clock.now();
  io.stdout(`${[headingLine(layout), ...lines.map(([, line]) => stamped(line, layout, now))].join('\n')}\n`);
  if (goesOn) await Promise.all(listed.map((place) => watch(place, { layout, lines: new Map(lines) }, io)));
  return code;
}
