// The revision tree of a rollout as a list of rows: revisions, their ReplicaSets with pods, their analysis runs.
// Order, signs and info words are those of `kubectl argo rollouts get rollout`.

import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL, REVISION } from '../kinds/labels.js';
import type { Instant } from '../lib/instant.js';
import { type ClusterIndex, formerRevisionsOf, revisionWords, runsOf, setsOf } from './board.js';
import type { RolloutFacts } from './facts.js';
import { readSeries } from './metric-series.js';
import { phaseWord } from './reason-analysis.js';
import { type Mood, readPodState } from './pod-state.js';
import { at, listAt, numberAt, textAt, timeAt } from '../lib/read.js';
import { leftText } from './time-words.js';

export type TreeRow = {
  /** Stable while the object lives. */
  readonly id: string;
  readonly parent: string | undefined;
  readonly depth: number;
  readonly kind: 'revision' | 'replica-set' | 'pod' | 'analysis-run' | 'experiment' | 'around' | 'autoscaler' | 'budget' | 'service' | 'route';
  readonly name: string;
  /** The whole row belongs to what is on its way, serves now, or is history. */
  readonly side: 'canary' | 'stable' | 'past';
  readonly state: { readonly mood: Mood; readonly word: string } | undefined;
  readonly info: string;
  /** Of revisions: what they run. */
  readonly image: string;
  readonly since: Instant | undefined;
  /** What the row stands for; undefined for revisions. */
  readonly object: KubeObject | undefined;
  /** Undefined for leaves. */
  readonly open: boolean | undefined;
};

/** What the person folded or unfolded; all others are as `opensByItself` says. */
export type Folds = ReadonlyMap<string, boolean>;

type Sight = {
  readonly facts: RolloutFacts;
  readonly index: ClusterIndex;
  readonly folds: Folds;
  readonly now: Instant;
  /** All of the namespace; empty until they have been read. */
  readonly experiments?: readonly KubeObject[];
};

const createdAt = (object: KubeObject): Instant | undefined => timeAt(object, 'metadata', 'creationTimestamp');

function sideOf(facts: RolloutFacts, hash: string | undefined): TreeRow['side'] {
  if (hash !== undefined && hash !== '' && hash === facts.stableHash) return 'stable';
  return hash !== undefined && hash !== '' && hash === facts.canaryHash ? 'canary' : 'past';
}

function setState(set: KubeObject): NonNullable<TreeRow['state']> {
  const wanted = numberAt(set, 'spec', 'replicas') ?? 0;
  const observed = (numberAt(set, 'status', 'observedGeneration') ?? 0) >= (set.metadata.generation ?? 0);
  const failure = listAt(set, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'ReplicaFailure' && textAt(condition, 'status') === 'True',
  );
  if (failure) return { mood: 'bad', word: 'Degraded' };
  if (!observed || (numberAt(set, 'status', 'availableReplicas') ?? 0) < wanted) return { mood: 'progress', word: 'Progressing' };
  return wanted === 0 ? { mood: 'neutral', word: 'ScaledDown' } : { mood: 'good', word: 'Healthy' };
}

function deadlineWord(set: KubeObject, now: Instant): string | undefined {
  const deadline = timeAt(set, 'metadata', 'annotations', 'scale-down-deadline');
  if (deadline === undefined || (numberAt(set, 'spec', 'replicas') ?? 0) === 0) return undefined;
  return deadline <= now ? 'delay:passed' : `delay:${leftText(deadline - now)}`;
}

function serviceWords(facts: RolloutFacts, hash: string | undefined): string[] {
  const words: string[] = [];
  const side = sideOf(facts, hash);
  if (side === 'stable') words.push('stable');
  if (facts.strategy === 'canary' && side === 'canary') words.push('canary');
  if (facts.strategy === 'blue-green' && hash !== undefined) {
    if (textAt(facts.object, 'status', 'blueGreen', 'activeSelector') === hash) words.push('active');
    else if (textAt(facts.object, 'status', 'blueGreen', 'previewSelector') === hash) words.push('preview');
  }
  return words;
}

function setInfo(sight: Sight, set: KubeObject, sides = true): string {
  const hash = set.metadata.labels?.[HASH_LABEL];
  const wanted = numberAt(set, 'spec', 'replicas') ?? 0;
  const words = sides ? serviceWords(sight.facts, hash) : [];
  if (wanted > 0 || (numberAt(set, 'status', 'replicas') ?? 0) > 0) words.push(`ready:${numberAt(set, 'status', 'readyReplicas') ?? 0}/${wanted}`);
  const deadline = deadlineWord(set, sight.now);
  if (deadline !== undefined) words.push(deadline);
  return words.join(',');
}

