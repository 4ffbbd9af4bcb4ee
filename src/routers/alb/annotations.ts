// The annotations by which the AWS load balancer controller learns what an action does. The texts are Argo's to the letter:
// during a hand-over neither engine shall see a difference.

import type { HeaderMatch } from '../../kinds/rollout-strategy.js';
import type { ManagedRoute, RouteSplit } from '../../kinds/traffic.js';
import { recordOf, recordsOf, splitOf } from '../objects.js';
import type { AlbSettings } from './settings.js';

export const MANAGED_ANNOTATIONS = 'rollouts.argoproj.io/managed-alb-annotations';
/** What older engines have written instead. */
export const MANAGED_ACTIONS = 'rollouts.argoproj.io/managed-alb-actions';
const WHOLE = 100;

export const actionKey = ({ prefix }: AlbSettings, name: string): string => `${prefix}/actions.${name}`;
export const conditionsKey = ({ prefix }: AlbSettings, name: string): string => `${prefix}/conditions.${name}`;

/** One forward to several Services. */
export function actionText({ servicePort, sticky, stickySeconds }: AlbSettings, weights: ReadonlyMap<string, number>): string {
  const TargetGroups = [...weights].map(([ServiceName, Weight]) => ({ ServiceName, ServicePort: servicePort, Weight }));
  const stickiness = sticky ? { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: stickySeconds } } : {};
  return JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups, ...stickiness } });
}

/** Everything to one Service. */
export function forwardTo(service: string, port: string): string {
  return JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: [{ ServiceName: service, ServicePort: port, Weight: WHOLE }] } });
}

/** The port of an action's Services. */
export function portOf(text: string | undefined): string | undefined {
  const [first] = recordsOf(recordOf(recordOf(parsed(text))['ForwardConfig'])['TargetGroups']);
  return typeof first?.['ServicePort'] === 'string' ? first['ServicePort'] : undefined;
}

/** All of them must hold; several values of one header are alternatives. */
export function conditionsText(match: readonly HeaderMatch[]): string {
  const values = new Map<string, string[]>();
  for (const { headerName, headerValue } of match) values.set(headerName, [...(values.get(headerName) ?? []), headerValue.exact ?? '']);
  return JSON.stringify([...values].map(([httpHeaderName, allowed]) => ({ field: 'http-header', httpHeaderConfig: { httpHeaderName, values: allowed } })));
}

/** What each Service gets by an action. */
export function weightsOf(text: string | undefined): ReadonlyMap<string, number> {
  const groups = recordsOf(recordOf(recordOf(parsed(text))['ForwardConfig'])['TargetGroups']);
  return new Map(groups.map(({ ServiceName: service, Weight: weight }) => [String(service), typeof weight === 'number' ? weight : 0]));
}

export function readAction(settings: AlbSettings, ingress: string, text: string | undefined): RouteSplit {
  const where = { object: `Ingress/${ingress}`, place: settings.actionService };
  const weights = weightsOf(text);
  // Without an action the controller looks for a Service of that name.
  if (weights.size === 0) return { ...where, canary: 0, stable: WHOLE, other: 0 };
  const parts = { canary: 0, stable: 0, other: 0 };
  for (const [service, weight] of weights) {
    const whose = service === settings.services.canary ? 'canary' : service === settings.services.stable ? 'stable' : 'other';
    parts[whose] += weight;
  }
  return splitOf(where, parts, WHOLE);
}

/** The list of this rollout's annotations, beside those of others. */
export function managedText(before: string | undefined, rollout: string, keys: readonly string[]): string {
  const all = { ...recordOf(parsed(before)), [rollout]: keys };
  const listed = Object.entries(all).filter(([, each]) => !Array.isArray(each) || each.length > 0);
  return JSON.stringify(Object.fromEntries(listed.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** The annotations of each rollout. */
export function managedKeys(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  const lists = Object.entries(recordOf(parsed(text)));
  return new Map(lists.map(([rollout, keys]) => [rollout, Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : []]));
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}

type Annotations = Readonly<Record<string, string>>;

/** With the actions and conditions of header routes as promised; 'keep' leaves them. */
export function withHeaderAnnotations(before: Annotations, settings: AlbSettings, wanted: readonly ManagedRoute[] | 'keep'): Annotations {
  if (wanted === 'keep') return before;
  const gone = new Set(settings.managed.flatMap((name) => [actionKey(settings, name), conditionsKey(settings, name)]));
  const rest = Object.fromEntries(Object.entries(before).filter(([key]) => !gone.has(key)));
  const own = wanted.flatMap((route): (readonly [string, string])[] =>
    route.type !== 'header' || route.match.length === 0
      ? []
      : [
          [actionKey(settings, route.name), actionText(settings, new Map([[settings.services.canary ?? '', WHOLE]]))],
          [conditionsKey(settings, route.name), conditionsText(route.match)],
        ],
  );
  return { ...rest, ...Object.fromEntries(own) };
}
