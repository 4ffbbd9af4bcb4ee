// The objects of a simulated world that are no rollout's own: what all plans share, and how they are written.

import type { KubeObject } from '../../src/kinds/kube-object.js';
import { BUILT_IN_TYPES, DESTINATION_RULE, VIRTUAL_SERVICE } from '../../src/kinds/resource-type.js';
import type { ResourceType } from '../../src/kinds/resource-type.js';
import { ROUTE_TYPES } from '../../src/kinds/route-types.js';
import type { Rng } from '../../src/lib/rng.js';

export const NAMESPACE = 'sim';
export const WEB = 'web.sim:80';
/** Refers to pods that answer; a rollout's name and "-main" are its Service before it manages any. */
export const PORT = 80;

export type Fields = Readonly<Record<string, unknown>>;

export const object = (apiVersion: string, kind: string, name: string, more: Fields): KubeObject => ({ apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...more });

export const serviceOf = (rollout: string, suffix: string): KubeObject =>
  object('v1', 'Service', `${rollout}${suffix}`, { spec: { selector: { app: rollout }, ports: [{ port: PORT, targetPort: 8080 }] } });

/** True once in so many times. */
export const once = (rng: Rng, times: number): boolean => rng.int(times) === 0;

export function oneOf<T>(rng: Rng, choices: readonly T[]): T {
  const choice = choices[rng.int(choices.length)];
  if (choice === undefined) throw new Error('nothing to choose from');
  return choice;
}

/** Tags: "good…" become ready and measure well, "sick…" measure badly, "slow…" take their time, "crash…" end again and again, "bad" can not be pulled. */
export function imageOf(rng: Rng, name: string, turn: number): string {
  const chance = rng.int(20);
  const tag = chance < 12 ? `good${turn}` : chance < 15 ? `slow${turn}` : chance < 18 ? `sick${turn}` : chance === 18 ? `crash${turn}` : 'bad';
  return `sim.test/${name}:${tag}`;
}

export const podTemplate = (name: string): Fields => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'main', image: `sim.test/${name}:good0`, ports: [{ containerPort: 8080 }] }] },
});

type MetricWishes = { readonly count?: number; readonly failureLimit?: number; readonly inconclusive?: boolean; readonly prometheus?: boolean };

function metric({ count, failureLimit = 1, inconclusive = false, prometheus = false }: MetricWishes): Fields {
  const result = prometheus ? 'result[0]' : 'result';
  return {
    name: 'rate',
    interval: '4s',
    ...(count === undefined ? {} : { count }),
    failureLimit,
    consecutiveErrorLimit: 4,
    successCondition: `${result} >= 0.9`,
    // Between the two nobody knows.
    ...(inconclusive ? { failureCondition: `${result} < 0.2`, inconclusiveLimit: 1 } : {}),
    provider: prometheus
      ? { prometheus: { address: `http://${WEB}`, query: 'rate{name="{{args.name}}"}' } }
      : { web: { url: `http://${WEB}/{{args.name}}`, jsonPath: '{$.value}' } },
  };
}

/** Analyses that end by themselves, by name; "endless" is for the background. */
export const QUICK_TEMPLATES = ['quick', 'vague', 'graph'] as const;

export function templates(): readonly KubeObject[] {
  const template = (name: string, wishes: MetricWishes, more: Fields = {}): KubeObject =>
    object('argoproj.io/v1alpha1', 'AnalysisTemplate', name, { spec: { args: [{ name: 'name', value: 'any' }], metrics: [metric(wishes)], ...more } });
  return [
    template('quick', { count: 3 }),
    template('vague', { count: 3, inconclusive: true }),
    template('graph', { count: 2, prometheus: true }, { dryRun: [{ metricName: 'none-of-them|rate' }] }),
    template('endless', { failureLimit: 2 }),
  ];
}

/** The routing kinds that come with other people's products: what they hold is not looked at here. */
export function routeDefinitions(): readonly KubeObject[] {
  const name = ({ group, plural }: ResourceType): string => `${plural}.${group}`;
  const served = new Set([...BUILT_IN_TYPES, VIRTUAL_SERVICE, DESTINATION_RULE].map(name));
  return ROUTE_TYPES.filter((type) => !served.has(name(type))).map(({ group, version, kind, plural, singular }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular, listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
    },
  }));
}
