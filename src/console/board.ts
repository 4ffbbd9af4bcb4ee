// A snapshot, sorted and indexed: made when something changed, read by every screen until the next change. Those of several
// clusters are read as one list.

import type { KubeObject } from '../kinds/kube-object.js';
import { deepEqual } from '../lib/deep.js';
import { HASH_LABEL, REVISION, REVISION_HISTORY } from '../kinds/labels.js';
import { refKey, refOf } from '../kinds/object-ref.js';
import { DESTINATION_RULE, VIRTUAL_SERVICE } from '../kinds/resource-type.js';
import type { Snapshot } from '../kinds/snapshot.js';
import { type RolloutFacts, readFacts, type Waiting } from './facts.js';
import { textAt, timeAt } from '../lib/read.js';
import { findFailingRun } from './reason-analysis.js';
import { rolloutKey } from './rollout-key.js';

export type ClusterIndex = {
  /** Children by the uid of any owner. */
  readonly setsOf: ReadonlyMap<string, readonly KubeObject[]>;
  readonly podsOf: ReadonlyMap<string, readonly KubeObject[]>;
  readonly runsOf: ReadonlyMap<string, readonly KubeObject[]>;
  /** By namespace/name. */
  readonly services: ReadonlyMap<string, KubeObject>;
  /** What routers read, by refKey. */
  readonly routeObjects: ReadonlyMap<string, KubeObject>;
  /** Kinds that this person may not see, by their plurals. */
  readonly unseen: readonly string[];
  /** What rollouts take their pod templates from, by "Kind namespace/name". */
  readonly workloads: ReadonlyMap<string, KubeObject>;
  /** The newest Warning event about an object, by its uid. */
  readonly warnings: ReadonlyMap<string, KubeObject>;
  /** The newest event that says why a rollout was aborted, by its uid: a status keeps the reason for a moment only. */
  readonly abortEvents: ReadonlyMap<string, KubeObject>;
  /** The newest event of a person's abort of it, by its uid. */
  readonly abortActs: ReadonlyMap<string, KubeObject>;
};

/** One cluster's rollouts. */
export type Board = {
  /** Those that need a person, the longest waiting first. */
  readonly waiting: readonly RolloutFacts[];
  /** All, by attention: who needs a person, what fails, what moves, what is at rest; by name among equals, so that nothing jumps. */
  readonly all: readonly RolloutFacts[];
  readonly byKey: ReadonlyMap<string, RolloutFacts>;
  readonly index: ClusterIndex;
  readonly namespaceCount: number;
  /** What it was made from: parts that did not change are not made again. */
  readonly source: Snapshot | undefined;
};

/** All clusters' rollouts. */
export type Overview = Pick<Board, 'waiting' | 'all' | 'byKey' | 'namespaceCount'> & {
  /** By the name of the context. */
  readonly indexes: ReadonlyMap<string, ClusterIndex>;
};

function byOwner(objects: readonly KubeObject[]): Map<string, KubeObject[]> {
  const found = new Map<string, KubeObject[]>();
  for (const object of objects) {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const list = found.get(uid);
      if (list === undefined) found.set(uid, [object]);
      else list.push(object);
    }
  }
  return found;
}

/** When an event was last seen. */
export const eventTime = (event: KubeObject): number =>
  timeAt(event, 'lastTimestamp') ?? timeAt(event, 'eventTime') ?? timeAt(event, 'metadata', 'creationTimestamp') ?? 0;

const isWarning = (event: KubeObject): boolean => event['type'] === 'Warning';
const saysWhoAborted = (event: KubeObject): boolean => event['reason'] === 'OperatorAbort';
const saysWhyAborted = (event: KubeObject): boolean =>
  event['reason'] === 'RolloutAborted' && !/^Rollout aborted update to revision \d+$/.test(textAt(event, 'message') ?? '');

function newestWhere(events: readonly KubeObject[], wanted: (event: KubeObject) => boolean): Map<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  for (const event of events) {
    if (!wanted(event)) continue;
    const uid = textAt(event, 'involvedObject', 'uid');
    if (uid === undefined) continue;
    const known = found.get(uid);
    if (known === undefined || eventTime(known) <= eventTime(event)) found.set(uid, event);
  }
  return found;
}

/** Something is wrong with these; the others that wait do so because somebody planned it. */
const TROUBLES: ReadonlySet<Waiting> = new Set(['invalid', 'aborted', 'degraded']);

function attentionRank({ waiting, failing, phase }: RolloutFacts): number {
  if (waiting !== undefined) return TROUBLES.has(waiting.why) ? 0 : 1;
  if (failing) return 2;
  if (phase === 'Unknown') return 3;
  return phase === 'Healthy' ? 5 : 4;
}

