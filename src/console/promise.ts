// What the completed steps of a canary promise, beside what the status claims and what the route objects say.
// Engines have left traffic where it should not be while all looked well: only this comparison shows it.

import type { KubeObject } from '../kinds/kube-object.js';
import type { ClusterIndex } from './board.js';
import type { RolloutFacts } from './facts.js';
import { at, flagAt, listAt, numberAt, textAt } from '../lib/read.js';
import { type RealWeight, readRealWeight } from './route-weight.js';
import { weightAt } from './steps.js';

export type Promised = {
  /** Percent of the traffic to the canary; while a step moves it, anything between what was and what is asked. */
  readonly least: number;
  readonly most: number;
  /** Header and mirror routes that must be there. */
  readonly routes: readonly string[];
};

export type PromiseReading = {
  readonly promised: Promised;
  /** What the engine's status says; undefined where it says nothing. */
  readonly status: number | undefined;
  readonly route: number | undefined;
  /** Clauses; empty when all agree. */
  readonly differences: readonly string[];
};

/** Weights are whole parts of the maximum: half a part is no difference. */
const TOLERANCE = 0.5;

const EVERYTHING = 100;

function managedRoutes(facts: RolloutFacts): readonly string[] {
  if (!facts.inFlight || facts.aborted || facts.stepIndex === undefined || facts.stepIndex >= facts.steps.length) return [];
  const standing = new Map<string, boolean>();
  // Those of the current step may still be on their way.
  for (const step of facts.steps.slice(0, facts.stepIndex)) {
    for (const field of ['setHeaderRoute', 'setMirrorRoute'] as const) {
      const name = textAt(step, field, 'name');
      if (name !== undefined) standing.set(name, listAt(step, field, 'match').length > 0);
    }
  }
  return [...standing].filter(([, stands]) => stands).map(([name]) => name);
}

/** Undefined where steps promise nothing: blue-green, no router, a state that nobody has reported. */
export function readPromise(facts: RolloutFacts): Promised | undefined {
  if (facts.strategy !== 'canary' || !facts.observed || facts.stableHash === '') return undefined;
  if (at(facts.object, 'spec', 'strategy', 'canary', 'trafficRouting') === undefined) return undefined;
  const percent = (weight: number): number => (Math.min(Math.max(weight, 0), facts.maximum) * EVERYTHING) / facts.maximum;
  const routes = managedRoutes(facts);
  if (!facts.inFlight) return facts.phase === 'Healthy' ? { least: 0, most: 0, routes } : undefined;
  // A stable version that grows back takes its traffic step by step.
  const descends = flagAt(facts.object, 'spec', 'strategy', 'canary', 'dynamicStableScale');
  if (facts.aborted) return { least: 0, most: descends ? EVERYTHING : 0, routes };
  const index = facts.stepIndex ?? 0;
  const before = index === 0 ? 0 : percent(weightAt(facts.steps, index - 1, facts.maximum));
  const now = percent(weightAt(facts.steps, index, facts.maximum));
  if (facts.promotingFully || facts.steps.length === 0) return { least: facts.steps.length === 0 ? 0 : before, most: EVERYTHING, routes };
  return { least: Math.min(before, now), most: Math.max(before, now), routes };
}

function missingRoutes(promised: Promised, facts: RolloutFacts, index: ClusterIndex): readonly string[] {
  if (promised.routes.length === 0 || at(facts.object, 'spec', 'strategy', 'canary', 'trafficRouting', 'istio') === undefined) return [];
  const services = [...index.routeObjects.values()].filter((object) => object.kind === 'VirtualService' && isUsedBy(object, facts));
  return promised.routes.filter((name) => services.some((service) => !listAt(service, 'spec', 'http').some((route) => textAt(route, 'name') === name)));
}

function isUsedBy(service: KubeObject, facts: RolloutFacts): boolean {
  const istio = at(facts.object, 'spec', 'strategy', 'canary', 'trafficRouting', 'istio');
  const names = [at(istio, 'virtualService'), ...listAt(istio, 'virtualServices')].map((each) => textAt(each, 'name'));
  return names.some((name) => name === service.metadata.name || name === `${service.metadata.name}.${service.metadata.namespace ?? ''}`);
}

const words = (value: number): string => `${Math.round(value)} %`;

const promiseWords = ({ least, most }: Promised): string => (least === most ? words(least) : `${words(least)} to ${words(most)}`);

function outside(value: number, { least, most }: Promised): boolean {
  return value < least - TOLERANCE || value > most + TOLERANCE;
}

/** Weights that no router could mean. */
function nonsense(real: RealWeight, maximum: number): string | undefined {
  const bad = real.objects.find(({ canary, stable }) => [canary, stable].some((weight) => weight !== undefined && (weight < 0 || weight > maximum)));
  return bad === undefined ? undefined : `${bad.label} has weights that can not be: ${bad.canary ?? '?'} and ${bad.stable ?? '?'}`;
}

/** Undefined where nothing is promised or nothing can be read back. */
export function comparePromise(facts: RolloutFacts, index: ClusterIndex): PromiseReading | undefined {
  const promised = readPromise(facts);
  if (promised === undefined) return undefined;
  const real = readRealWeight(facts, index);
  const reported = numberAt(facts.object, 'status', 'canary', 'weights', 'canary', 'weight');
  const status = reported === undefined ? undefined : (reported * EVERYTHING) / facts.maximum;
  const route = real.from === 'routes' ? real.canaryPercent : undefined;
  const differences: string[] = [];
  const odd = nonsense(real, facts.maximum);
  if (odd !== undefined) differences.push(odd);
  else if (route !== undefined && outside(route, promised)) differences.push(`the steps promise ${promiseWords(promised)}, the route says ${words(route)}`);
  if (status !== undefined && outside(status, promised)) differences.push(`the steps promise ${promiseWords(promised)}, the status claims ${words(status)}`);
  if (differences.length === 0 && status !== undefined && route !== undefined && Math.abs(status - route) > TOLERANCE && promised.least === promised.most)
    differences.push(`the status claims ${words(status)}, the route says ${words(route)}`);
  for (const name of missingRoutes(promised, facts, index)) differences.push(`the route ${name}, promised by a completed step, is not there`);
  return { promised, status, route, differences };
}
