// Plays a recording in a world: creates what was created, does what was done when the same conditions hold, and compares.

import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../../src/cluster/cluster.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import * as TYPES from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';
import { formatTime } from '../../src/lib/instant.js';
import type { Instant } from '../../src/lib/instant.js';
import { deepEqual } from '../../src/lib/deep.js';
import { compare } from './compare.js';
import type { Finding } from './compare.js';
import { digest } from './lanes.js';
import type { Mark } from './lanes.js';
import { runCommand } from './operate.js';
import type { PlayWorld } from './play-world.js';
import { createFold, plain, record } from './reduce.js';
import type { Change } from './reduce.js';
import type { Json, Operation, Trace, TraceEvent, When } from './trace.js';

const WATCHED: readonly ResourceType[] = [TYPES.ROLLOUT, TYPES.REPLICA_SET, TYPES.POD, TYPES.SERVICE, ...ROUTE_TYPES, TYPES.ANALYSIS_RUN, TYPES.EXPERIMENT, TYPES.DEPLOYMENT, TYPES.EVENT];
// Recordings name kinds only: where two groups have one of the same name (Istio's VirtualService and App Mesh's), the first is meant.
const KNOWN = new Map([...WATCHED, TYPES.ANALYSIS_TEMPLATE, TYPES.CLUSTER_ANALYSIS_TEMPLATE, TYPES.SECRET, TYPES.POD_DISRUPTION_BUDGET, TYPES.POD_TEMPLATE].toReversed().map((type) => [type.kind, type]));
/** How often the conditions are looked at, as the recorder did. */
const POLL_MS = 50;

class Stuck extends Error {}

export type PlayResult = { readonly findings: readonly Finding[]; readonly log: readonly string[]; readonly events: readonly TraceEvent[]; readonly seconds: number };

/** Plays it in a world of its own, which is gone afterwards. */
export async function play(trace: Trace, openWorld: () => Promise<PlayWorld>): Promise<PlayResult> {
  const world = await openWorld();
  try {
    return await playIn(world, trace);
  } finally {
    await world.stop();
  }
}

async function playIn(world: PlayWorld, trace: Trace): Promise<PlayResult> {
  const { namespace, web } = world;
  const start = world.now();
  const stage = await observe(world);
  let findings: readonly Finding[] = [];
  const marks: Mark[] = [];
  const mark = (at: string): void => { marks.push({ at, time: world.now() }); };
  let where = 'creation';
  try {
    web.script(trace.webScript);
    for (const manifest of trace.manifests) await create(world, manifest);
    const deadline = world.now() + (3 * trace.seconds + 60) * 1000;
    let former = world.now();
    for (const [index, action] of trace.actions.entries()) {
      where = `before action ${index + 1}`;
      await wait(world, stage, action.when, former, deadline);
      mark(where);
      // What the action changes comes after the checkpoint, also by the clock.
      await world.runUntil(world.now() + 1);
      where = `action ${index + 1}`;
      for (const operation of action.do) {
        if (operation.web !== undefined) web.script(operation.web);
        await act(world, stage, operation, trace.refused);
      }
      former = world.now();
    }
    where = 'end';
    await wait(world, stage, { ...trace.end, quiet: trace.end.quiet ?? 3 }, former, deadline);
    mark('end');
  } catch (fault) {
    if (!(fault instanceof Stuck)) throw fault;
    mark('stuck');
    findings = [{ found: 'stuck', path: where, expected: null, got: fault.message }];
  }
  const finals = await finalObjects(world);
  const changes = [...stage.changes].sort((a, b) => Number(a.object.metadata.resourceVersion) - Number(b.object.metadata.resourceVersion));
  const rollouts = trace.manifests.flatMap((manifest) => documents(world, manifest)).filter(({ kind }) => kind === 'Rollout').map(({ metadata }) => metadata.name);
  const played = digest(namespace, web.address, changes, marks, finals, rollouts);
  const seconds = (world.now() - start) / 1000;
  stage.stop();
  return { findings: [...findings, ...compare(trace, played, findings.length === 0)], log: world.log(), events: played.events, seconds };
}

type Stage = { readonly changes: Change[]; readonly fold: ReturnType<typeof createFold>; readonly lastChangeAt: () => Instant; readonly stop: () => void };

