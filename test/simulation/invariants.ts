// What must hold whatever happens: looked at with each change of the store, at the moment of the change.

import type { ApiStore } from '../../src/apiserver/store/api.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { EXPERIMENT, REPLICA_SET, ROLLOUT, SERVICE } from '../../src/kinds/resource-type.js';
import { deepEqual } from '../../src/lib/deep.js';
import type { Instant } from '../../src/lib/instant.js';
import { plain, record } from '../scenarios/reduce.js';
import type { Fields } from '../scenarios/reduce.js';
import type { Writer } from './fleet.js';
import { checkGate, checkProgress } from './invariants-steps.js';
import { checkRoute, checkShrink } from './invariants-traffic.js';
import type { Plan } from './plans.js';
import { availableOf, belongsTo, followTruth, HASH, hashOf, numberIn, ROUTING, specOf, statusOf } from './truth.js';
import type { Change, Truth } from './truth.js';
import { newMemory } from './view.js';
import type { Look, Memory } from './view.js';

export interface Invariants {
  readonly truth: Truth;
  readonly violations: readonly string[];
  memory(name: string): Memory;
  violated(line: string): void;
  stop(): void;
}

type Parts = {
  readonly store: ApiStore;
  readonly plans: readonly Plan[];
  readonly now: () => Instant;
  /** Whose write it is that changes the store now. */
  readonly writer: () => Writer | undefined;
  readonly onChange: (change: Change) => void;
  readonly say: (line: string) => void;
};

export function watchInvariants(parts: Parts): Invariants {
  const { store, plans, now } = parts;
  const violations: string[] = [];
  const lostAt = new Map<string, Instant>();
  const memories = new Map(plans.map((plan) => [plan.name, newMemory(now())]));
  const memory = (name: string): Memory => {
    const known = memories.get(name);
    if (known === undefined) throw new Error(`no plan is called ${name}`);
    return known;
  };
  const violated = (line: string): void => {
    violations.push(`at ${now()}: ${line}`);
    parts.say(`VIOLATION ${line}`);
  };

  const take = (change: Change): void => {
    parts.onChange(change);
    const { type, object, before } = change;
    if (type === REPLICA_SET && availableOf(object) === 0 && availableOf(before) > 0) lostAt.set(hashOf(object), now());
    const owner = object.metadata.ownerReferences?.[0]?.name;
    const plan = plans.find(({ name }) => name === owner) ?? belongsTo(plans, object.metadata.name);
    if (plan === undefined) return;
    const own = memory(plan.name);
    const engine = parts.writer();
    if (engine !== undefined && change.event !== 'DELETED') {
      const look: Look = { truth, change, plan, engine, now: now(), memory: own };
      for (const line of judge(look, (hash) => lostAt.get(hash) ?? Number.NEGATIVE_INFINITY)) violated(`${plan.name}: ${line}`);
    }
    if (ROUTING.includes(type)) own.shares = truth.shares(plan);
    if (type === ROLLOUT) remember(own, statusOf(object), now());
  };
  const truth = followTruth(store, take);
  return { truth, violations, memory, violated, stop: () => truth.stop() };
}

function judge(look: Look, lostAt: (hash: string) => Instant): readonly string[] {
  const { change, plan } = look;
  const own = change.object.metadata.ownerReferences?.some(({ name, kind }) => kind === 'Rollout' && name === plan.name) === true;
  return [
    ...checkRoute(look, lostAt),
    ...(own ? checkShrink(look) : []),
    ...(own ? checkTwins(look) : []),
    ...checkProgress(look),
    ...(change.type === SERVICE && plan.blueGreen && change.object.metadata.name === `${plan.name}-live` ? checkGate(look, versionIn(change.before), versionIn(change.object)) : []),
  ];
}

const versionIn = (service: Change['before']): string => plain(record(specOf(service)['selector'])[HASH]);

/** One template, one ReplicaSet: a second would take the first one's place. */
function checkTwins({ change, plan, truth }: Look): readonly string[] {
  if (change.type !== REPLICA_SET || change.event !== 'ADDED') return [];
  // By the set's own labels: those of its template also say which part it has now, and Argo's own undo takes them for the author's (seed 2077).
  const bare = (set: KubeObject): unknown => {
    const { metadata: _metadata, ...rest } = record(specOf(set)['template']);
    const { [HASH]: _hash, ...labels } = set.metadata.labels ?? {};
    return { ...rest, labels };
  };
  // Argo's own undo writes the ReplicaSet's template with the anti-affinity that was put into it: that is another template (engine.md 1.2, 5.9).
  const injected = JSON.stringify(specOf(plan.objects.at(-1))).includes('antiAffinity');
  const twins = truth.owned(REPLICA_SET, plan.name).filter((set) => set.metadata.name !== change.object.metadata.name && set.metadata.ownerReferences?.[0]?.kind !== EXPERIMENT.kind);
  return twins.filter((set) => hashOf(set) === hashOf(change.object) || (!injected && deepEqual(bare(set), bare(change.object)))).map((set) => `${change.object.metadata.name} is ${set.metadata.name} again`);
}

function remember(own: Memory, status: Fields, now: Instant): void {
  const hash = plain(status['currentPodHash']);
  const index = numberIn(status, 'currentStepIndex');
  if (own.trial.hash !== hash) own.trial = { hash, since: now };
  if (own.step.index !== index || own.step.hash !== hash) own.step = { index, hash, since: now };
}
