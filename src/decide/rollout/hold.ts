// A hold: a pause by hand that says who made it, why, and until when, in one annotation that every console shows.
// Nothing lets the rollout go on when the time has come: that is for a person.

import type { Change, JsonPatchOperation } from '../../kinds/change.js';
import { refOf } from '../../kinds/object-ref.js';
import { ROLLOUT } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';
import { isRecord } from '../../lib/deep.js';
import { formatTime, type Instant, parseTime } from '../../lib/instant.js';
import { refuse, tests } from './command-patch.js';
import type { Commanded } from './commands.js';

export const HOLD = 'sluice.dev/hold';

const HOLD_PATH = `/metadata/annotations/${HOLD.replace('/', '~1')}`;

export type Hold = { readonly by: string; readonly reason: string; readonly since: Instant | undefined; readonly until: Instant | undefined };

type Annotated = { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined } };

/** What the annotation says, whether or not the rollout is still paused; undefined when there is none that can be read. */
export function readHold(object: Annotated): Hold | undefined {
  const text = object.metadata.annotations?.[HOLD];
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Somebody else's, or broken: then it says nothing.
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const word = (field: string): string => (typeof value[field] === 'string' ? value[field] : '');
  return { by: word('by'), reason: word('reason'), since: parseTime(word('since')), until: parseTime(word('until')) };
}

/** The hold that holds: a pause by hand with a reason. One that an older pause left behind does not. */
export function activeHold(object: Annotated & { readonly spec?: unknown }): Hold | undefined {
  return isRecord(object.spec) && object.spec['paused'] === true ? readHold(object) : undefined;
}

function guarded(rollout: Rollout, operations: readonly JsonPatchOperation[], why: string): Change {
  const guards = tests([
    ['/metadata/uid', rollout.metadata.uid],
    ['/spec/paused', rollout.spec.paused],
    [HOLD_PATH, rollout.metadata.annotations?.[HOLD]],
  ]);
  return { type: 'patch', ref: refOf(ROLLOUT, rollout), patchType: 'json', body: [...guards, ...operations], why };
}

/** Pauses it by hand, and says why. */
export function holdWithReason(rollout: Rollout, hold: Hold): Commanded {
  const { by, reason, since, until } = hold;
  const text = JSON.stringify({
    by,
    reason,
    ...(since === undefined ? {} : { since: formatTime(since) }),
    ...(until === undefined ? {} : { until: formatTime(until) }),
  });
  const annotations: JsonPatchOperation[] =
    rollout.metadata.annotations === undefined
      ? [{ op: 'add', path: '/metadata/annotations', value: { [HOLD]: text } }]
      : [{ op: 'add', path: HOLD_PATH, value: text }];
  return [guarded(rollout, [...annotations, { op: 'add', path: '/spec/paused', value: true }], `held by a person: ${reason}`)];
}

/** What else a patch must do when it takes a pause by hand away, so that no old reason stays behind. */
export function forgetHold(rollout: Rollout): readonly JsonPatchOperation[] {
  return rollout.metadata.annotations?.[HOLD] === undefined ? [] : [{ op: 'remove', path: HOLD_PATH }];
}

/** Takes a pause by hand away, and its reason with it. */
export function letGoOn(rollout: Rollout): Commanded {
  if (rollout.spec.paused !== true) return refuse('nothing to resume: the rollout is not paused by hand');
  return [guarded(rollout, [{ op: 'add', path: '/spec/paused', value: false }, ...forgetHold(rollout)], 'resumed by a person')];
}

/** The same in a form that can be read and typed, without a look at what was there. */
export function endHold(rollout: Rollout): Change {
  const body = { metadata: { annotations: { [HOLD]: null } }, spec: { paused: false } };
  return { type: 'patch', ref: refOf(ROLLOUT, rollout), patchType: 'merge', body, why: 'the hold was ended by a person' };
}

/** Pauses it by hand without a reason; one that an earlier hold left behind goes. */
export function pauseByHand(rollout: Rollout): Commanded {
  if (rollout.spec.paused === true) return refuse('nothing to pause: the rollout is paused already');
  return [guarded(rollout, [{ op: 'add', path: '/spec/paused', value: true }, ...forgetHold(rollout)], 'paused by a person')];
}
