// What keeps a pod's containers from being started at all: volumes, configuration, init containers.

import type { Note } from '../kinds/change.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { podOf } from '../kinds/pod.js';
import { isRecord } from '../lib/deep.js';
import { formatTime, type Instant } from '../lib/instant.js';
import type { Behaviour } from './behaviour.js';
import { backoffMs, type PodMemory } from './pod-memory.js';
import type { ContainerStage } from './pod-status.js';

export type HeldBack = { readonly memory: PodMemory; readonly stage: ContainerStage; readonly notes: readonly Note[] };

const warning = (reason: string, message: string): Note => ({ type: 'Warning', reason, message });

/** The first volume that the pod names itself. */
function volumeName(object: KubeObject): string {
  const volumes = podOf(object).spec['volumes'];
  const first: unknown = Array.isArray(volumes) ? volumes[0] : undefined;
  return isRecord(first) && typeof first['name'] === 'string' ? first['name'] : 'config';
}

/** Undefined when nothing holds it. */
export function heldBack(object: KubeObject, before: PodMemory, behaviour: Behaviour, now: Instant): HeldBack | undefined {
  const failures = before.failures + 1;
  const memory: PodMemory = { stage: 'creating', dueAt: now + backoffMs(failures), failures };
  const creating = { ready: false, restarts: 0, state: { waiting: { reason: 'ContainerCreating' } } };
  if (behaviour.mount === 'never') {
    const name = volumeName(object);
    return { memory, stage: creating, notes: [warning('FailedMount', `MountVolume.SetUp failed for volume "${name}" : configmap "${name}" not found`)] };
  }
  if (behaviour.init === 'crash') {
    const startedAt = formatTime(now);
    const lastState = { terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt: startedAt } };
    const waiting = { reason: 'CrashLoopBackOff', message: `back-off ${backoffMs(failures) / 1000}s restarting failed container` };
    const init = { restarts: failures, state: { waiting }, lastState };
    return {
      memory,
      stage: { ...creating, state: { waiting: { reason: 'PodInitializing' } }, init },
      notes: [warning('BackOff', `Back-off restarting failed container ${podOf(object).spec.initContainers?.[0]?.name ?? 'init'}`)],
    };
  }
  if (behaviour.config !== 'missing') return undefined;
  const message = 'configmap "settings" not found';
  return {
    memory,
    stage: { ...creating, state: { waiting: { reason: 'CreateContainerConfigError', message } } },
    notes: [warning('Failed', `Error: ${message}`)],
  };
}
