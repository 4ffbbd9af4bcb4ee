// The rules of one route: which of them a rollout weighs, what their backends get, and the rules for headers beside them.

import type { HeaderMatch, RouteMatch } from '../../kinds/rollout-strategy.js';
import type { ManagedRoute } from '../../kinds/traffic.js';
import { includes, prefixPattern, recordOf, recordsOf } from '../objects.js';
import type { Fields, Shares } from '../objects.js';

/** What the API takes for a backend without a weight. */
const DEFAULT_WEIGHT = 1;

export const backendsOf = (rule: Fields): readonly Fields[] => recordsOf(rule['backendRefs']);
export const weightOf = (backend: Fields): number => (typeof backend['weight'] === 'number' ? backend['weight'] : DEFAULT_WEIGHT);

const isService = (backend: Fields, name: string): boolean => backend['name'] === name && (backend['kind'] ?? 'Service') === 'Service';

/** A managed route has one rule for each that is weighed: "beta", "beta-1". */
export function isManagedRule(rule: Fields, names: readonly string[]): boolean {
  const { name } = rule;
  return (
    typeof name === 'string' && names.some((managed) => name === managed || (name.startsWith(`${managed}-`) && /^\d+$/.test(name.slice(managed.length + 1))))
  );
}

export function isWeighed(
  rule: Fields,
  { canary, stable }: Pick<Shares, 'canary' | 'stable'>,
  ruleName: string | undefined,
  managed: readonly string[],
): boolean {
  if (isManagedRule(rule, managed) || (ruleName !== undefined && rule['name'] !== ruleName)) return false;
  return [canary, stable].every((service) => backendsOf(rule).some((backend) => isService(backend, service)));
}

/** The same rule when all weights are as wanted. `former` are Services of experiments that have had a share. */
export function weighRule(rule: Fields, { canary, stable, weights }: Shares, former: readonly string[]): Fields {
  const before = backendsOf(rule);
  const known = before.filter((backend) => weights.has(String(backend['name'])) || !former.includes(String(backend['name'])));
  const weighed = known.map((backend) => {
    const weight = weights.get(String(backend['name']));
    return weight === undefined || backend['weight'] === weight ? backend : { ...backend, weight };
  });
  const model = before.find((backend) => isService(backend, canary)) ?? {};
  const extras = [...weights].filter(([service]) => service !== canary && service !== stable && !before.some((backend) => isService(backend, service)));
  const after = [...weighed, ...extras.map(([name, weight]) => ({ ...model, name, weight }))];
  return after.length === before.length && after.every((backend, index) => backend === before[index]) ? rule : { ...rule, backendRefs: after };
}

export type ManagedRules = {
  readonly names: readonly string[];
  readonly wanted: readonly ManagedRoute[];
  /** What this route can have of them. */
  readonly can: { readonly headers: boolean; readonly mirrors: boolean };
  readonly canary: string;
};

/**
 * Rules in their order; those for headers behind all others, as more specific matches win wherever they stand; mirrors before all
 * others, as of equal matches the first wins.
 */
export function withManagedRules(rules: readonly Fields[], weighed: readonly Fields[], { names, wanted, can, canary }: ManagedRules): readonly Fields[] {
  const present = rules.filter((rule) => isManagedRule(rule, names));
  const kept = (own: readonly Fields[]): readonly Fields[] =>
    own.map((rule) => {
      const before = present.find(({ name }) => name === rule['name']);
      return before === undefined ? rule : includes(before, rule) ? before : { ...before, ...rule };
    });
  const own = wanted.filter(({ match }) => match.length > 0);
  const [first] = weighed;
  const mirrors = own.flatMap((route) => (route.type === 'mirror' && can.mirrors && first !== undefined ? [mirrorRule(first, route, canary)] : []));
  const headers = own.flatMap((route) => (route.type === 'header' && can.headers ? weighed.map((rule, index) => headerRule(rule, route, index, canary)) : []));
  const after = [...kept(mirrors), ...rules.filter((rule) => !isManagedRule(rule, names)), ...kept(headers)];
  return after.length === rules.length && after.every((rule, index) => rule === rules[index]) ? rules : after;
}

function headerRule(rule: Fields, { name, match }: Extract<ManagedRoute, { type: 'header' }>, index: number, canary: string): Fields {
  const sources = recordsOf(rule['matches']);
  const matches = (sources.length === 0 ? [{}] : sources).flatMap((source) =>
    match.map((header) => {
      const before = recordsOf(recordOf(source)['headers']).filter((other) => String(other['name']).toLowerCase() !== header.headerName.toLowerCase());
      return { ...source, headers: [...before, headerMatch(header)] };
    }),
  );
  const backendRefs = backendsOf(rule)
    .filter((backend) => isService(backend, canary))
    .map((backend) => ({ ...backend, weight: DEFAULT_WEIGHT }));
  return { ...rule, name: index === 0 ? name : `${name}-${index}`, matches, backendRefs };
}

function headerMatch({ headerName: name, headerValue: { exact = '', regex = '', prefix = '' } }: HeaderMatch): Fields {
  if (exact !== '') return { name, type: 'Exact', value: exact };
  return { name, type: 'RegularExpression', value: regex === '' ? prefixPattern(prefix) : regex };
}

const EVERYTHING = 100;

/** Its own requests take the same split; copies of them go to the canary, and nobody waits for what it answers. */
function mirrorRule(rule: Fields, { name, match, percentage }: Extract<ManagedRoute, { type: 'mirror' }>, canary: string): Fields {
  const { name: _, weight: __, filters: ___, ...backendRef } = backendsOf(rule).find((backend) => isService(backend, canary)) ?? {};
  const requestMirror = { backendRef: { ...backendRef, name: canary }, ...(percentage === EVERYTHING ? {} : { percent: percentage }) };
  const filters = [...recordsOf(rule['filters']), { type: 'RequestMirror', requestMirror }];
  return { ...rule, name, matches: match.map(requestMatch), filters };
}

function requestMatch({ method, path, headers }: RouteMatch): Fields {
  return {
    ...(method?.exact === undefined ? {} : { method: method.exact }),
    ...(path === undefined ? {} : { path: pathMatch(path) }),
    ...(headers === undefined ? {} : { headers: Object.entries(headers).map(([headerName, headerValue]) => headerMatch({ headerName, headerValue })) }),
  };
}

function pathMatch({ exact = '', regex = '', prefix = '' }: NonNullable<RouteMatch['path']>): Fields {
  if (exact !== '') return { type: 'Exact', value: exact };
  return regex === '' ? { type: 'PathPrefix', value: prefix } : { type: 'RegularExpression', value: regex };
}
