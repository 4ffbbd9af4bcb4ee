// NGINX: beside each stable Ingress a canary Ingress, whose annotations say which share of the same requests it takes.

import type { KubeObject, ObjectMeta } from '../kinds/kube-object.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { versionServices } from '../kinds/ping-pong.js';
import { apiVersionOf, INGRESS } from '../kinds/resource-type.js';
import type { Rollout } from '../kinds/rollout.js';
import type { NginxRouting } from '../kinds/traffic-routing.js';
import type { Route, RouteProblem, RouteSplit, Traffic } from '../kinds/traffic.js';
import { absent, findObject, isOwnedBy, notFound, ownerOf, recordOf, recordsOf, routeProblem, writeChange } from './objects.js';
import type { Fields } from './objects.js';
import type { PlannedChange, Router } from './router.js';

const DEFAULT_PREFIX = 'nginx.ingress.kubernetes.io';
const CLASS = 'kubernetes.io/ingress.class';
const SUFFIX = '-canary';
/** Names of objects. */
const MOST_LETTERS = 253;
const DEFAULT_TOTAL = 100;

export const nginx: Router = { name: 'nginx', needs, read, plan };

type Pair = { readonly stable: ObjectRef; readonly canary: ObjectRef };
type Found = Pair & { readonly stableObject: KubeObject; readonly canaryObject: KubeObject | undefined };

function nginxOf(rollout: Rollout): NginxRouting {
  return rollout.spec.strategy?.canary?.trafficRouting?.nginx ?? {};
}

function prefixOf(rollout: Rollout): string {
  const { annotationPrefix = '' } = nginxOf(rollout);
  return annotationPrefix === '' ? DEFAULT_PREFIX : annotationPrefix;
}

function pairsOf(rollout: Rollout): readonly Pair[] {
  const { stableIngress, stableIngresses = [] } = nginxOf(rollout);
  const { name: rolloutName, namespace = '' } = rollout.metadata;
  const one = stableIngress !== undefined && stableIngress !== '';
  return (one ? [stableIngress] : stableIngresses).map((name) => ({
    stable: { type: INGRESS, namespace, name },
    canary: { type: INGRESS, namespace, name: `${`${rolloutName}-${name}`.slice(0, MOST_LETTERS - SUFFIX.length)}${SUFFIX}` },
  }));
}

function needs(rollout: Rollout): readonly ObjectRef[] {
  return pairsOf(rollout).flatMap(({ stable, canary }) => [stable, canary]);
}

function find(rollout: Rollout, objects: readonly KubeObject[]): readonly Found[] | RouteProblem {
  const { stableIngress = '', stableIngresses = [] } = nginxOf(rollout);
  // Also of a list, as Argo Rollouts says it (its issue 4452); the reason names the Ingress.
  const problem = (reason: string): RouteProblem => routeProblem('nginx.stableIngress', stableIngress, reason);
  if ((stableIngress === '') === (stableIngresses.length === 0)) {
    const which = stableIngress === '' ? 'Neither are' : 'Both are';
    return problem(`Either StableIngress or StableIngresses must be configured. ${which} configured.`);
  }
  const service = versionServices(rollout).stable ?? '';
  const found: Found[] = [];
  for (const pair of pairsOf(rollout)) {
    const { stable, canary } = pair;
    const stableObject = findObject(objects, stable);
    if (stableObject === undefined) return absent(problem(notFound(stable)));
    if (!rulesOf(stableObject).some((rule) => pathsOf(rule).some((path) => serviceOf(path) === service))) {
      return problem(`ingress \`${stable.name}\` has no rules using service ${service} backend`);
    }
    const canaryObject = findObject(objects, canary);
    if (canaryObject !== undefined && !isOwnedBy(canaryObject, rollout)) {
      return problem(`canary ingress \`${canary.name}\` controlled by different object`);
    }
    found.push({ ...pair, stableObject, canaryObject });
  }
  return found;
}

const rulesOf = (ingress: KubeObject): readonly Fields[] => recordsOf(recordOf(ingress['spec'])['rules']);
const pathsOf = (rule: Fields): readonly Fields[] => recordsOf(recordOf(rule['http'])['paths']);
const serviceOf = (path: Fields): unknown => recordOf(recordOf(path['backend'])['service'])['name'];

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  return { type: 'route', router: 'nginx', splits: found.map((pair) => splitAt(rollout, pair)), referencedHashes: [] };
}

