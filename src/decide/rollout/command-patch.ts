// The two forms in which an operator's action is written. The plain form is the merge patch of `kubectl argo rollouts`.
// The guarded form is a JSON patch that first tests what the person saw: if the rollout has moved, all of it is refused.

import type { Change, JsonPatchOperation, Refusal } from '../../kinds/change.js';
import { refOf } from '../../kinds/object-ref.js';
import { ROLLOUT } from '../../kinds/resource-type.js';
import type { Rollout } from '../../kinds/rollout.js';

export type CommandForm = 'plain' | 'guarded';

export type Fields = Readonly<Record<string, unknown>>;

export function refuse(reason: string): Refusal {
  return { type: 'refusal', reason };
}

/** Sets fields of the status; null takes one away. */
export function patchStatus(rollout: Rollout, form: CommandForm, fields: Fields, why: string, guards = statusGuards(rollout)): Change {
  const body = form === 'plain' ? { status: fields } : [...guards, ...operations('/status', fields, rollout.status ?? {})];
  return { type: 'patch', ref: refOf(ROLLOUT, rollout), patchType: form === 'plain' ? 'merge' : 'json', subresource: 'status', body, why };
}

/** Sets fields of the spec. Only the pause state is guarded there: the status may have moved by the patch that went before. */
export function patchSpec(rollout: Rollout, form: CommandForm, fields: Fields, why: string): Change {
  const guards = tests([
    ['/metadata/uid', rollout.metadata.uid],
    ['/spec/paused', rollout.spec.paused],
  ]);
  const body = form === 'plain' ? { spec: fields } : [...guards, ...operations('/spec', fields, rollout.spec)];
  return { type: 'patch', ref: refOf(ROLLOUT, rollout), patchType: form === 'plain' ? 'merge' : 'json', body, why };
}

function statusGuards(rollout: Rollout): readonly JsonPatchOperation[] {
  const { status } = rollout;
  return tests([
    ['/metadata/uid', rollout.metadata.uid],
    ['/status/currentPodHash', status?.currentPodHash],
    ['/status/currentStepIndex', status?.currentStepIndex],
    ['/status/pauseConditions', status?.pauseConditions],
    ['/status/controllerPause', status?.controllerPause],
  ]);
}

/** For what means the same at every step of a revision. */
export function revisionGuards(rollout: Rollout): readonly JsonPatchOperation[] {
  return tests([
    ['/metadata/uid', rollout.metadata.uid],
    ['/status/currentPodHash', rollout.status?.currentPodHash],
  ]);
}

// The absence of a field can not be tested in a way that all servers understand alike; what is there is enough to notice a move.
export function tests(seen: readonly (readonly [string, unknown])[]): readonly JsonPatchOperation[] {
  return seen.filter(([, value]) => value !== undefined && value !== null).map(([path, value]) => ({ op: 'test', path, value }));
}

function operations(parent: string, fields: Fields, present: Fields): readonly JsonPatchOperation[] {
  return Object.entries(fields).flatMap(([name, value]): readonly JsonPatchOperation[] => {
    const path = `${parent}/${name}`;
    if (value !== null) return [{ op: 'add', path, value }];
    return present[name] === undefined || present[name] === null ? [] : [{ op: 'remove', path }];
  });
}