const RUN_MOODS: Readonly<Record<string, Mood>> = {
  Successful: 'good',
  Inconclusive: 'unknown',
  Failed: 'bad',
  Error: 'warning',
  Running: 'progress',
  Pending: 'waiting',
};

function runInfo(run: KubeObject): string {
  const series = readSeries([run]);
  const sum = (field: 'passed' | 'failed' | 'inconclusive' | 'errors'): number => series.reduce((total, each) => total + each[field], 0);
  const parts = [
    ['✔', sum('passed')],
    ['✖', sum('failed')],
    ['?', sum('inconclusive')],
    ['⚠', sum('errors')],
  ] as const;
  const counts = parts
    .filter(([, count]) => count > 0)
    .map(([sign, count]) => `${sign} ${count}`)
    .join(',');
  const kind = run.metadata.labels?.['rollout-type'];
  return [kind === undefined ? '' : kind.toLowerCase(), counts].filter((part) => part !== '').join(' ');
}

/** "reviews:1.16.4, proxy:2": the images of a template without their registries. */
export function imageWords(object: KubeObject): string {
  const images = listAt(object, 'spec', 'template', 'spec', 'containers').map((container) => textAt(container, 'image') ?? '');
  return images
    .filter((image) => image !== '')
    .map((image) => image.slice(image.lastIndexOf('/') + 1))
    .join(', ');
}

/** ",last:OOMKilled 137": how a container that was restarted last ended. */
function exitText(pod: KubeObject): string {
  for (const status of listAt(pod, 'status', 'containerStatuses')) {
    const reason = textAt(status, 'lastState', 'terminated', 'reason');
    const code = numberAt(status, 'lastState', 'terminated', 'exitCode');
    if (reason !== undefined || code !== undefined) return `,last:${[reason, code].filter((part) => part !== undefined).join(' ')}`;
  }
  return '';
}

function podRow(pod: KubeObject, parent: string, side: TreeRow['side']): TreeRow {
  const state = readPodState(pod);
  const restarts = state.restarts > 0 ? `,restarts:${state.restarts}` : '';
  return {
    id: `pod ${pod.metadata.uid ?? pod.metadata.name}`,
    parent,
    depth: 2,
    kind: 'pod',
    name: pod.metadata.name,
    side,
    state: { mood: state.mood, word: state.word },
    info: `ready:${state.ready}/${state.containers}${restarts}${exitText(pod)}`,
    image: '',
    since: createdAt(pod),
    object: pod,
    open: undefined,
  };
}

function setRows(sight: Sight, set: KubeObject, parent: string): TreeRow[] {
  const hash = set.metadata.labels?.[HASH_LABEL];
  const side = sideOf(sight.facts, hash);
  const id = `set ${set.metadata.uid ?? set.metadata.name}`;
  const pods = (sight.index.podsOf.get(set.metadata.uid ?? '') ?? []).toSorted(
    (a, b) => (createdAt(a) ?? 0) - (createdAt(b) ?? 0) || (a.metadata.name < b.metadata.name ? -1 : 1),
  );
  const open = pods.length === 0 ? undefined : (sight.folds.get(id) ?? side !== 'past');
  const row: TreeRow = {
    id,
    parent,
    depth: 1,
    kind: 'replica-set',
    name: set.metadata.name,
    side,
    state: setState(set),
    info: setInfo(sight, set),
    image: '',
    since: createdAt(set),
    object: set,
    open,
  };
  return open === true ? [row, ...pods.map((pod) => podRow(pod, id, side))] : [row];
}

function runRow({ facts }: Sight, run: KubeObject, parent: string, side: TreeRow['side']): TreeRow {
  const word = phaseWord(run, facts);
  return {
    id: `run ${run.metadata.uid ?? run.metadata.name}`,
    parent,
    depth: 1,
    kind: 'analysis-run',
    name: run.metadata.name,
    side,
    state: { mood: RUN_MOODS[word] ?? 'unknown', word },
    info: runInfo(run),
    image: '',
    since: createdAt(run),
    object: run,
    open: undefined,
  };
}

