// The settings of Gateway API routing, in the form of the plugin `argoproj-labs/gatewayAPI`: which routes, and which rules of them.

import type { KubeObject, LabelSelector } from '../../kinds/kube-object.js';
import { matchesSelector } from '../../kinds/label-selector.js';
import { refOf } from '../../kinds/object-ref.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import type { ResourceType } from '../../kinds/resource-type.js';
import { GRPC_ROUTE, HTTP_ROUTE, TCP_ROUTE, TLS_ROUTE } from '../../kinds/route-types.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { RouteProblem } from '../../kinds/traffic.js';
import { isRecord } from '../../lib/deep.js';
import { recordOf, recordsOf, routeProblem } from '../objects.js';
import type { Fields } from '../objects.js';
import type { Selection } from '../router.js';

export const GATEWAY_PLUGIN = 'argoproj-labs/gatewayAPI';
export const GATEWAY_FIELD = `plugins.${GATEWAY_PLUGIN}`;

export type RouteUse = {
  readonly ref: ObjectRef;
  /** The one rule that may be weighed; without it, all that lead to both versions. */
  readonly ruleName: string | undefined;
  /** Header routes are made here too. */
  readonly headers: boolean;
};

/** The label that tells others (Argo CD) to leave the rules alone for now; undefined when it is not wanted. */
export type ProgressMark = { readonly label: { readonly key: string; readonly value: string } | undefined; readonly annotation: string };

const KINDS: readonly (readonly [prefix: string, type: ResourceType, headers: boolean])[] = [
  ['http', HTTP_ROUTE, true],
  ['grpc', GRPC_ROUTE, true],
  ['tcp', TCP_ROUTE, false],
  ['tls', TLS_ROUTE, false],
];

export function settingsOf(rollout: Rollout): Fields {
  return recordOf(recordOf(rollout.spec.strategy?.canary?.trafficRouting?.plugins)[GATEWAY_PLUGIN]);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export function routeUses(rollout: Rollout): readonly RouteUse[] {
  const settings = settingsOf(rollout);
  const namespace = namespaceOf(rollout);
  return KINDS.flatMap(([prefix, type, canHaveHeaders]) => {
    const single = textOf(settings[`${prefix}Route`]);
    const listed = recordsOf(settings[`${prefix}Routes`]).map(
      (entry): RouteUse => ({
        ref: { type, namespace, name: textOf(entry['name']) ?? '' },
        ruleName: textOf(entry['ruleName']),
        headers: canHaveHeaders && entry['useHeaderRoutes'] === true,
      }),
    );
    if (single === undefined || listed.some(({ ref }) => ref.name === single)) return listed;
    return [{ ref: { type, namespace, name: single }, ruleName: textOf(settings[`${prefix}RouteRuleName`]), headers: false }, ...listed];
  });
}

const namespaceOf = (rollout: Rollout): string => textOf(settingsOf(rollout)['namespace']) ?? rollout.metadata.namespace ?? '';

const selectorKey = (prefix: string): string => `${prefix}RouteSelector`;

/** Routes that are found by their labels, beside those that are named. */
export function selections(rollout: Rollout): readonly Selection[] {
  const settings = settingsOf(rollout);
  return KINDS.flatMap(([prefix, type]) => {
    const selector: LabelSelector | undefined = isRecord(settings[selectorKey(prefix)]) ? recordOf(settings[selectorKey(prefix)]) : undefined;
    return selector === undefined ? [] : [{ type, namespace: namespaceOf(rollout), selector }];
  });
}

/** A header that a step promises is honoured by all of them that can. */
export function selectedUses(rollout: Rollout, objects: readonly KubeObject[]): readonly RouteUse[] {
  const named = routeUses(rollout);
  return selections(rollout).flatMap(({ type, namespace, selector }) =>
    objects
      .filter((object) => object.kind === type.kind && object.metadata.namespace === namespace && matchesSelector(selector, object.metadata.labels))
      .filter(({ metadata }) => !named.some(({ ref }) => ref.type === type && ref.name === metadata.name))
      .map((object) => ({ ref: refOf(type, object), ruleName: undefined, headers: KINDS.some(([, kind, headers]) => kind === type && headers) })),
  );
}

export function settingsProblem(rollout: Rollout): RouteProblem | undefined {
  const uses = routeUses(rollout);
  if (uses.length === 0 && selections(rollout).length === 0) {
    const fields = KINDS.flatMap(([prefix]) => [`${prefix}Route`, `${prefix}Routes`, selectorKey(prefix)]).join(', ');
    return routeProblem(GATEWAY_FIELD, '', `no route is named: one of ${fields} must be`);
  }
  return uses.some(({ ref }) => ref.name === '') ? routeProblem(GATEWAY_FIELD, '', 'a route must have a name') : undefined;
}

export function progressMark(rollout: Rollout): ProgressMark {
  const settings = settingsOf(rollout);
  const label = {
    key: textOf(settings['inProgressLabelKey']) ?? 'rollouts.argoproj.io/gatewayapi-canary',
    value: textOf(settings['inProgressLabelValue']) ?? 'in-progress',
  };
  return {
    label: settings['disableInProgressLabel'] === true ? undefined : label,
    annotation: textOf(settings['activeRolloutsAnnotationKey']) ?? 'rollouts.argoproj.io/gatewayapi-active-rollouts',
  };
}
