// Which of the pods that could start together goes ahead: one in one pass, the others in the next.

import type { Instant } from '../lib/instant.js';

/** Pods that start so soon after the first one follow it freely. */
const TOGETHER_MS = 200;

export type StartQueue = {
  /** Whether a pod of the namespace may start in this pass. */
  admits(namespace: string, pass: number, now: Instant): boolean;
};

export function createStartQueue(): StartQueue {
  const leaders = new Map<string, { readonly pass: number; readonly at: Instant }>();
  return {
    admits(namespace, pass, now) {
      const leader = leaders.get(namespace);
      if (leader !== undefined && now - leader.at < TOGETHER_MS) return leader.pass < pass;
      leaders.set(namespace, { pass, at: now });
      return true;
    },
  };
}
