// The engines of a simulation: one or two at a time, which are stopped, killed and started anew; and the proof that only the one
// which holds the lease writes.

import { createInProcessCluster } from '../../src/apiserver/in-process.js';
import type { FaultRequest } from '../../src/apiserver/in-process.js';
import type { ApiStore } from '../../src/apiserver/store/api.js';
import { createAnalysisRunReconciler } from '../../src/controllers/analysis-run.js';
import { startEngine } from '../../src/controllers/engine.js';
import type { Engine } from '../../src/controllers/engine.js';
import { createExperimentReconciler } from '../../src/controllers/experiment.js';
import { leaseRef, readRecord } from '../../src/controllers/lease-record.js';
import { createRolloutReconciler } from '../../src/controllers/rollout.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { LEASE, NAMESPACE as NAMESPACE_TYPE } from '../../src/kinds/resource-type.js';
import type { VirtualClock } from '../../src/lib/clock.js';
import type { HttpSend } from '../../src/lib/http.js';
import { createRng } from '../../src/lib/rng.js';
import type { Rng } from '../../src/lib/rng.js';
import type { FaultSource } from './faults.js';

export interface Fleet {
  start(): void;
  /** A clean end: the lease is given back. */
  stop(): Promise<void>;
  /** The process is gone: nothing it does reaches the server any more. */
  kill(): void;
  size(): number;
  /** The one that leads, if any. */
  leader(): Engine | undefined;
  readonly violations: readonly string[];
  writes(): number;
  /** Requests that are neither of a watch nor of the lease. */
  requests(): number;
  restarts(): number;
}

type Member = { readonly engine: Engine; dead: boolean };

export function createFleet(parts: { readonly store: ApiStore; readonly clock: VirtualClock; readonly rng: Rng; readonly faults: FaultSource; readonly http: HttpSend; readonly say: (line: string) => void }): Fleet {
  const { store, clock, rng, faults } = parts;
  const members: Member[] = [];
  const violations: string[] = [];
  let writes = 0;
  let requests = 0;
  let restarts = 0;
  let panics = 0;

  const holder = (): string => {
    const { namespace, name } = leaseRef('argo-rollouts');
    const found = store.execute({ verb: 'get', type: LEASE, namespace, name }, clock.now());
    return found.ok ? readRecord(found.value.object as KubeObject).holder : '';
  };

  const served = new Set(store.types().map(({ group, plural }) => `${plural}.${group}`));

  const audit = (member: Member | undefined, { verb, type }: FaultRequest): void => {
    // Asking now and then whether the server has a kind by now is part of watching it.
    if (!served.has(`${type.plural}.${type.group}`)) return;
    if (verb === 'watch' || verb === 'watch-event' || type.kind === LEASE.kind || type.kind === NAMESPACE_TYPE.kind) return;
    requests += 1;
    if (verb === 'get' || verb === 'list') return;
    writes += 1;
    if (member !== undefined && holder() !== member.engine.identity) violations.push(`at ${clock.now()}: ${member.engine.identity} writes ${type.plural} while '${holder()}' holds the lease`);
  };

  const start = (): void => {
    let member: Member | undefined;
    const cluster = createInProcessCluster({
      store,
      clock,
      name: 'sim',
      faults: (request) => {
        if (member?.dead === true) return 'drop';
        const fault = faults.ask(request);
        if (fault === undefined || fault === 'drop-answer') audit(member, request);
        return fault;
      },
    });
    const engine = startEngine({
      cluster,
      reconcilers: [createRolloutReconciler(), createExperimentReconciler(), createAnalysisRunReconciler({ http: parts.http, environment: {}, utcOffsetMinutes: () => 0 })],
      clock,
      rng: createRng(rng.int(2 ** 31)),
      hostname: `engine${restarts}`,
      environment: {},
      mode: 'embedded',
      log: (line) => {
        if (line.includes('fault in the program')) {
          panics += 1;
          violations.push(`at ${clock.now()}: ${line}`);
        }
        parts.say(`engine ${line}`);
      },
    });
    restarts += 1;
    member = { engine, dead: false };
    members.push(member);
  };

  return {
    start,
    async stop() {
      const member = members.shift();
      await member?.engine.stop();
    },
    kill() {
      const member = members.shift();
      if (member === undefined) return;
      member.dead = true;
      // Only to end its timers; no request of it arrives.
      void member.engine.stop();
    },
    size: () => members.length,
    leader: () => members.find(({ engine }) => engine.state()?.type === 'leading')?.engine,
    violations,
    writes: () => writes,
    requests: () => requests,
    restarts: () => restarts,
  };
}
