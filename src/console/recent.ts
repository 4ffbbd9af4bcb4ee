// Who did what lately, and what became of it, over all rollouts of all clusters: for the screen of that name and for hand-over notes.

import type { KubeObject } from '../kinds/kube-object.js';
import { remember } from '../lib/remember.js';
import type { RolloutFacts } from './facts.js';
import type { Watched } from './model.js';
import { type PersonAct, readPersonAct, toldByTheirEnd } from './people.js';
import { textAt } from '../lib/read.js';
import { rolloutKey } from './rollout-key.js';
import { eventEntry, type TimelineEntry, writerEntries } from './timeline.js';

/** More of each share than anybody scrolls through; older ones are in the rollout's own timeline. */
const MOST_ENTRIES = 500;

/** Neither what people did nor what went wrong is pushed out by what releases do by themselves. */
export type Share = 'act' | 'failure' | 'milestone';

const ALL_SHARES: Readonly<Record<Share, number>> = { act: MOST_ENTRIES, failure: MOST_ENTRIES, milestone: MOST_ENTRIES };

/** What becomes of a release. Everything else is told where one looks at the rollout itself. */
const MILESTONES: ReadonlySet<string> = new Set(['RolloutUpdated', 'RolloutCompleted', 'RolloutAborted', 'RolloutDeleted']);

/** `at` is by this machine's clock, so that those of several clusters stand in their order. `entry`: its id in the rollout's timeline. */
export type Recent = TimelineEntry & { readonly key: string; readonly entry: string };

const shareOf = ({ person, level }: TimelineEntry): Share => (person ? 'act' : level === 'attention' ? 'failure' : 'milestone');

/** So many of each share, of entries that stand the newest first. */
export function newestOfEach<Kept>(entries: readonly Kept[], entryOf: (each: Kept) => TimelineEntry, most: Readonly<Record<Share, number>>): readonly Kept[] {
  const left = { ...most };
  return entries.filter((each) => left[shareOf(entryOf(each))]-- > 0);
}

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
    const whole = new Set([...acts.values()].flatMap((each) => [...toldByTheirEnd(each)]));
    const told = events.flatMap((event) => {
      const found = foundIn(event);
      const act = readPersonAct(event);
      return found === undefined || (act !== undefined && whole.has(act)) ? [] : [found];
    });
    return newestOfEach([...told, ...written].sort(newestFirst), ({ entry }) => entry, ALL_SHARES);
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
  if (clusters.size < 2) return entries;
  return newestOfEach(
    entries.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)),
    (each) => each,
    ALL_SHARES,
  );
});
