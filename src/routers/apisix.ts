// Apache APISIX: the backends of an ApisixRoute's rules are weighed; a header route is an ApisixRoute of its own with a higher priority.

import type { KubeObject } from '../kinds/kube-object.js';
import { refOf } from '../kinds/object-ref.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import { versionServices } from '../kinds/ping-pong.js';
import { apiVersionOf } from '../kinds/resource-type.js';
import { APISIX_ROUTE } from '../kinds/route-types.js';
import type { Rollout } from '../kinds/rollout.js';
import type { HeaderMatch } from '../kinds/rollout-strategy.js';
import type { ManagedRoute, Route, RouteProblem, Traffic } from '../kinds/traffic.js';
import {
  absent,
  findObject,
  includes,
  isOwnedBy,
  ownerOf,
  prefixPattern,
  recordOf,
  recordsOf,
  routeProblem,
  sharesOf,
  splitOf,
  writeChange,
} from './objects.js';
import type { Fields } from './objects.js';
import type { PlannedChange, Router } from './router.js';

const FIELD = 'apisix.route.name';
/** What APISIX takes for a backend without a weight. */
const DEFAULT_WEIGHT = 100;
const WHOLE = 100;

export const apisix: Router = { name: 'apisix', needs, read, plan };

type Found = { readonly ref: ObjectRef; readonly object: KubeObject; /** The names of the rules that are weighed. */ readonly rules: ReadonlySet<string> };

function refTo(rollout: Rollout, name: string): ObjectRef {
  return { type: APISIX_ROUTE, namespace: rollout.metadata.namespace ?? '', name };
}

const settingsOf = (rollout: Rollout): { readonly name: string; readonly rules: readonly string[] } => {
  const { name = '', rules = [] } = rollout.spec.strategy?.canary?.trafficRouting?.apisix?.route ?? {};
  return { name, rules: rules.length === 0 ? [name] : rules };
};

const managedNames = (rollout: Rollout): readonly string[] => (rollout.spec.strategy?.canary?.trafficRouting?.managedRoutes ?? []).map(({ name }) => name);

function needs(rollout: Rollout): readonly ObjectRef[] {
  return [...new Set([settingsOf(rollout).name, ...managedNames(rollout)])].map((name) => refTo(rollout, name));
}

const rulesOf = (object: KubeObject): readonly Fields[] => recordsOf(recordOf(object['spec'])['http']);

function find(rollout: Rollout, objects: readonly KubeObject[]): Found | RouteProblem {
  const { name, rules } = settingsOf(rollout);
  const ref = refTo(rollout, name);
  const object = findObject(objects, ref);
  if (object === undefined) return absent(routeProblem(FIELD, name, `ApisixRoute \`${name}\` not found`));
  const services = versionServices(rollout);
  for (const wanted of rules) {
    const rule = rulesOf(object).find((each) => each['name'] === wanted);
    if (rule === undefined) return routeProblem(FIELD, name, `ApisixRoute \`${name}\` has no rule \`${wanted}\``);
    for (const service of [services.canary, services.stable]) {
      const known = recordsOf(rule['backends']).some(({ serviceName }) => serviceName === service);
      if (!known) return routeProblem(FIELD, name, `rule \`${wanted}\` of ApisixRoute \`${name}\` has no backend \`${service ?? ''}\``);
    }
  }
  return { ref, object, rules: new Set(rules) };
}

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const { canary, stable } = versionServices(rollout);
  const splits = rulesOf(found.object)
    .filter(({ name }) => found.rules.has(String(name)))
    .map((rule) => {
      const parts = { canary: 0, stable: 0, other: 0 };
      for (const { serviceName, weight } of recordsOf(rule['backends'])) {
        const whose = serviceName === canary ? 'canary' : serviceName === stable ? 'stable' : 'other';
        parts[whose] += typeof weight === 'number' ? weight : DEFAULT_WEIGHT;
      }
      return splitOf({ object: `ApisixRoute/${found.ref.name}`, place: String(rule['name']) }, parts, WHOLE);
    });
  return { type: 'route', router: 'apisix', splits, referencedHashes: [] };
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const headers = planHeaders(rollout, objects, found, traffic.managedRoutes);
  if ('type' in headers) return headers;
  const { weights } = sharesOf(versionServices(rollout), traffic);
  const http = rulesOf(found.object).map((rule) => (found.rules.has(String(rule['name'])) ? withWeights(rule, weights) : rule));
  const after = { ...found.object, spec: { ...recordOf(found.object['spec']), http } };
  const change = writeChange(found.ref, found.object, after, `ApisixRoute ${found.ref.name} sends ${traffic.weight} of ${traffic.maxWeight} to the canary`);
  return [...headers, ...(change === undefined ? [] : [{ change, notes: [] }])];
}

