// What a rollout leaves behind: a Service that it managed and that it no longer names, or that has outlived it.

import type { Change } from '../../kinds/change.js';
import { HASH_LABEL, MANAGED_BY } from '../../kinds/labels.js';
import { SERVICE } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { Service } from '../../kinds/service.js';

/** All Services that a rollout may have under its management. */
export function managedServices(rollout: Rollout): readonly string[] {
  const { canary, blueGreen } = rollout.spec.strategy ?? {};
  const names = [
    canary?.stableService,
    canary?.canaryService,
    canary?.pingPong?.pingService,
    canary?.pingPong?.pongService,
    blueGreen?.activeService,
    blueGreen?.previewService,
  ];
  return names.filter((name): name is string => name !== undefined && name !== '');
}

/** The rollout that manages the Service, by name; undefined when none does. */
export function managerOf(service: Service): string | undefined {
  return service.spec.selector?.[HASH_LABEL] === undefined ? undefined : service.metadata.annotations?.[MANAGED_BY];
}

/**
 * Gives the Service back: it selects all pods again, as before. `manager` is the rollout that manages it, if that still exists.
 * A Service without the annotation is not touched: nobody here can say who narrowed it.
 */
export function releaseService(service: Service, manager: Rollout | undefined): readonly Change[] {
  const name = managerOf(service);
  if (name === undefined || (manager !== undefined && managedServices(manager).includes(service.metadata.name))) return [];
  return [
    {
      type: 'patch',
      ref: { type: SERVICE, namespace: service.metadata.namespace ?? '', name: service.metadata.name },
      patchType: 'merge',
      body: { metadata: { annotations: { [MANAGED_BY]: null } }, spec: { selector: { [HASH_LABEL]: null } } },
      why: `rollout ${name} no longer manages service ${service.metadata.name}`,
    },
  ];
}