const inOrder = (a: RolloutFacts, b: RolloutFacts): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

function routeObjects(snapshot: Snapshot): Map<string, KubeObject> {
  return new Map([
    ...snapshot.virtualServices.map((object) => [refKey(refOf(VIRTUAL_SERVICE, object)), object] as const),
    ...snapshot.destinationRules.map((object) => [refKey(refOf(DESTINATION_RULE, object)), object] as const),
    ...(snapshot.otherRoutes ?? []).flatMap(({ type, objects }) => objects.map((object) => [refKey(refOf(type, object)), object] as const)),
  ]);
}

function workloadsOf({ workloads = [] }: Snapshot): Map<string, KubeObject> {
  return new Map(workloads.map((object) => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]));
}

/** The object that the rollout takes its pod template from; undefined when it has its own, or when that object is not seen. */
export function workloadOf(index: ClusterIndex, facts: RolloutFacts): KubeObject | undefined {
  const kind = textAt(facts.object, 'spec', 'workloadRef', 'kind') ?? 'Deployment';
  return index.workloads.get(`${kind} ${facts.namespace}/${textAt(facts.object, 'spec', 'workloadRef', 'name') ?? ''}`);
}

function sameRoutes(before: Snapshot, after: Snapshot): boolean {
  const { otherRoutes: old = [] } = before;
  const { otherRoutes: now = [] } = after;
  return (
    before.virtualServices === after.virtualServices &&
    before.destinationRules === after.destinationRules &&
    old.length === now.length &&
    now.every(({ objects }, index) => objects === old[index]?.objects)
  );
}

const NONE: readonly string[] = [];

function buildIndex(snapshot: Snapshot, before: Board): ClusterIndex {
  const { source, index } = before;
  return {
    setsOf: source?.replicaSets === snapshot.replicaSets ? index.setsOf : byOwner(snapshot.replicaSets),
    podsOf: source?.pods === snapshot.pods ? index.podsOf : byOwner(snapshot.pods),
    runsOf: source?.analysisRuns === snapshot.analysisRuns ? index.runsOf : byOwner(snapshot.analysisRuns),
    services: source?.services === snapshot.services ? index.services : byName(snapshot.services),
    routeObjects: source !== undefined && sameRoutes(source, snapshot) ? index.routeObjects : routeObjects(snapshot),
    unseen: deepEqual(index.unseen, snapshot.unseen ?? NONE) ? index.unseen : (snapshot.unseen ?? NONE),
    workloads: source?.workloads === snapshot.workloads ? index.workloads : workloadsOf(snapshot),
    warnings: source?.events === snapshot.events ? index.warnings : newestWhere(snapshot.events, isWarning),
    abortEvents: source?.events === snapshot.events ? index.abortEvents : newestWhere(snapshot.events, saysWhyAborted),
    abortActs: source?.events === snapshot.events ? index.abortActs : newestWhere(snapshot.events, saysWhoAborted),
  };
}

