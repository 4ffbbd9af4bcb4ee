// Gateway API: the weights of backends in HTTPRoutes, GRPCRoutes, TCPRoutes and TLSRoutes, and rules for headers and mirrors.

import type { KubeObject } from '../../kinds/kube-object.js';
import { versionServices } from '../../kinds/ping-pong.js';
import { HTTP_ROUTE } from '../../kinds/route-types.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { Route, RouteProblem, RouteSplit, Traffic } from '../../kinds/traffic.js';
import { absent, DEFAULT_MAX_WEIGHT, findObject, notFound, recordOf, recordsOf, routeProblem, sharesOf, splitOf, writeChange } from '../objects.js';
import type { Fields } from '../objects.js';
import type { PlannedChange, Router } from '../router.js';
import { formerServices, marked } from './marks.js';
import { backendsOf, isWeighed, weighRule, weightOf, withManagedRules } from './rules.js';
import { GATEWAY_FIELD, GATEWAY_PLUGIN, routeUses, selectedUses, selections, settingsProblem } from './settings.js';
import type { RouteUse } from './settings.js';

export const gateway: Router = {
  name: `plugins.${GATEWAY_PLUGIN}`,
  needs: (rollout) => routeUses(rollout).map(({ ref }) => ref),
  selects: selections,
  read,
  plan,
};

type Found = { readonly use: RouteUse; readonly object: KubeObject; readonly rules: readonly Fields[]; readonly weighed: readonly Fields[] };

const managedNames = (rollout: Rollout): readonly string[] => (rollout.spec.strategy?.canary?.trafficRouting?.managedRoutes ?? []).map(({ name }) => name);

function find(rollout: Rollout, objects: readonly KubeObject[]): readonly Found[] | RouteProblem {
  const problem = settingsProblem(rollout);
  if (problem !== undefined) return problem;
  const { canary = '', stable = '' } = versionServices(rollout);
  if (canary === '' || stable === '')
    return routeProblem(GATEWAY_FIELD, '', 'canaryService and stableService must be named: the weights of a route are given to Services');
  const found: Found[] = [];
  for (const use of [...routeUses(rollout), ...selectedUses(rollout, objects)]) {
    const object = findObject(objects, use.ref);
    if (object === undefined) return absent(routeProblem(GATEWAY_FIELD, use.ref.name, notFound(use.ref)));
    const rules = recordsOf(recordOf(object['spec'])['rules']);
    const weighed = rules.filter((rule) => isWeighed(rule, { canary, stable }, use.ruleName, managedNames(rollout)));
    if (weighed.length === 0) {
      const which = use.ruleName === undefined ? 'no rule' : `no rule '${use.ruleName}'`;
      return routeProblem(GATEWAY_FIELD, use.ref.name, `${use.ref.type.kind} \`${use.ref.name}\` has ${which} that leads to both ${stable} and ${canary}`);
    }
    found.push({ use, object, rules, weighed });
  }
  const [empty] = selections(rollout).filter(({ type }) => !found.some(({ use }) => use.ref.type === type));
  if (empty === undefined) return found;
  return routeProblem(GATEWAY_FIELD, JSON.stringify(empty.selector), `no ${empty.type.kind} in namespace ${empty.namespace} has the labels of its selector`);
}

function read(rollout: Rollout, objects: readonly KubeObject[]): Route | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  const splits = found.flatMap((route) => route.weighed.map((rule) => splitAt(rollout, route, rule)));
  return { type: 'route', router: 'gateway', splits, referencedHashes: [] };
}

function splitAt(rollout: Rollout, { use, object, rules }: Found, rule: Fields): RouteSplit {
  const { canary, stable } = versionServices(rollout);
  const parts = { canary: 0, stable: 0, other: 0 };
  const former = formerServices(rollout, object);
  for (const backend of backendsOf(rule)) {
    if (backend['name'] === canary) parts.canary += weightOf(backend);
    else if (backend['name'] === stable) parts.stable += weightOf(backend);
    // What others have put beside the two takes its part from both.
    else if (former.includes(String(backend['name']))) parts.other += weightOf(backend);
  }
  const place = typeof rule['name'] === 'string' ? rule['name'] : String(rules.indexOf(rule));
  return splitOf(
    { object: `${use.ref.type.kind}/${use.ref.name}`, place },
    parts,
    rollout.spec.strategy?.canary?.trafficRouting?.maxTrafficWeight ?? DEFAULT_MAX_WEIGHT,
  );
}

function plan(rollout: Rollout, objects: readonly KubeObject[], traffic: Traffic): readonly PlannedChange[] | RouteProblem {
  const found = find(rollout, objects);
  if ('type' in found) return found;
  return found.flatMap((route) => planRoute(rollout, route, traffic));
}

function planRoute(rollout: Rollout, { use, object, rules, weighed }: Found, traffic: Traffic): readonly PlannedChange[] {
  const shares = sharesOf(versionServices(rollout), traffic);
  const former = formerServices(rollout, object);
  const next = new Map(weighed.map((rule) => [rule, weighRule(rule, shares, former)]));
  let after = rules.map((rule) => next.get(rule) ?? rule);
  if (traffic.managedRoutes !== 'keep') {
    const can = { headers: use.headers, mirrors: use.ref.type === HTTP_ROUTE };
    const managed = { names: managedNames(rollout), wanted: traffic.managedRoutes, can, canary: shares.canary };
    after = [...withManagedRules(after, [...next.values()], managed)];
  }
  const metadata = marked(rollout, object.metadata, traffic);
  const why = `${use.ref.type.kind} ${use.ref.name} sends ${traffic.weight} of ${traffic.maxWeight} to the canary`;
  const change = writeChange(use.ref, object, { ...object, metadata, spec: { ...recordOf(object['spec']), rules: after } }, why);
  if (change === undefined) return [];
  const message = `${use.ref.type.kind} \`${use.ref.name}\` set to desiredWeight '${traffic.weight}'`;
  return [{ change, notes: [{ type: 'Normal', reason: `Updated${use.ref.type.kind}`, message }] }];
}
