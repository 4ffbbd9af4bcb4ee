// What the kubelet remembers of a pod between two looks, and how long it waits before it tries again.

import type { Instant } from '../lib/instant.js';

export const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 300_000;

export type PodMemory = {
  readonly stage: 'creating' | 'pull-failing' | 'running' | 'crashed';
  /** When the next thing is due: the start, the readiness, the crash, the next try. Undefined: nothing is. */
  readonly dueAt: Instant | undefined;
  /** Crashes or failed pulls so far. */
  readonly failures: number;
  readonly vanishAt?: Instant;
};

export const backoffMs = (failures: number): number => Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.max(0, failures - 1));
