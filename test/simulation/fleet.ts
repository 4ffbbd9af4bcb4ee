// The engines of a simulation: one or two at a time, which are stopped, killed between any two writes, cut off and frozen, and
// started anew; and the proof that only the one which holds the lease writes, and never in vain.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import type { ApiStore } from '../../src/apiserver/store/api.js';
import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { startEngine } from '../../src/controllers/engine.js';
import type { Engine } from '../../src/controllers/engine.js';
import { createExperimentReconciler } from '../../src/controllers/experiment.js';
import { leaseRef, readRecord } from '../../src/controllers/lease-record.js';
import type { CacheReader } from '../../src/controllers/reconciler.js';
import { createDestinationRuleReleaseReconciler, createServiceReleaseReconciler } from '../../src/controllers/release.js';
import { createRolloutReconciler } from '../../src/controllers/rollout.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { EVENT, LEASE, NAMESPACE as NAMESPACE_TYPE, REPLICA_SET, ROLLOUT } from '../../src/kinds/resource-type.js';
import type { VirtualClock } from '../../src/lib/clock.js';
import type { Instant } from '../../src/lib/instant.js';
import type { HttpSend } from '../../src/lib/http.js';
import { createRng } from '../../src/lib/rng.js';
import type { Rng } from '../../src/lib/rng.js';
import { createEngineClock } from './engine-clock.js';
import type { EngineClock } from './engine-clock.js';
import type { FaultSource } from './faults.js';
import { throughNetwork } from './network.js';
import type { SentView, Write } from './network.js';
import { PASS_MS } from './view.js';

export type Member = { readonly engine: Engine; readonly clock: EngineClock; dead: boolean; cutOffUntil: number; /** Dies with that many more writes. */ writesLeft: number };

/** `view`: what it knew when it sent that write. */
export type Writer = Member & { readonly view: SentView | undefined };

/** Objects never change, so lists of them are all that has to be kept. */
function keepView(cache: CacheReader | undefined): SentView | undefined {
  if (cache === undefined) return undefined;
  const kept = new Map([ROLLOUT, REPLICA_SET].map((type) => [type.kind, cache.list(type)]));
  const all = (kind: string, namespace: string | undefined): readonly KubeObject[] => (kept.get(kind) ?? []).filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  return { get: (ref) => all(ref.type.kind, ref.namespace).find(({ metadata }) => metadata.name === ref.name), list: (type, namespace) => all(type.kind, namespace) };
}

export interface Fleet {
  start(): void;
  /** A clean end: the lease is given back. */
  stop(): Promise<void>;
  /** The process is gone: nothing it does reaches the server any more. At once, or with one of its next writes. */
  kill(afterWrites: number): void;
  members(): readonly Member[];
  /** The one whose write is being done. */
  writer(): Writer | undefined;
  /** The cache of the one that leads. */
  cache(): CacheReader | undefined;
  readonly violations: readonly string[];
  /**
   * Somebody else has just asked of it what an engine may ask for, too, or the engine itself has, and does not know it: a pass that read
   * it before does so in vain (seeds 1797 and 7152).
   */
  /** What an engine knows of it may be old for so long. */
  outrun(name: string, forMs: number): void;
  writes(): number;
  /** Requests that are neither of a watch nor of the lease. */
  requests(): number;
  starts(): number;
}

/** A fleet that writes more than this in a minute goes round in circles: the seed is over. */
const MOST_WRITES_A_MINUTE = 1500;
const MINUTE_MS = 60_000;
const LONGEST_ABSENCE_MS = 45_000;

type Parts = { readonly store: ApiStore; readonly clock: VirtualClock; readonly rng: Rng; readonly faults: FaultSource; readonly http: HttpSend; readonly say: (line: string) => void; /** Each write is told with what it says. */ readonly tellWrites: boolean };

