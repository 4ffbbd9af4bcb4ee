// How many requests a second each workload gets: what the pretend autoscaler goes by.

import type { RequestBatch } from './request-batch.js';

/** Half of what is known is older than about this. */
const HALF_LIFE_MS = 10_000;

export type LoadMeter = {
  take(batches: readonly RequestBatch[], elapsedMs: number): void;
  loadOf(namespace: string, workload: string): number;
};

export function createLoadMeter(): LoadMeter {
  const rates = new Map<string, number>();
  return {
    take(batches, elapsedMs) {
      if (elapsedMs <= 0) return;
      const counts = new Map<string, number>();
      for (const batch of batches) {
        const key = `${batch.namespace}/${batch.workload}`;
        counts.set(key, (counts.get(key) ?? 0) + Object.values(batch.codes).reduce((sum, count) => sum + count, 0));
      }
      const kept = 0.5 ** (elapsedMs / HALF_LIFE_MS);
      for (const key of new Set([...rates.keys(), ...counts.keys()])) {
        const rate = ((counts.get(key) ?? 0) * 1000) / elapsedMs;
        const before = rates.get(key) ?? rate;
        const after = before * kept + rate * (1 - kept);
        // A workload that is gone is forgotten once nothing is left of it.
        if (after < 0.001) rates.delete(key);
        else rates.set(key, after);
      }
    },
    loadOf: (namespace, workload) => rates.get(`${namespace}/${workload}`) ?? 0,
  };
}
