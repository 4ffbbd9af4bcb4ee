// The preview and the active Service. The active one only ever turns to a version that can answer.

import { HASH_LABEL, MANAGED_BY } from '../../kinds/labels.js';
import type { Service } from '../../kinds/service.js';
import { SERVICE } from '../../kinds/resource-type.js';
import { activeHashOf, isAborted, isFastTracked, isGateOpen, isSaturated } from './blue-green-facts.js';
import type { Action } from './observed.js';
import type { Pass } from './pass.js';
import { findService, switchSelector } from './services.js';
import { hashOf, isObserved, stayingOf } from './sets.js';

export type Switched = { readonly pass: Pass; readonly actions: readonly Action[] };

/** At once, before the new version has any pods: nobody but testers is sent there, and they must not meet the old one. */
export function switchPreview(pass: Pass): Switched {
  return point(pass, pass.blueGreen?.previewService, pass.podHash);
}

/** `proven`: no analysis stands in the way. `halted`: nothing moves on, but an abort still takes the users back. */
export function switchActive(pass: Pass, proven: boolean, halted: boolean): Switched {
  const hash = nextActive(pass, proven, halted);
  return hash === undefined ? { pass, actions: [] } : point(pass, pass.blueGreen?.activeService, hash);
}

function nextActive(pass: Pass, proven: boolean, halted: boolean): string | undefined {
  const { newest, stable } = pass.sets;
  const active = activeHashOf(pass);
  if (stable !== undefined && stable !== newest) {
    if (isAborted(pass)) return isFitToServe(pass) ? hashOf(stable) : undefined;
    // A stable version that never had its pods is nothing to wait for (simulation, seed 126).
    if (active === '' && pass.status.promoteFull !== true && isFitToServe(pass)) return hashOf(stable);
  }
  if (newest === undefined || halted || !isSaturated(pass, newest) || !isObserved(newest))
    return active !== '' && active === hashOf(newest) ? active : undefined;
  return isFastTracked(pass) || (proven && isGateOpen(pass)) ? hashOf(newest) : undefined;
}

/** The stable version answers at least as well as what the users have now. */
function isFitToServe(pass: Pass): boolean {
  const { newest, stable } = pass.sets;
  const present = activeHashOf(pass) === '' ? pass.replicas : stayingOf(newest);
  return stayingOf(stable) >= Math.min(pass.replicas, Math.max(1, present));
}

function point(pass: Pass, name: string | undefined, hash: string): Switched {
  const service = findService(pass, name);
  if (service === undefined) return { pass, actions: [] };
  const selected: Service = { ...service, spec: { ...service.spec, selector: { ...service.spec.selector, [HASH_LABEL]: hash } } };
  const services = pass.seen.services.map((other) => (other === service ? selected : other));
  return { pass: { ...pass, seen: { ...pass.seen, services } }, actions: [...adopt(pass, service, hash), ...switchSelector(pass, service, hash)] };
}

/** A Service that selects the right version already, but does not say by whose hand: without that the other engine would take it away. */
function adopt(pass: Pass, service: Service, hash: string): readonly Action[] {
  if (service.spec.selector?.[HASH_LABEL] !== hash || service.metadata.annotations?.[MANAGED_BY] !== undefined) return [];
  return [
    {
      type: 'patch',
      ref: { type: SERVICE, namespace: service.metadata.namespace ?? '', name: service.metadata.name },
      patchType: 'merge',
      body: { metadata: { annotations: { [MANAGED_BY]: pass.rollout.metadata.name } } },
      why: `service ${service.metadata.name} is managed by this rollout`,
    },
  ];
}