export function createFleet(parts: Parts): Fleet {
  const { store, clock, rng, faults } = parts;
  const members: Member[] = [];
  const violations: string[] = [];
  const outrunUntil = new Map<string, Instant>();
  const outrun = (name: string, forMs: number): void => void outrunUntil.set(name, clock.now() + forMs);
  let writer: Writer | undefined;
  let writes = 0;
  let requests = 0;
  let starts = 0;
  let over = false;
  const server = createInProcessCluster({ store, clock, name: 'sim' });
  const served = new Set(store.types().map(({ group, plural }) => `${plural}.${group}`));

  const stored = ({ ref }: Pick<Write, 'ref'>): KubeObject | undefined => {
    const found = store.execute({ verb: 'get', ...ref }, clock.now());
    return found.ok ? (found.value.object as KubeObject) : undefined;
  };
  const holder = (): string => {
    const lease = stored({ ref: leaseRef('argo-rollouts') });
    return lease === undefined ? '' : readRecord(lease).holder;
  };
  const violated = (line: string): void => {
    violations.push(`at ${clock.now()}: ${line}`);
    parts.say(`VIOLATION ${line}`);
  };
  const isOwnBusiness = ({ type }: Write['ref']): boolean => type.kind === LEASE.kind || type.kind === NAMESPACE_TYPE.kind;

  const onWrite = <T>(member: Member, write: Write, work: () => Promise<T>, sent: SentView | undefined): Promise<T> => {
    if (isOwnBusiness(write.ref)) return work();
    writes += 1;
    circling(write);
    if (parts.tellWrites) parts.say(`write   ${write.verb} ${write.ref.type.kind} ${write.ref.name} ${JSON.stringify(write.body) ?? ''}`);
    if (holder() !== member.engine.identity) violated(`${member.engine.identity} writes ${write.ref.type.plural} while '${holder()}' holds the lease`);
    writer = { ...member, view: sent ?? member.engine.cache() };
    const pending = work();
    writer = undefined;
    member.writesLeft -= 1;
    if (member.writesLeft === 0) dies(member);
    return pending;
  };

  /** What the engine knew of an object was all there was to know, and still it wrote what stood there already. */
  const onVain = (write: Write, known: string | undefined): void => {
    const { verb, ref } = write;
    if (isOwnBusiness(ref) || ref.type.kind === EVENT.kind || known === undefined) return;
    if (clock.now() <= (outrunUntil.get(ref.name) ?? Number.NEGATIVE_INFINITY)) return;
    if (known === stored(write)?.metadata.resourceVersion) violated(`${verb} of ${ref.type.kind} ${ref.name} changes nothing`);
  };

  let minute = { from: clock.now(), writes: 0 };
  const circling = ({ verb, ref }: Write): void => {
    if (clock.now() - minute.from > MINUTE_MS) minute = { from: clock.now(), writes: 0 };
    minute.writes += 1;
    if (minute.writes !== MOST_WRITES_A_MINUTE) return;
    violated(`${MOST_WRITES_A_MINUTE} writes in a minute, the last a ${verb} of ${ref.type.kind} ${ref.name}`);
    over = true;
    for (let [member] = members; member !== undefined; [member] = members) dies(member);
  };

  const dies = (member: Member): void => {
    if (member.dead) return;
    member.dead = true;
    parts.say(`fleet   ${member.engine.identity} is dead`);
    members.splice(members.indexOf(member), 1);
    // Only to end its timers; no request of it arrives.
    void member.engine.stop();
    // Somebody always starts another one, sooner or later.
    if (members.length === 0) clock.after(1000 + rng.int(LONGEST_ABSENCE_MS), () => { if (members.length === 0) start(); });
  };

  const start = (): void => {
    if (over) return;
    const own = createEngineClock(clock);
    const member: { value: Member | undefined } = { value: undefined };
    const cluster = throughNetwork({
      cluster: server,
      clock,
      own,
      faults,
      isDead: () => member.value?.dead === true,
      isCutOff: () => clock.now() < (member.value?.cutOffUntil ?? 0),
      revision: () => store.revision(),
      onRequest: (_verb, ref) => {
        // Asking now and then whether the server has a kind by now is part of watching it.
        if (ref !== undefined && !isOwnBusiness(ref) && served.has(`${ref.type.plural}.${ref.type.group}`)) requests += 1;
      },
      onWrite: (write, work, sent) => (member.value === undefined ? work() : onWrite(member.value, write, work, sent)),
      view: () => keepView(member.value?.engine.cache()),
      known: (ref) => member.value?.engine.cache()?.get(ref)?.metadata.resourceVersion,
      onLost: ({ ref }) => outrun(ref.name, PASS_MS),
      onVain,
    });
    const engine = startEngine({
      cluster,
      reconcilers: [
        createRolloutReconciler(), createExperimentReconciler(), createAnalysisRunReconciler({ http: parts.http, environment: {}, utcOffsetMinutes: () => 0 }),
        createServiceReleaseReconciler(), createDestinationRuleReleaseReconciler(),
      ],
      clock: own,
      rng: createRng(rng.int(2 ** 31)),
      hostname: `engine${starts}`,
      environment: {},
      mode: 'embedded',
      log: (line) => {
        if (line.includes('fault in the program')) violated(line);
        parts.say(`engine  ${line}`);
      },
    });
    starts += 1;
    member.value = { engine, clock: own, dead: false, cutOffUntil: 0, writesLeft: 0 };
    members.push(member.value);
  };

  return {
    start,
    async stop() {
      await members.shift()?.engine.stop();
    },
    kill(afterWrites) {
      const [member] = members;
      if (member === undefined) return;
      if (afterWrites === 0) dies(member);
      else member.writesLeft = afterWrites;
    },
    members: () => members,
    writer: () => writer,
    cache: () => members.find(({ engine }) => engine.state()?.type === 'leading')?.engine.cache(),
    violations,
    outrun,
    writes: () => writes,
    requests: () => requests,
    starts: () => starts,
  };
}
