// AWS ALB: which Ingresses a rollout uses, and which Services stand for its versions in them.

import type { ObjectRef } from '../../kinds/object-ref.js';
import { versionServices } from '../../kinds/ping-pong.js';
import type { VersionServices } from '../../kinds/ping-pong.js';
import { INGRESS } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { RouteProblem } from '../../kinds/traffic.js';
import { routeProblem } from '../objects.js';

const DEFAULT_PREFIX = 'alb.ingress.kubernetes.io';
const MOST_STICKY_SECONDS = 604_800;

export type AlbSettings = {
  readonly ingresses: readonly string[];
  readonly field: string;
  readonly prefix: string;
  /** The Service that the rules name: the action of its annotation stands for it. */
  readonly actionService: string;
  readonly servicePort: string;
  readonly services: VersionServices;
  readonly stickySeconds: number | undefined;
  /** How long clients stay may be set without being in force. */
  readonly sticky: boolean;
  readonly managed: readonly string[];
};

export function albOf(rollout: Rollout): AlbSettings {
  const routing = rollout.spec.strategy?.canary?.trafficRouting;
  const { ingress = '', ingresses = [], annotationPrefix = '', rootService = '', servicePort, stickinessConfig } = routing?.alb ?? { servicePort: 0 };
  const services = versionServices(rollout, 'ping-pong');
  return {
    ingresses: ingress === '' ? ingresses : [ingress],
    field: ingress === '' ? 'alb.ingresses' : 'alb.ingress',
    prefix: annotationPrefix === '' ? DEFAULT_PREFIX : annotationPrefix,
    actionService: rootService === '' ? (services.stable ?? '') : rootService,
    servicePort: String(servicePort),
    services,
    sticky: stickinessConfig?.enabled === true,
    stickySeconds: stickinessConfig?.durationSeconds,
    managed: (routing?.managedRoutes ?? []).map(({ name }) => name),
  };
}

export function albRefs(rollout: Rollout): readonly ObjectRef[] {
  return albOf(rollout).ingresses.map((name) => ({ type: INGRESS, namespace: rollout.metadata.namespace ?? '', name }));
}

export function albProblem(rollout: Rollout): RouteProblem | undefined {
  const { ingress = '', ingresses = [] } = rollout.spec.strategy?.canary?.trafficRouting?.alb ?? { servicePort: 0 };
  if ((ingress === '') === (ingresses.length === 0)) {
    return routeProblem('alb.ingress', ingress, `Either Ingress or Ingresses must be configured. ${ingress === '' ? 'Neither are' : 'Both are'} configured.`);
  }
  const { sticky, stickySeconds = 0 } = albOf(rollout);
  if (!sticky || (stickySeconds >= 1 && stickySeconds <= MOST_STICKY_SECONDS)) return undefined;
  const field = 'alb.stickinessConfig.durationSeconds';
  return routeProblem(field, String(stickySeconds), `TargetGroupStickinessConfig's duration must be between 1 and ${MOST_STICKY_SECONDS} seconds (7 days)!`);
}