/** Follows everything in the namespace, as the recorder did. */
async function observe(world: PlayWorld): Promise<Stage> {
  const changes: Change[] = [];
  const { cluster, namespace } = world;
  const fold = createFold(namespace, world.web.address);
  const endings = WATCHED.map(() => new AbortController());
  let last = world.now();
  const follow = async (type: ResourceType, ending: AbortSignal): Promise<void> => {
    const listed = await cluster.list(type, { namespace });
    if (!listed.ok) throw new Error(`${type.plural}: ${listed.error.message}`);
    void read(type, listed.value.metadata.resourceVersion, ending);
  };
  const read = async (type: ResourceType, resourceVersion: string, ending: AbortSignal): Promise<void> => {
    for await (const event of cluster.watch(type, { namespace, resourceVersion }, ending)) {
      if (event.type === 'ERROR') throw new Error(`watch of ${type.plural}: ${event.error.message}`);
      if (event.type === 'BOOKMARK') continue;
      const change: Change = { at: world.now(), kind: type.kind, type: event.type, object: event.object };
      changes.push(change);
      if (fold.feed(change)) last = change.at;
    }
  };
  await Promise.all(WATCHED.map((type, index) => follow(type, endings[index]?.signal ?? AbortSignal.abort())));
  await world.runUntil(world.now());
  return { changes, fold, lastChangeAt: () => last, stop: () => endings.forEach((ending) => ending.abort()) };
}

function meets(want: Json, have: unknown): boolean {
  if (typeof want === 'object' && want !== null && !Array.isArray(want)) {
    const entries = Object.entries(want);
    const compareTo: Readonly<Record<string, (value: Json) => boolean>> = {
      ge: (value) => Number(have) >= Number(value),
      gt: (value) => Number(have) > Number(value),
      le: (value) => Number(have) <= Number(value),
      lt: (value) => Number(have) < Number(value),
      ne: (value) => !deepEqual(have ?? null, value),
      in: (value) => Array.isArray(value) && value.some((item) => deepEqual(item, have ?? null)),
      has: (value) => Array.isArray(have) && have.some((item) => plain(item).includes(plain(value))),
    };
    if (entries.length > 0 && entries.every(([key]) => compareTo[key] !== undefined)) {
      return entries.every(([key, value]) => ((have !== undefined && have !== null) || ['ne', 'in', 'has'].includes(key)) && compareTo[key]?.(value) === true);
    }
    return entries.every(([key, value]) => meets(value, record(have)[key]));
  }
  return deepEqual(want, have ?? null);
}

function holds(stage: Stage, when: When, hits: number): boolean {
  const objects = stage.fold.objects();
  for (const [key, want] of Object.entries(when.all ?? {})) {
    const have = objects.get(key.includes('<') ? key : stage.fold.text(key));
    if (want === null || have === undefined) {
      if (want !== null || have !== undefined) return false;
      continue;
    }
    const wanted = key.startsWith('Rollout/') ? { observed: true, ...want } : want;
    if (!Object.entries(wanted).every(([field, value]) => meets(value, have[field]))) return false;
  }
  return hits >= (when.web ?? 0);
}

async function wait(world: PlayWorld, stage: Stage, when: When, former: Instant, deadline: Instant): Promise<void> {
  let since: Instant | undefined;
  for (;;) {
    const now = world.now();
    since = holds(stage, when, world.web.hits()) ? (since ?? now) : undefined;
    const rested = now - stage.lastChangeAt() >= (when.quiet ?? 1.5) * 1000;
    if (since !== undefined && now - since >= (when.settle ?? 0) * 1000 && rested && now - former >= Math.max(when.delay ?? 0, 0.3) * 1000) return;
    if (now > deadline) {
      const seen = Object.keys(when.all ?? {}).map((key) => [key, stage.fold.objects().get(key.includes('<') ? key : stage.fold.text(key))]);
      throw new Stuck(`${JSON.stringify(when)} was not reached; last seen: ${JSON.stringify(Object.fromEntries(seen)).slice(0, 3000)}`);
    }
    await world.runUntil(now + POLL_MS);
  }
}

