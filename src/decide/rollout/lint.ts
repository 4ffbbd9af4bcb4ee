// What is wrong with a rollout in a file, before there is any of it.

import type { ObservedRollout } from './observed.js';
import { openPass } from './pass.js';
import { problems } from './validation/validate.js';
import { resolveWorkload } from './workload.js';

/** Every rule that the spec breaks, in the words of its InvalidSpec condition. `seen` holds what the rollout refers to. */
export function specProblems(seen: ObservedRollout): readonly string[] {
  const resolved = resolveWorkload(seen.rollout, seen.workload);
  return resolved.ok ? [...problems(openPass(seen, resolved.value, [], 0))] : [resolved.error];
}
