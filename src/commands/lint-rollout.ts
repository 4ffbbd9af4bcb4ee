// A rollout of a file against every rule that the engine has. What the file does not hold is taken as being right where it is.

import { specProblems } from '../decide/rollout/lint.js';
import type { KnownPlugins, ObservedRollout } from '../decide/rollout/observed.js';
import { managedServices } from '../decide/rollout/release.js';
import { resolveWorkload, workloadRefOf } from '../decide/rollout/workload.js';
import type { TemplateRef } from '../kinds/analysis-spec.js';
import type { RouteProblem, Route } from '../kinds/traffic.js';
import { SERVICE } from '../kinds/resource-type.js';
import type { Rollout } from '../kinds/rollout.js';
import { type Service, serviceOf } from '../kinds/service.js';
import { gather, type ObjectReader } from '../routers/gather.js';
import { routerOf } from '../routers/index.js';
import type { Findings } from './lint-file.js';
import { templateSource } from './lint-templates.js';

const GATEWAY_PLUGIN = 'argoproj-labs/gatewayAPI';

/** Stands for a workload that is elsewhere: what can be wrong with it is not known. */
const ELSEWHERE = { app: 'elsewhere' };

type Part<T> = { readonly found: T; readonly absent: readonly string[] };

function templateRefs({ spec }: Rollout): readonly TemplateRef[] {
  const { canary, blueGreen } = spec.strategy ?? {};
  const steps = canary?.steps ?? [];
  return [
    ...[canary?.analysis, blueGreen?.prePromotionAnalysis, blueGreen?.postPromotionAnalysis, ...steps.map(({ analysis }) => analysis)].flatMap(
      (analysis) => analysis?.templates ?? [],
    ),
    ...steps.flatMap(({ experiment }) => experiment?.analyses ?? []),
  ];
}

function servicesOf(rollout: Rollout, file: ObjectReader): Part<readonly Service[]> {
  const { namespace = '' } = rollout.metadata;
  const absent: string[] = [];
  const found = managedServices(rollout).map((name): Service => {
    const object = file.get({ type: SERVICE, namespace, name });
    if (object !== undefined) return serviceOf(object);
    absent.push(`Service ${name}`);
    return serviceOf({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: {} });
  });
  return { found, absent };
}

function routeOf(rollout: Rollout, file: ObjectReader): Part<Route | RouteProblem | undefined> {
  const plugins = Object.keys(rollout.spec.strategy?.canary?.trafficRouting?.plugins ?? {}).filter((name) => name !== GATEWAY_PLUGIN);
  if (plugins.length > 0) return { found: undefined, absent: plugins.map((name) => `router plugin ${name}`) };
  const router = routerOf(rollout);
  if (router === undefined || 'type' in router) return { found: router, absent: [] };
  const route = router.read(rollout, gather(router, rollout, file));
  const isAbsent = route.type === 'route-problem' && route.absent === true;
  return isAbsent ? { found: undefined, absent: [`the ${router.name} route's ${route.reason.replace(/ not found$/, '')}`] } : { found: route, absent: [] };
}

/** A linter runs no plugins: each that is named counts as being there. */
function namedPlugins({ spec }: Rollout, source: ObservedRollout['templates']): KnownPlugins {
  const { canary } = spec.strategy ?? {};
  const metrics = source.flatMap((template) => (template.spec.metrics ?? []).flatMap(({ provider }) => Object.keys(provider.plugin ?? {})));
  const steps = (canary?.steps ?? []).flatMap(({ plugin }) => (plugin === undefined ? [] : [plugin.name]));
  return { routers: Object.keys(canary?.trafficRouting?.plugins ?? {}), metrics, steps, problems: {} };
}

/** With a template of its own in place of one that is not in the file; undefined where it is, or where the reference itself is wrong. */
function withoutWorkload(rollout: Rollout, file: ObjectReader): Rollout | undefined {
  const ref = workloadRefOf(rollout);
  const isElsewhere = ref !== undefined && file.get(ref) === undefined;
  const missing = 'it is elsewhere';
  const resolved = resolveWorkload(rollout, { type: 'missing', reason: missing });
  if (!isElsewhere || resolved.ok || resolved.error !== missing) return undefined;
  const { workloadRef: _elsewhere, ...spec } = rollout.spec;
  const template = { metadata: { labels: ELSEWHERE }, spec: { containers: [{ name: 'elsewhere', image: 'elsewhere' }] } };
  return { ...rollout, spec: { ...spec, selector: { matchLabels: ELSEWHERE }, template } };
}

export function lintRollout(rollout: Rollout, file: ObjectReader): Findings {
  const { namespace = '' } = rollout.metadata;
  const ref = workloadRefOf(rollout);
  const object = ref === undefined ? undefined : file.get(ref);
  const standIn = withoutWorkload(rollout, file);
  const services = servicesOf(rollout, file);
  const { source, absent } = templateSource(file, namespace, templateRefs(rollout));
  const route = routeOf(rollout, file);
  const problems = specProblems({
    rollout: standIn ?? rollout,
    replicaSets: [],
    pods: [],
    // The labels that they are held against are those of the workload.
    services: standIn === undefined ? services.found : services.found.map((service) => ({ ...service, spec: {} })),
    runs: [],
    experiments: [],
    ...source,
    workload: object === undefined ? undefined : { type: 'found', object },
    route: route.found,
    plugins: namedPlugins(rollout, [...source.templates, ...source.clusterTemplates]),
  });
  const workload = standIn === undefined || ref === undefined ? [] : [`${ref.type.kind} ${ref.name}`];
  return { problems, absent: [...workload, ...services.absent, ...absent, ...route.absent] };
}
