// Who did what lately, and what became of it, over all rollouts of all clusters: for the screen of that name and for hand-over notes.

import type { KubeObject } from '../kinds/kube-object.js';
import { remember } from '../lib/remember.js';
import type { RolloutFacts } from './facts.js';
import type { Watched } from './model.js';
import { type PersonAct, readPersonAct } from './people.js';
import { textAt } from '../lib/read.js';
import { rolloutKey } from './rollout-key.js';
import { eventEntry, type TimelineEntry, writerEntries } from './timeline.js';

/** More than anybody scrolls through; older ones are in the rollout's own timeline. */
const MOST_ENTRIES = 500;

/** What becomes of a release. Everything else is told where one looks at the rollout itself. */
const MILESTONES: ReadonlySet<string> = new Set(['RolloutUpdated', 'RolloutCompleted', 'RolloutAborted', 'RolloutDeleted']);

/** `at` is by this machine's clock, so that those of several clusters stand in their order. `entry`: its id in the rollout's timeline. */
export type Recent = TimelineEntry & { readonly key: string; readonly entry: string };

type Place = { readonly namespace: string; readonly name: string };
type Found = Place & { readonly entry: TimelineEntry };

const foundIn = remember((event: KubeObject): Found | undefined => {
  if (textAt(event, 'involvedObject', 'kind') !== 'Rollout') return undefined;
  if (readPersonAct(event) === undefined && !MILESTONES.has(textAt(event, 'reason') ?? '')) return undefined;
  return { namespace: textAt(event, 'involvedObject', 'namespace') ?? '', name: textAt(event, 'involvedObject', 'name') ?? '', entry: eventEntry(event) };
});

const placeOf = ({ namespace, name }: Place): string => `${namespace}/${name}`;

/** Acts of people by the rollout that they were on. */
function actsIn(events: readonly KubeObject[]): ReadonlyMap<string, readonly PersonAct[]> {
  const acts = new Map<string, PersonAct[]>();
  for (const event of events) {
    const act = readPersonAct(event);
    const found = act === undefined ? undefined : foundIn(event);
    if (act === undefined || found === undefined) continue;
    const others = acts.get(placeOf(found));
    if (others === undefined) acts.set(placeOf(found), [act]);
    else others.push(act);
  }
  return acts;
}

const newestFirst = (a: Found, b: Found): number => b.entry.at - a.entry.at || (`${placeOf(a)} ${a.entry.id}` < `${placeOf(b)} ${b.entry.id}` ? -1 : 1);

/** Of one cluster, by its own clock. Looked for when its events or its rollouts have changed: not with each sign of life. */
const newestOf = remember((events: readonly KubeObject[]) =>
  remember((all: readonly RolloutFacts[]): readonly Found[] => {
    const acts = actsIn(events);
    const written = all.flatMap(({ object, namespace, name }) =>
      writerEntries(object, acts.get(placeOf({ namespace, name })) ?? []).flatMap((entry) => (entry.person ? [{ namespace, name, entry }] : [])),
    );
    const told = events.map(foundIn).filter((found) => found !== undefined);
    return [...told, ...written].sort(newestFirst).slice(0, MOST_ENTRIES);
  }),
);

/** The newest first. */
export const recentOf = remember((clusters: ReadonlyMap<string, Watched>): readonly Recent[] => {
  const entries = [...clusters].flatMap(([cluster, { snapshot, board }]) =>
    newestOf(snapshot.events)(board.all).map(({ namespace, name, entry }): Recent => {
      const key = rolloutKey(cluster, namespace, name);
      return { ...entry, id: `${key} ${entry.id}`, entry: entry.id, at: entry.at - (snapshot.skewMs ?? 0), key };
    }),
  );
  return clusters.size > 1 ? entries.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)).slice(0, MOST_ENTRIES) : entries;
});