function splitAt(rollout: Rollout, { stable, canary, canaryObject }: Found): RouteSplit {
  const prefix = prefixOf(rollout);
  const { annotations = {} } = canaryObject?.metadata ?? {};
  const total = Number(annotations[`${prefix}/canary-weight-total`] ?? DEFAULT_TOTAL);
  const weight = annotations[`${prefix}/canary`] === 'true' ? Number(annotations[`${prefix}/canary-weight`] ?? 0) : 0;
  return { object: `Ingress/${canary.name}`, place: stable.name, canary: weight, stable: total - weight, other: 0 };
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  return found.flatMap((pair) => planPair(rollout, pair, traffic));
}

function planPair(rollout: Rollout, { canary: ref, stableObject, canaryObject: present }: Found, traffic: Traffic): readonly PlannedChange[] {
  const why = `Ingress ${ref.name} takes ${traffic.weight} of ${traffic.maxWeight}`;
  const annotations = annotationsFor(rollout, stableObject, traffic);
  const spec = specFor(rollout, stableObject);
  if (present === undefined) {
    const metadata: ObjectMeta = { name: ref.name, namespace: ref.namespace, annotations, ownerReferences: [ownerOf(rollout)] };
    const object: KubeObject = { apiVersion: apiVersionOf(INGRESS), kind: INGRESS.kind, metadata, spec };
    const message = `Creating canary ingress \`${ref.name}\` with weight \`${traffic.weight}\``;
    return [{ change: { type: 'create', ref, object, why }, notes: [{ type: 'Normal', reason: 'CreatingCanaryIngress', message }] }];
  }
  const wanted = {
    ...present,
    metadata: { ...present.metadata, annotations: { ...withoutTotal(rollout, present), ...annotations } },
    spec: { ...withoutOwn(present), ...spec },
  };
  const change = writeChange(ref, present, wanted, why);
  const message = `Updating Ingress \`${ref.name}\` to desiredWeight '${traffic.weight}'`;
  return change === undefined ? [] : [{ change, notes: [{ type: 'Normal', reason: 'PatchingCanaryIngress', message }] }];
}

function withoutTotal(rollout: Rollout, { metadata }: KubeObject): Readonly<Record<string, string>> {
  const { [`${prefixOf(rollout)}/canary-weight-total`]: _, ...rest } = metadata.annotations ?? {};
  return rest;
}

function withoutOwn(present: KubeObject): Fields {
  const { ingressClassName: _, tls: __, rules: ___, ...rest } = recordOf(present['spec']);
  return rest;
}

function annotationsFor(rollout: Rollout, stable: KubeObject, { weight, maxWeight }: Traffic): Readonly<Record<string, string>> {
  const prefix = prefixOf(rollout);
  const { additionalIngressAnnotations = {}, canaryIngressAnnotations = {} } = nginxOf(rollout);
  const ingressClass = stable.metadata.annotations?.[CLASS];
  const total = rollout.spec.strategy?.canary?.trafficRouting?.maxTrafficWeight;
  const additional = Object.entries(additionalIngressAnnotations).map(
    ([key, value]) => [key.startsWith(`${prefix}/`) ? key : `${prefix}/${key}`, value] as const,
  );
  return {
    ...(ingressClass === undefined ? {} : { [CLASS]: ingressClass }),
    ...Object.fromEntries(additional),
    ...canaryIngressAnnotations,
    [`${prefix}/canary`]: 'true',
    [`${prefix}/canary-weight`]: String(weight),
    ...(total === undefined ? {} : { [`${prefix}/canary-weight-total`]: String(maxWeight) }),
  };
}

/** The rules that lead to stable, with the canary in its place. Paths to others stay, so that a request finds the same beside it. */
function specFor(rollout: Rollout, stable: KubeObject): Fields {
  const services = versionServices(rollout);
  const { ingressClassName, tls } = recordOf(stable['spec']);
  const rules = rulesOf(stable)
    .filter((rule) => pathsOf(rule).some((path) => serviceOf(path) === services.stable))
    .map((rule) => ({
      ...rule,
      http: {
        ...recordOf(rule['http']),
        paths: pathsOf(rule).map((path) => (serviceOf(path) === services.stable ? withService(path, services.canary ?? '') : path)),
      },
    }));
  return { ...(ingressClassName === undefined ? {} : { ingressClassName }), ...(tls === undefined ? {} : { tls }), rules };
}

function withService(path: Fields, name: string): Fields {
  const backend = recordOf(path['backend']);
  return { ...path, backend: { ...backend, service: { ...recordOf(backend['service']), name } } };
}