function withWeights(rule: Fields, weights: ReadonlyMap<string, number>): Fields {
  const backends = recordsOf(rule['backends']).map((backend) => {
    const weight = weights.get(String(backend['serviceName']));
    return weight === undefined ? backend : { ...backend, weight };
  });
  return { ...rule, backends };
}

function planHeaders(
  rollout: Rollout,
  objects: readonly KubeObject[],
  found: Found,
  wanted: readonly ManagedRoute[] | 'keep',
): readonly PlannedChange[] | RouteProblem {
  if (wanted === 'keep') return [];
  const changes: PlannedChange[] = [];
  for (const name of managedNames(rollout)) {
    const ref = refTo(rollout, name);
    const present = findObject(objects, ref);
    const route = wanted.find((each) => each.name === name);
    if (route === undefined || route.type !== 'header' || route.match.length === 0) {
      if (present === undefined || !isOwnedBy(present, rollout)) continue;
      const { uid } = present.metadata;
      changes.push({
        change: { type: 'delete', ref: refOf(APISIX_ROUTE, present), ...(uid === undefined ? {} : { uid }), why: `the header route ${name} is over` },
        notes: [],
      });
      continue;
    }
    if (present !== undefined && !isOwnedBy(present, rollout)) return routeProblem(FIELD, name, `duplicate ApisixRoute [${name}] already exists`);
    const spec = headerSpec(rollout, found, route.match);
    const why = `requests with the headers of ${name} go to the canary`;
    if (present === undefined) {
      const metadata = { name, namespace: ref.namespace, ownerReferences: [ownerOf(rollout)] };
      changes.push({
        change: { type: 'create', ref, object: { apiVersion: apiVersionOf(APISIX_ROUTE), kind: APISIX_ROUTE.kind, metadata, spec }, why },
        notes: [],
      });
    } else if (!includes(present['spec'], spec)) {
      const change = writeChange(ref, present, { ...present, spec: { ...recordOf(present['spec']), ...spec } }, why);
      if (change !== undefined) changes.push({ change, notes: [] });
    }
  }
  return changes;
}

function headerSpec(rollout: Rollout, found: Found, match: readonly HeaderMatch[]): Fields {
  const { canary } = versionServices(rollout);
  const exprs = match.map(expression);
  const http = rulesOf(found.object)
    .filter(({ name }) => found.rules.has(String(name)))
    .map((rule) => {
      const before = recordOf(rule['match']);
      return {
        ...rule,
        priority: (typeof rule['priority'] === 'number' ? rule['priority'] : 0) + 1,
        match: { ...before, exprs: [...recordsOf(before['exprs']), ...exprs] },
        backends: recordsOf(rule['backends'])
          .filter(({ serviceName }) => serviceName === canary)
          .map((backend) => ({ ...backend, weight: WHOLE })),
      };
    });
  return { http };
}

function expression({ headerName, headerValue }: HeaderMatch): Fields {
  const subject = { scope: 'Header', name: headerName };
  if (headerValue.exact !== undefined && headerValue.exact !== '') return { subject, op: 'Equal', value: headerValue.exact };
  const regex = headerValue.regex === undefined || headerValue.regex === '' ? prefixPattern(headerValue.prefix ?? '') : headerValue.regex;
  return { subject, op: 'RegexMatch', value: regex };
}
