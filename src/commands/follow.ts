// Keeps the objects around one rollout, or all rollouts, in a cache for the verbs that watch.

import { createCache, type Cache } from '../cluster/cache.js';
import type { Cluster, ClusterError } from '../cluster/cluster.js';
import { startReflector } from '../cluster/reflector.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Clock } from '../lib/clock.js';
import { createRng } from '../lib/rng.js';

export type Following = {
  readonly cache: Cache;
  /** Resolves at the next change after the call, at the latest after `limitMs`, or when the signal aborts. */
  changed(limitMs: number): Promise<void>;
  /** Resolves once every type has been listed, or with the failure of the first that can not be. */
  ready(): Promise<ClusterError | undefined>;
  stop(): void;
};

export function follow(cluster: Cluster, namespace: string | undefined, types: readonly ResourceType[], clock: Clock, signal: AbortSignal): Following {
  const cache = createCache();
  let wake: () => void = () => {};
  const failures: ClusterError[] = [];
  const poke = (): void => wake();
  cache.listen(poke);
  signal.addEventListener('abort', poke);
  const reflectors = types.map((type) =>
    startReflector({
      cluster,
      type,
      cache,
      clock,
      rng: createRng(clock.now()),
      ...(namespace === undefined ? {} : { namespace }),
      onStatus: (status) => {
        if (status.error !== undefined && failures.length === 0) failures.push(status.error);
        poke();
      },
    }),
  );
  const changed = (limitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        cancel();
        wake = () => {};
        resolve();
      };
      const cancel = clock.after(limitMs, done);
      wake = done;
      if (signal.aborted) done();
    });
  return {
    cache,
    changed,
    async ready() {
      while (!signal.aborted && failures.length === 0 && types.some((type) => cache.stateOf(type) === 'unknown')) await changed(READY_POLL_MS);
      return types.every((type) => cache.stateOf(type) !== 'unknown') ? undefined : failures[0];
    },
    stop() {
      for (const reflector of reflectors) reflector.stop();
    },
  };
}

const READY_POLL_MS = 1000;
