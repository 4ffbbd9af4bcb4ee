// Whether the load balancer has followed: a step that promises a weight, a promotion, and the end of old pods wait for it, where
// somebody is asked (`seen.verification`).

import { HASH_LABEL } from '../../kinds/labels.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { Service } from '../../kinds/service.js';
import type { ObservedRollout } from './observed.js';
import { isFullyPromoted } from './pass.js';
import type { Pass } from './pass.js';
import { hashOf, sizeOf } from './sets.js';

export type VerificationNeeds = {
  readonly weights: boolean;
  /** The Service that was switched last, and the version that it leads to now, while the pods of another one are still there. */
  readonly targets: { readonly service: string; readonly hash: string } | undefined;
};

/** Of what was observed: nothing is asked about a rollout at rest. */
export function verificationNeeds(seen: ObservedRollout): VerificationNeeds {
  return { weights: needsWeights(seen.rollout), targets: neededTargets(seen) };
}

function needsWeights({ spec, status = {} }: Rollout): boolean {
  const { trafficRouting, steps = [] } = spec.strategy?.canary ?? {};
  const { stableRS = '', currentPodHash, currentStepIndex: index = 0, abort, promoteFull } = status;
  if (trafficRouting?.alb === undefined || stableRS === '' || stableRS === currentPodHash || abort === true || promoteFull === true) return false;
  return steps.length > 0 && (index >= steps.length || steps[index]?.setWeight !== undefined);
}

function neededTargets({ rollout, services, replicaSets }: ObservedRollout): VerificationNeeds['targets'] {
  const { blueGreen, canary } = rollout.spec.strategy ?? {};
  const name = blueGreen?.activeService ?? canary?.stableService ?? '';
  const hash = selectedHash(services.find(({ metadata }) => metadata.name === name));
  const { currentPodHash = '' } = rollout.status ?? {};
  if (name === '' || hash === '' || hash !== currentPodHash) return undefined;
  return replicaSets.some((set) => hashOf(set) !== hash && sizeOf(set) > 0) ? { service: name, hash } : undefined;
}

const selectedHash = (service: Service | undefined): string => service?.spec.selector?.[HASH_LABEL] ?? '';

/** For the status; undefined when nobody is asked, or nothing that must be asked is under way. */
export function isWeightVerified(pass: Pass, weight: number): boolean | undefined {
  const { verification, route } = pass.seen;
  if (verification === undefined || !needsWeights(pass.rollout)) return undefined;
  // Asked was about what the objects said before this pass.
  return verification.weights === true && route?.type === 'route' && route.splits.every(({ canary }) => canary === weight);
}

/** The pods of earlier versions may still be what users reach. A Service that this pass has switched is yet to be asked about. */
export function awaitsTargets(pass: Pass): boolean {
  const { verification } = pass.seen;
  if (verification === undefined || (pass.blueGreen === undefined && !isFullyPromoted(pass))) return false;
  const needed = neededTargets(pass.seen);
  return needed !== undefined && !(verification.targets?.hash === needed.hash && verification.targets.registered);
}
