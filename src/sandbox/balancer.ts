// The load balancer of the pretend world: gives Services of that type and Ingresses an address.

import type { KubeObject } from '../kinds/kube-object.js';
import { INGRESS, INGRESS_CLASS, SERVICE } from '../kinds/resource-type.js';
import { deepEqual } from '../lib/deep.js';
import { fnv1a32 } from '../lib/fnv.js';
import { mergeStatus, NOTHING, recordAt } from './world.js';
import type { Step, World } from './world.js';

/** The address at which all Ingresses are reached. */
const INGRESS_ADDRESS = '172.18.255.1';

/** The same Service has the same address all its life. */
function addressOf(service: KubeObject): string {
  const bits = fnv1a32(new TextEncoder().encode(service.metadata.uid ?? service.metadata.name));
  return `172.18.255.${2 + (bits % 250)}`;
}

export function stepBalancer(service: KubeObject): Step {
  if (service.metadata.deletionTimestamp !== undefined) return NOTHING;
  const { type } = recordAt(service, 'spec');
  const before = recordAt(service, 'status', 'loadBalancer')['ingress'];
  const withdrawn = mergeStatus(SERVICE, service, { loadBalancer: { ingress: null } }, 'no load balancer');
  if (type !== 'LoadBalancer') return before === undefined ? NOTHING : { ...NOTHING, changes: [withdrawn] };
  const ingress = [{ ip: addressOf(service), ipMode: 'VIP' }];
  return deepEqual(before, ingress) ? NOTHING : { ...NOTHING, changes: [mergeStatus(SERVICE, service, { loadBalancer: { ingress } }, 'load balancer')] };
}

/** Whose class is not installed, nobody serves. */
export function stepIngress(world: World, ingress: KubeObject): Step {
  const { ingressClassName } = recordAt(ingress, 'spec');
  if (!world.list(INGRESS_CLASS).some(({ metadata }) => metadata.name === ingressClassName)) return NOTHING;
  const wanted = [{ ip: INGRESS_ADDRESS }];
  if (ingress.metadata.deletionTimestamp !== undefined || deepEqual(recordAt(ingress, 'status', 'loadBalancer')['ingress'], wanted)) return NOTHING;
  return { ...NOTHING, changes: [mergeStatus(INGRESS, ingress, { loadBalancer: { ingress: wanted } }, 'ingress address')] };
}
