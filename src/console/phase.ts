// Argo's phase of a rollout, with what a client must lay over it: an engine that has not seen the newest spec yet
// still reports the old state as if nothing had been asked.

import type { KubeObject } from '../kinds/kube-object.js';
import { flagAt, listAt, textAt } from '../lib/read.js';

export const PHASES = ['Healthy', 'Progressing', 'Paused', 'Degraded', 'Unknown'] as const;

export type Phase = (typeof PHASES)[number];

export type PhaseReading = {
  readonly phase: Phase;
  readonly message: string;
  /** False while the engine has not seen the spec that is stored now. */
  readonly observed: boolean;
};

export function isObserved(rollout: KubeObject): boolean {
  const observed = textAt(rollout, 'status', 'observedGeneration');
  const { generation } = rollout.metadata;
  if (observed === undefined) return generation === undefined;
  // Other writers put a hash here; only a smaller number means "not yet".
  return generation === undefined || !/^\d+$/.test(observed) || Number(observed) >= generation;
}

export function readPhase(rollout: KubeObject): PhaseReading {
  if (!isObserved(rollout)) return { phase: 'Progressing', message: 'waiting for rollout spec update to be observed', observed: false };
  if (flagAt(rollout, 'status', 'controllerPause') && listAt(rollout, 'status', 'pauseConditions').length === 0) {
    return { phase: 'Progressing', message: 'waiting for rollout to unpause', observed: true };
  }
  const stored = textAt(rollout, 'status', 'phase');
  const phase = PHASES.find((known) => known === stored);
  return { phase: phase ?? 'Unknown', message: textAt(rollout, 'status', 'message') ?? '', observed: true };
}