function experimentRow(experiment: KubeObject, parent: string, side: TreeRow['side']): TreeRow {
  const phase = textAt(experiment, 'status', 'phase') ?? 'Pending';
  const templates = listAt(experiment, 'spec', 'templates').map((template) => {
    const weight = numberAt(template, 'weight');
    return `${textAt(template, 'name') ?? ''}${weight === undefined ? '' : ` ${weight}%`}`;
  });
  return {
    id: `experiment ${experiment.metadata.uid ?? experiment.metadata.name}`,
    parent,
    depth: 1,
    kind: 'experiment',
    name: experiment.metadata.name,
    side,
    state: { mood: RUN_MOODS[phase] ?? 'unknown', word: phase },
    info: templates.join(', '),
    image: '',
    since: createdAt(experiment),
    object: experiment,
    open: undefined,
  };
}

type Parts = { readonly sets: readonly KubeObject[]; readonly runs: readonly KubeObject[]; readonly experiments: readonly KubeObject[] };

function revisionRows(sight: Sight, revision: string, { sets, runs, experiments }: Parts): TreeRow[] {
  const { facts } = sight;
  const hash = (sets[0] ?? runs[0] ?? experiments[0])?.metadata.labels?.[HASH_LABEL];
  // A ReplicaSet moves to the newest revision that uses it; what is left of an older one is history, though the hash is the same.
  const side = sets.length === 0 && revision !== facts.revision ? 'past' : sideOf(facts, hash);
  const id = `revision ${revision}`;
  // What is on its way is open; what serves is open only when nothing is on its way.
  const open = sight.folds.get(id) ?? (side === 'canary' || (side === 'stable' && !facts.inFlight));
  const main = sets[0];
  const down = main !== undefined && (numberAt(main, 'spec', 'replicas') ?? 0) === 0 && (numberAt(main, 'status', 'replicas') ?? 0) === 0;
  const summary = main === undefined ? '' : open || down ? '' : setInfo(sight, main, false);
  const row: TreeRow = {
    id,
    parent: undefined,
    depth: 0,
    kind: 'revision',
    name: revision === '' ? 'no revision' : main === undefined ? `revision ${revision}` : revisionWords(main),
    side,
    state: open || main === undefined ? undefined : setState(main),
    info: summary,
    image: main === undefined ? '' : imageWords(main),
    // One that came back is younger than its ReplicaSet, whose own row says how old that is.
    since: main === undefined || formerRevisionsOf(main).length > 0 ? undefined : createdAt(main),
    object: undefined,
    open,
  };
  if (!open) return [row];
  return [
    row,
    ...sets.flatMap((set) => setRows(sight, set, id)),
    ...experiments.map((experiment) => experimentRow(experiment, id, side)),
    ...runs.map((run) => runRow(sight, run, id, side)),
  ];
}

/** The rows that are not folded away. */
export function treeRows(sight: Sight): readonly TreeRow[] {
  const revisionOf = (object: KubeObject): string => object.metadata.annotations?.[REVISION] ?? '';
  const sets = setsOf(sight.index, sight.facts);
  const runs = runsOf(sight.index, sight.facts);
  const experiments = (sight.experiments ?? []).filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === sight.facts.uid) === true);
  const revisions = [...new Set([...sets, ...runs, ...experiments].map(revisionOf))].sort((a, b) => Number(b) - Number(a));
  return revisions.flatMap((revision) => {
    const own = (objects: readonly KubeObject[]): readonly KubeObject[] => objects.filter((each) => revisionOf(each) === revision);
    return revisionRows(sight, revision, { sets: own(sets), runs: own(runs), experiments: own(experiments) });
  });
}

/** Pods ready and wanted of a ReplicaSet, "2/2". */
export function readyText(set: KubeObject | undefined): string {
  return set === undefined ? '0/0' : `${numberAt(set, 'status', 'readyReplicas') ?? 0}/${numberAt(set, 'spec', 'replicas') ?? 0}`;
}

/** "success-rate" style names of the router that moves the traffic: "istio", "pods" without one. */
export function routerName(facts: RolloutFacts): string {
  const routing = at(facts.object, 'spec', 'strategy', 'canary', 'trafficRouting');
  if (typeof routing !== 'object' || routing === null) return 'pods';
  return Object.keys(routing).find((name) => !['managedRoutes', 'maxTrafficWeight'].includes(name)) ?? 'pods';
}
