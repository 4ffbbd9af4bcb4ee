// Notifications of events on their way: never waited for by a pass. Those of one rollout go one after another, in the order of its events;
// a slow service holds up no other rollout.

import type { KubeObject } from '../../kinds/kube-object.js';
import type { Note } from '../../kinds/change.js';
import type { Instant } from '../../lib/instant.js';

/** More than this waiting means that a service is slow or gone; the oldest are given up. */
export const MOST_WAITING = 1000;
/** Rollouts that are told of at the same time. */
const MOST_AT_ONCE = 8;

export type OutboxEntry = { readonly about: KubeObject; readonly note: Note; readonly at: Instant };

export interface Outbox {
  add(entry: OutboxEntry): void;
  /** Goes on, after it was held. */
  pump(): void;
  waiting(): number;
  /** Nothing is taken any more; resolves when what waits has gone out, or at once with `giveUp`. */
  stop(giveUp: boolean): Promise<void>;
}

export type OutboxOptions = {
  /** While it does, entries wait. */
  readonly held: () => boolean;
  readonly deliver: (entry: OutboxEntry) => Promise<void>;
  readonly givenUp: (entry: OutboxEntry) => void;
};

export function createOutbox({ held, deliver, givenUp }: OutboxOptions): Outbox {
  const waiting: OutboxEntry[] = [];
  const busy = new Set<string>();
  let closed = false;
  let whenDone: (() => void) | undefined;

  const laneOf = ({ about }: OutboxEntry): string => about.metadata.uid ?? `${about.metadata.namespace ?? ''}/${about.metadata.name}`;
  const settle = (): void => {
    if (waiting.length === 0 && busy.size === 0) whenDone?.();
  };
  const pump = (): void => {
    if (held()) return;
    while (busy.size < MOST_AT_ONCE) {
      const index = waiting.findIndex((entry) => !busy.has(laneOf(entry)));
      const [entry] = index === -1 ? [] : waiting.splice(index, 1);
      if (entry === undefined) break;
      const lane = laneOf(entry);
      busy.add(lane);
      void deliver(entry).finally(() => {
        busy.delete(lane);
        pump();
      });
    }
    settle();
  };

  return {
    add(entry) {
      if (closed) return;
      waiting.push(entry);
      const [oldest] = waiting.length > MOST_WAITING ? waiting.splice(0, 1) : [];
      if (oldest !== undefined) givenUp(oldest);
      pump();
    },
    pump,
    waiting: () => waiting.length,
    stop(giveUp) {
      closed = true;
      if (giveUp || held()) for (const entry of waiting.splice(0)) givenUp(entry);
      return new Promise((resolve) => {
        whenDone = resolve;
        settle();
      });
    },
  };
}
