// One ReplicaSet gets a size, or a time after which it may lose its pods.

import type { Change } from '../../kinds/change.js';
import { DESIRED_REPLICAS, SCALE_DOWN_DEADLINE } from '../../kinds/labels.js';
import type { ObjectRef } from '../../kinds/object-ref.js';
import type { ReplicaSet } from '../../kinds/replica-set.js';
import { REPLICA_SET } from '../../kinds/resource-type.js';
import { formatTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';
import type { Action } from './observed.js';
import { desiredOf, hasDeadline, revisionOf, sizeOf } from './sets.js';

const SECOND_MS = 1000;

/** Whole seconds are all that is stored. Rounded up, so that nothing that counts from there ends too early. */
export function formatTimeUp(instant: Instant): string {
  return formatTime(Math.ceil(instant / SECOND_MS) * SECOND_MS);
}

export function setRef(set: ReplicaSet): ObjectRef {
  return { type: REPLICA_SET, namespace: set.metadata.namespace ?? '', name: set.metadata.name };
}

export type Scaled = {
  readonly set: ReplicaSet;
  readonly actions: readonly Action[];
  /** The number of pods changes; false when at most an annotation does. */
  readonly resized: boolean;
};

export type ScaleOptions = { readonly replicas: number; readonly keepDeadline: boolean; readonly why: string };

export function scaleSet(set: ReplicaSet, size: number, options: ScaleOptions): Scaled {
  const present = sizeOf(set);
  const dropDeadline = size === 0 && !options.keepDeadline && hasDeadline(set);
  if (present === size && desiredOf(set) === options.replicas && !dropDeadline) return { set, actions: [], resized: false };
  const change: Change = {
    type: 'patch',
    ref: setRef(set),
    patchType: 'merge',
    body: {
      metadata: { annotations: { [DESIRED_REPLICAS]: String(options.replicas), ...(dropDeadline ? { [SCALE_DOWN_DEADLINE]: null } : {}) } },
      ...(present === size ? {} : { spec: { replicas: size } }),
    },
    why: options.why,
  };
  const { [SCALE_DOWN_DEADLINE]: deadline, ...annotations } = set.metadata.annotations ?? {};
  const kept = dropDeadline || deadline === undefined ? {} : { [SCALE_DOWN_DEADLINE]: deadline };
  const { generation } = set.metadata;
  const scaled: ReplicaSet = {
    ...set,
    metadata: {
      ...set.metadata,
      // As the server will count: what the status says is of the former size.
      ...(present === size || generation === undefined ? {} : { generation: generation + 1 }),
      annotations: { ...annotations, ...kept, [DESIRED_REPLICAS]: String(options.replicas) },
    },
    spec: { ...set.spec, replicas: size },
  };
  if (present === size) return { set: scaled, actions: [change], resized: false };
  const direction = size > present ? 'up' : 'down';
  const message = `Scaled ${direction} ReplicaSet ${set.metadata.name} (revision ${revisionOf(set)}) from ${present} to ${size}`;
  return { set: scaled, actions: [change, { type: 'note', note: { type: 'Normal', reason: 'ScalingReplicaSet', message } }], resized: true };
}

export function addDeadline(set: ReplicaSet, at: Instant): Scaled {
  const value = formatTime(at);
  const change: Change = {
    type: 'patch',
    ref: setRef(set),
    patchType: 'json',
    body: [{ op: 'add', path: `/metadata/annotations/${SCALE_DOWN_DEADLINE}`, value }],
    why: `${set.metadata.name} may go at ${value}`,
  };
  return {
    set: { ...set, metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, [SCALE_DOWN_DEADLINE]: value } } },
    actions: [change],
    resized: false,
  };
}

export function removeDeadline(set: ReplicaSet): Scaled {
  if (!hasDeadline(set)) return { set, actions: [], resized: false };
  const { [SCALE_DOWN_DEADLINE]: _, ...annotations } = set.metadata.annotations ?? {};
  const change: Change = {
    type: 'patch',
    ref: setRef(set),
    patchType: 'json',
    body: [{ op: 'remove', path: `/metadata/annotations/${SCALE_DOWN_DEADLINE}` }],
    why: `${set.metadata.name} is needed and does not go`,
  };
  return { set: { ...set, metadata: { ...set.metadata, annotations } }, actions: [change], resized: false };
}
