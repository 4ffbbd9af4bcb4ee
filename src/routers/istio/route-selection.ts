// Which routes of a VirtualService a rollout may weigh: those it names, or the only one there is.

import type { VirtualService } from '../../kinds/istio.js';
import type { Rollout } from '../../kinds/rollout.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import type { VirtualServiceUse } from './references.js';

export type RoutePlace = { readonly protocol: 'http' | 'tls' | 'tcp'; readonly index: number };

/** The reason is Argo's text. */
export function selectRoutes(rollout: Rollout, use: VirtualServiceUse, object: VirtualService): Result<readonly RoutePlace[], string> {
  const { settings } = use;
  const named = settings.routes ?? [];
  const tls = settings.tlsRoutes ?? [];
  const tcp = settings.tcpRoutes ?? [];
  const { http = [], tls: tlsRoutes = [], tcp: tcpRoutes = [] } = object.spec;
  const nothingNamed = named.length + tls.length + tcp.length === 0;
  const places: RoutePlace[] = [];
  if (http.length > 0 && (named.length > 0 || nothingNamed)) {
    const chosen = selectHttp(rollout, named, http);
    if (!chosen.ok) return chosen;
    places.push(...chosen.value);
  }
  if (http.length === 0 && named.length > 0) return err(notFound(named[0] ?? ''));
  for (const wanted of tls) {
    const found = places.length;
    for (const [index, route] of tlsRoutes.entries()) if (matchesTls(wanted, route)) places.push({ protocol: 'tls', index });
    if (places.length === found) return err('Istio VirtualService has invalid TLS routes. Error: No matching TLS routes found in the defined Virtual Service.');
  }
  for (const wanted of tcp) {
    const found = places.length;
    for (const [index, route] of tcpRoutes.entries()) if (matchesPort(wanted.port, route.match)) places.push({ protocol: 'tcp', index });
    if (places.length === found) return err('Istio VirtualService has invalid TCP routes. Error: No matching TCP routes found in the defined Virtual Service.');
  }
  if (nothingNamed) {
    if (tlsRoutes.length > 1) return err(onlyOne('tls', 'TLS'));
    if (tcpRoutes.length > 1) return err(onlyOne('tcp', 'TCP'));
    if (tlsRoutes.length === 1) places.push({ protocol: 'tls', index: 0 });
    if (tcpRoutes.length === 1) places.push({ protocol: 'tcp', index: 0 });
  }
  return places.length > 0 ? ok(places) : err('Istio VirtualService has no routes that this rollout could weigh');
}

function onlyOne(field: string, words: string): string {
  const named = `spec.strategy.canary.trafficRouting.istio.virtualService.${field === 'http' ? 'routes' : `${field}Routes`}`;
  return `Istio VirtualService has invalid ${words} routes. Error: spec.${field}[] should be set in VirtualService and it must have exactly one route when omitting ${named}`;
}

const notFound = (name: string): string =>
  `Istio VirtualService has invalid HTTP routes. Error: HTTP Route '${name}' is not found in the defined Virtual Service.`;

function selectHttp(rollout: Rollout, named: readonly string[], http: NonNullable<VirtualService['spec']['http']>): Result<readonly RoutePlace[], string> {
  const managed = new Set((rollout.spec.strategy?.canary?.trafficRouting?.managedRoutes ?? []).map((route) => route.name));
  if (named.length === 0) {
    const own = [...http.entries()].filter(([, route]) => route.name === undefined || !managed.has(route.name));
    if (own.length > 1) return err(onlyOne('http', 'HTTP'));
    const [first] = own;
    return first === undefined ? err(onlyOne('http', 'HTTP')) : ok([{ protocol: 'http', index: first[0] }]);
  }
  const places: RoutePlace[] = [];
  for (const name of named) {
    const index = http.findIndex((route) => route.name === name);
    if (index < 0) return err(notFound(name));
    places.push({ protocol: 'http', index });
  }
  return ok(places);
}

type PortMatch = readonly { readonly port?: number | undefined; readonly sniHosts?: readonly string[] | undefined }[] | undefined;

function matchesPort(port: number | undefined, match: PortMatch): boolean {
  const ports = new Set((match ?? []).map((block) => block.port ?? 0));
  if (ports.size > 1) return false;
  return (ports.size === 0 ? 0 : [...ports][0]) === (port ?? 0);
}

function matchesTls(
  wanted: { readonly port?: number | undefined; readonly sniHosts?: readonly string[] | undefined },
  route: { readonly match?: PortMatch },
): boolean {
  if (!matchesPort(wanted.port, route.match)) return false;
  const hosts = new Set((route.match ?? []).flatMap((block) => block.sniHosts ?? []));
  const asked = new Set(wanted.sniHosts ?? []);
  return hosts.size === asked.size && [...asked].every((host) => hosts.has(host));
}
