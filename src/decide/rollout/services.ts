// The stable and the canary Service: which version's pods each one selects.

import type { Change } from '../../kinds/change.js';
import { HASH_LABEL, MANAGED_BY } from '../../kinds/labels.js';
import { pingPongServices } from '../../kinds/ping-pong.js';
import type { VersionServices } from '../../kinds/ping-pong.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { SERVICE } from '../../kinds/resource-type.js';
import type { Service } from '../../kinds/service.js';
import type { Action } from './observed.js';
import { isFullyPromoted } from './pass.js';
import type { Pass } from './pass.js';
import { availableOf, hashOf, sizeOf } from './sets.js';

export function findService(pass: Pass, name: string | undefined): Service | undefined {
  return pass.seen.services.find((service) => service.metadata.name === name);
}

/**
 * The stable Service follows the stable version. The canary Service follows the newest one, once that has pods to answer.
 * `canaryStays`: the canary's stays with the version that still carries its share.
 * After an abort it is the traffic that decides (sendCanaryServiceHome): going to and fro would send requests to pods that are about to go.
 */
export function serviceActions(pass: Pass, canaryStays: boolean): readonly Action[] {
  const { stable, newest } = pass.sets;
  const turns = pingPongServices(pass.rollout);
  if (turns !== undefined) return pingPongActions(pass, turns, canaryStays);
  const actions: Action[] = [];
  if (stable !== undefined) actions.push(...switchWhenReady(pass, pass.canary.stableService, stable));
  const aborted = pass.status.abort === true && !isFullyPromoted(pass);
  if (canaryStays || (aborted && pass.routed)) return actions;
  const target = aborted ? stable : newest;
  if (target !== undefined) actions.push(...switchWhenReady(pass, pass.canary.canaryService, target));
  return actions;
}

/**
 * The stable one of the two is as it was when it was the canary's; only another hand can have changed it. The canary's turns to the
 * newest version before that has any pods, but not while requests still go to it.
 */
function pingPongActions(pass: Pass, turns: VersionServices, canaryStays: boolean): readonly Action[] {
  const { stable, newest } = pass.sets;
  const actions: Action[] = [];
  if (stable !== undefined) actions.push(...switchWhenReady(pass, turns.stable, stable));
  const service = findService(pass, turns.canary);
  if (service === undefined || newest === undefined || isFullyPromoted(pass) || canaryStays) return actions;
  // The route itself is asked, too: somebody may have edited it (simulation, seed 4). Before there is a stable version nobody is to be spared.
  const splits = pass.seen.route?.type === 'route' ? pass.seen.route.splits : [];
  const idle = (pass.status.canary?.weights?.canary.weight ?? 0) === 0 && (stable === undefined || splits.every(({ canary }) => canary === 0));
  // What was aborted gets no traffic of an earlier canary that still has some (simulation, seed 5542).
  if (idle || (availableOf(newest) > 0 && pass.status.abort !== true)) actions.push(...switchSelector(pass, service, hashOf(newest)));
  return actions;
}

/** The traffic has left the canary: its Service goes back to the stable version whatever pods there are. */
export function sendCanaryServiceHome(pass: Pass): readonly Action[] {
  const service = findService(pass, pass.canary.canaryService);
  if (service === undefined || pass.stableHash === '') return [];
  return switchSelector(pass, service, pass.stableHash);
}

function switchWhenReady(pass: Pass, name: string | undefined, set: ReplicaSet): readonly Action[] {
  const service = findService(pass, name);
  return service !== undefined && isReadyFor(service, set) ? switchSelector(pass, service, hashOf(set)) : [];
}

/** A Service that comes under management narrows from all pods to this version's: it must have all of them. Later one is enough. */
function isReadyFor(service: Service, set: ReplicaSet): boolean {
  const adopting = service.metadata.annotations?.[MANAGED_BY] === undefined;
  return adopting ? sizeOf(set) > 0 && availableOf(set) >= sizeOf(set) : availableOf(set) > 0;
}

/** Whether the canary's Service, if it has one, selects the newest version by the end of this pass. */
export function isCanaryServed(pass: Pass): boolean {
  const { newest } = pass.sets;
  const service = findService(pass, pass.canary.canaryService);
  return newest === undefined || service === undefined || service.spec.selector?.[HASH_LABEL] === hashOf(newest) || isReadyFor(service, newest);
}

export function switchSelector(pass: Pass, service: Service, hash: string): readonly Action[] {
  const present = service.spec.selector?.[HASH_LABEL] ?? '';
  if (present === hash) return [];
  const { name } = pass.rollout.metadata;
  const adopt = service.metadata.annotations?.[MANAGED_BY] === undefined ? { metadata: { annotations: { [MANAGED_BY]: name } } } : {};
  const change: Change = {
    type: 'patch',
    ref: { type: SERVICE, namespace: service.metadata.namespace ?? '', name: service.metadata.name },
    patchType: 'strategic',
    body: { ...adopt, spec: { selector: { [HASH_LABEL]: hash } } },
    why: `service ${service.metadata.name} selects the pods of ${hash}`,
  };
  const message = `Switched selector for service '${service.metadata.name}' from '${present}' to '${hash}'`;
  return [change, { type: 'note', note: { type: 'Normal', reason: 'SwitchService', message } }];
}
