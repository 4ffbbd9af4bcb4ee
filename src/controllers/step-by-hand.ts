// Who has put a rollout at its step, as the server remembers it.

import type { Rollout } from '../kinds/rollout.js';
import { at, textAt } from '../lib/read.js';
import { FIELD_MANAGER } from './apply.js';

/**
 * For an engine that has not seen the rollout before. The status says that a pause has been let go on, and its step was set by a person:
 * nothing tells whether it is the pause of this step, or of the one before it, which a second promotion has left behind. Then nobody has
 * seen this gate (simulation, seed 803). The other engine writes under the same name as this one.
 */
export function mayBeUnseenGate({ metadata, status }: Rollout): boolean {
  if (status?.controllerPause !== true || (status.pauseConditions?.length ?? 0) > 0) return false;
  const owners = (metadata.managedFields ?? []).filter((entry) => at(entry, 'fieldsV1', 'f:status', 'f:currentStepIndex') !== undefined);
  return owners.length > 0 && owners.every((entry) => textAt(entry, 'manager') !== FIELD_MANAGER);
}
