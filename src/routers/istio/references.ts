// Which VirtualServices and which DestinationRule a rollout names, and how it names its two versions in them.

import { versionServices } from '../../kinds/ping-pong.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import { DESTINATION_RULE, VIRTUAL_SERVICE } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { IstioRouting, IstioVirtualServiceRef } from '../../kinds/traffic-routing.js';
import type { RouteProblem } from '../../kinds/traffic.js';

export const ISTIO_FIELD = 'spec.strategy.canary.trafficRouting.istio';

export type VirtualServiceUse = { readonly ref: ObjectRef; readonly settings: IstioVirtualServiceRef; readonly field: string };

export function istioOf(rollout: Rollout): IstioRouting {
  return rollout.spec.strategy?.canary?.trafficRouting?.istio ?? {};
}

/** "shop" in the rollout's namespace, or "shop.mesh" in another. */
export function virtualServiceUses(rollout: Rollout): readonly VirtualServiceUse[] {
  const { virtualService, virtualServices } = istioOf(rollout);
  const named = (settings: IstioVirtualServiceRef, field: string): VirtualServiceUse => {
    const [name = '', namespace = rollout.metadata.namespace ?? ''] = settings.name.split('.');
    return { ref: { type: VIRTUAL_SERVICE, namespace, name }, settings, field };
  };
  if (virtualService !== undefined) return [named(virtualService, `${ISTIO_FIELD}.virtualService.name`)];
  return (virtualServices ?? []).map((settings) => named(settings, `${ISTIO_FIELD}.virtualServices.name`));
}

export function destinationRuleRef(rollout: Rollout): ObjectRef | undefined {
  const name = istioOf(rollout).destinationRule?.name;
  return name === undefined ? undefined : { type: DESTINATION_RULE, namespace: rollout.metadata.namespace ?? '', name };
}

export function neededObjects(rollout: Rollout): readonly ObjectRef[] {
  const rule = destinationRuleRef(rollout);
  return [...virtualServiceUses(rollout).map(({ ref }) => ref), ...(rule === undefined ? [] : [rule])];
}

export function choiceProblem(rollout: Rollout): RouteProblem | undefined {
  const { virtualService, virtualServices } = istioOf(rollout);
  if ((virtualService === undefined) !== (virtualServices === undefined || virtualServices.length === 0)) return undefined;
  const reason = 'either VirtualService or VirtualServices must be configured';
  return { type: 'route-problem', field: `${ISTIO_FIELD}.virtualService`, value: virtualService?.name ?? '', reason };
}

/** What marks a destination as the canary's or the stable version's. */
export type Marks = {
  readonly canaryService: string | undefined;
  readonly stableService: string | undefined;
  readonly canarySubset: string | undefined;
  readonly stableSubset: string | undefined;
  readonly additionalSubsets: readonly string[];
};

export function marksOf(rollout: Rollout): Marks {
  const services = versionServices(rollout);
  const rule = istioOf(rollout).destinationRule;
  return {
    canaryService: services.canary,
    stableService: services.stable,
    canarySubset: rule?.canarySubsetName,
    stableSubset: rule?.stableSubsetName,
    additionalSubsets: rule?.additionalSubsetNames ?? [],
  };
}