function byName(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((object) => [`${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]));
}

const NEVER: number = Number.MAX_SAFE_INTEGER;

const longestFirst = (a: RolloutFacts, b: RolloutFacts): number => (a.waiting?.since ?? NEVER) - (b.waiting?.since ?? NEVER) || inOrder(a, b);
const byAttention = (a: RolloutFacts, b: RolloutFacts): number => attentionRank(a) - attentionRank(b) || inOrder(a, b);

/** What has stopped already, or is held by hand, has a worse or a plainer word of its own. */
function isFailing(index: ClusterIndex, facts: RolloutFacts): boolean {
  const goesOn = facts.inFlight && (facts.waiting === undefined || facts.waiting.why === 'gate');
  return goesOn && findFailingRun(currentRuns(index, facts)) !== undefined;
}

function withAnalysis(index: ClusterIndex, facts: RolloutFacts): RolloutFacts {
  const failing = isFailing(index, facts);
  return facts.failing === failing ? facts : { ...facts, failing };
}

/** `before` is the board that this one follows; objects and lists that are the same are not read again. */
export function buildBoard(snapshot: Snapshot, before: Board = EMPTY_BOARD): Board {
  const index = buildIndex(snapshot, before);
  const same = before.source?.rollouts === snapshot.rollouts;
  if (same && before.source.analysisRuns === snapshot.analysisRuns) return { ...before, index, source: snapshot };
  const facts = snapshot.rollouts.map((rollout) => {
    const known = before.byKey.get(rolloutKey(snapshot.context, rollout.metadata.namespace ?? '', rollout.metadata.name));
    return withAnalysis(index, known?.object === rollout ? known : readFacts(rollout, snapshot.context));
  });
  if (same && facts.every((each) => before.byKey.get(each.key) === each)) return { ...before, index, source: snapshot };
  return {
    waiting: facts.filter(({ waiting }) => waiting !== undefined).sort(longestFirst),
    all: facts.toSorted(byAttention),
    byKey: new Map(facts.map((each) => [each.key, each])),
    index,
    namespaceCount: new Set(facts.map(({ namespace }) => namespace)).size,
    source: snapshot,
  };
}

const EMPTY_INDEX: ClusterIndex = {
  setsOf: new Map(),
  podsOf: new Map(),
  runsOf: new Map(),
  services: new Map(),
  routeObjects: new Map(),
  unseen: [],
  workloads: new Map(),
  warnings: new Map(),
  abortEvents: new Map(),
  abortActs: new Map(),
};

export const EMPTY_BOARD: Board = { waiting: [], all: [], byKey: new Map(), index: EMPTY_INDEX, namespaceCount: 0, source: undefined };

export const EMPTY_OVERVIEW: Overview = { waiting: [], all: [], byKey: new Map(), namespaceCount: 0, indexes: new Map() };

/** The lists of several clusters as one; of one cluster they stay as they are. `same`: the overview before, if no rollout has changed since. */
export function joinBoards(boards: ReadonlyMap<string, Board>, same?: Overview): Overview {
  const indexes = new Map([...boards].map(([cluster, { index }]) => [cluster, index] as const));
  if (same !== undefined) return { ...same, indexes };
  const [only, ...others] = boards.values();
  if (only !== undefined && others.length === 0) return { ...only, indexes };
  const parts = [...boards.values()];
  return {
    waiting: parts.flatMap(({ waiting }) => waiting).sort(longestFirst),
    all: parts.flatMap(({ all }) => all).sort(byAttention),
    byKey: new Map(parts.flatMap(({ byKey }) => [...byKey])),
    namespaceCount: parts.reduce((sum, { namespaceCount }) => sum + namespaceCount, 0),
    indexes,
  };
}

/** Uids are told apart only within a cluster: each rollout is looked up in its own. */
export const indexOf = (board: Pick<Overview, 'indexes'>, { cluster }: Pick<RolloutFacts, 'cluster'>): ClusterIndex =>
  board.indexes.get(cluster) ?? EMPTY_INDEX;

/** 0 when it has none. */
export const revisionOf = (object: KubeObject): number => Number(object.metadata.annotations?.[REVISION] ?? 0) || 0;

/** The numbers that it had before it came back, the oldest first. */
export function formerRevisionsOf(set: KubeObject | undefined): readonly number[] {
  return (set?.metadata.annotations?.[REVISION_HISTORY] ?? '')
    .split(',')
    .map(Number)
    .filter((number) => number > 0);
}

/** "revision 3", "revision 3 (1 again)": who has seen revision 1 fail, or come back, knows it in both. */
export function revisionWords(set: KubeObject): string {
  const first = formerRevisionsOf(set).find((number) => number !== revisionOf(set));
  return `revision ${revisionOf(set)}${first === undefined ? '' : ` (${first} again)`}`;
}

/** The rollout's ReplicaSets, newest revision first. */
export function setsOf(index: ClusterIndex, facts: RolloutFacts): readonly KubeObject[] {
  return (index.setsOf.get(facts.uid) ?? []).toSorted((a, b) => revisionOf(b) - revisionOf(a) || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** Its analysis runs, newest revision first, in each the oldest run first. */
export function runsOf(index: ClusterIndex, facts: RolloutFacts): readonly KubeObject[] {
  const created = (object: KubeObject): string => object.metadata.creationTimestamp ?? '';
  return (index.runsOf.get(facts.uid) ?? []).toSorted(
    (a, b) => revisionOf(b) - revisionOf(a) || (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0),
  );
}

export function setWithHash(index: ClusterIndex, facts: RolloutFacts, hash: string): KubeObject | undefined {
  return hash === '' ? undefined : (index.setsOf.get(facts.uid) ?? []).find((set) => set.metadata.labels?.[HASH_LABEL] === hash);
}

/**
 * Runs that judge the revision which is on its way (or, at rest, the one that came last), oldest first. The hash alone does
 * not tell: an image that is released again has the pods' hash of its first release, but that one's verdicts are history.
 */
export function currentRuns(index: ClusterIndex, facts: RolloutFacts): readonly KubeObject[] {
  return runsOf(index, facts).filter(({ metadata }) => {
    const revision = metadata.annotations?.[REVISION];
    return metadata.labels?.[HASH_LABEL] === facts.canaryHash && (facts.revision === '' || revision === undefined || revision === facts.revision);
  });
}