const substituted = ({ web, namespace }: PlayWorld, text: string): string => text.replaceAll('${WEB}', web.address).replaceAll('${NS}', namespace);
const documents = (world: PlayWorld, text: string): readonly KubeObject[] => parseAllDocuments(substituted(world, text)).map((document) => document.toJS() as KubeObject).filter((object) => (object as KubeObject | null) !== null);

async function create(world: PlayWorld, text: string): Promise<void> {
  for (const object of documents(world, text)) {
    const type = ROUTE_TYPES.find((each) => each.kind === object.kind && TYPES.apiVersionOf(each) === object.apiVersion) ?? KNOWN.get(object.kind);
    if (type === undefined) throw new Stuck(`the server has no ${object.kind}`);
    const namespace = type.namespaced ? world.namespace : '';
    const made = await world.cluster.create({ type, namespace, name: object.metadata.name }, type.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object);
    if (!made.ok) throw new Stuck(`${object.kind}/${object.metadata.name}: ${made.error.message}`);
  }
}

async function act(world: PlayWorld, stage: Stage, operation: Operation, failed: readonly string[]): Promise<void> {
  const { namespace } = world;
  const real = (text: string): string => [...stage.fold.roles].reduce((result, [hash, role]) => result.replaceAll(role, hash), substituted(world, text));
  const refTo = (name: string): { readonly type: ResourceType; readonly namespace: string; readonly name: string } => {
    const [kind = '', object = ''] = real(name).split('/');
    const type = KNOWN.get(kind);
    if (type === undefined) throw new Stuck(`the server has no ${kind}`);
    return { type, namespace, name: object };
  };
  const done = async (write: ReturnType<Cluster['patch']>): Promise<void> => {
    const result = await write;
    if (!result.ok) throw new Stuck(`${JSON.stringify(operation)}: ${result.error.message}`);
  };
  const { patch, ready } = operation;
  if (operation.create !== undefined) await create(world, operation.create);
  if (operation.delete !== undefined) await done(world.cluster.delete(refTo(operation.delete)));
  if (patch !== undefined) await done(world.cluster.patch(refTo(patch.obj), patch.type ?? 'merge', JSON.parse(real(JSON.stringify(patch.body))), patch.subresource === undefined ? {} : { subresource: patch.subresource }));
  if (operation.kubectl !== undefined) {
    const refused = await runCommand(world.cluster, namespace, real(operation.kubectl), world.now());
    if ((refused === undefined) === failed.includes(operation.kubectl)) throw new Stuck(`${operation.kubectl}: ${refused ?? 'was done, and failed when recorded'}`);
  }
  if (ready !== undefined) await setReady(world, stage, real(ready.rs).split('/')[1] ?? '', ready.count ?? 'all', ready.value ?? true);
}

async function setReady(world: PlayWorld, stage: Stage, set: string, count: number | 'all', value: boolean): Promise<void> {
  const order = (pod: { readonly created: string; readonly name: string }): string => `${pod.created} ${pod.name}`;
  const pods = [...stage.fold.pods.values()].filter((pod) => pod.set === set && !pod.gone && pod.ready !== value).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  for (const pod of count === 'all' ? pods : pods.slice(0, count)) {
    const wanted: Readonly<Record<string, boolean>> = { Ready: value, ContainersReady: value || pod.gate !== undefined, ...(pod.gate === undefined ? {} : { [pod.gate]: value }) };
    const conditions = Object.entries(wanted).map(([type, status]) => ({ type, status: status ? 'True' : 'False', lastTransitionTime: formatTime(world.now()) }));
    const patched = await world.cluster.patch({ type: TYPES.POD, namespace: world.namespace, name: pod.name }, 'strategic', { status: { conditions } }, { subresource: 'status' });
    if (!patched.ok) throw new Stuck(`readiness of ${pod.name}: ${patched.error.message}`);
  }
}

async function finalObjects({ cluster, namespace }: PlayWorld): Promise<readonly { readonly kind: string; readonly object: KubeObject }[]> {
  const finals: { readonly kind: string; readonly object: KubeObject }[] = [];
  for (const type of WATCHED) {
    if (type === TYPES.POD || type === TYPES.EVENT) continue;
    const listed = await cluster.list(type, { namespace });
    for (const item of listed.ok ? listed.value.items : []) finals.push({ kind: type.kind, object: { ...item, kind: type.kind, apiVersion: TYPES.apiVersionOf(type) } });
  }
  return finals;
}
