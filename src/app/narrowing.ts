// When rollouts may not be listed in the whole cluster, the namespaces in which they may are found and watched instead; looked
// for anew now and then, because roles and namespaces come and go.

import type { Cluster } from '../cluster/cluster.js';
import type { PlaceStatus, WatchedPlaces } from '../cluster/watch-places.js';
import { ROLLOUT } from '../kinds/resource-type.js';
import type { Connection } from '../kinds/snapshot.js';
import type { Cancel, Clock } from '../lib/clock.js';
import type { Instant } from '../lib/instant.js';
import { findPermitted, type Permitted } from './permitted.js';

/** While there is none, and when there are some. */
const RETRY_MS = 30_000;
const RENEW_MS = 300_000;

export type NarrowingOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly seen: Pick<WatchedPlaces, 'places' | 'setPlaces'>;
  likely(): readonly string[];
  /** The namespaces were named: they are what was asked for. */
  readonly given: boolean;
  onChange(): void;
};

export interface Narrowing {
  /** To be told of each status. */
  look(status: PlaceStatus): void;
  /** How it stands while there is no namespace to watch yet, or none at all. */
  connection(startedAt: Instant, lastSignalAt: Instant | undefined): Connection | undefined;
  stop(): void;
}

function noneText({ asked, leftOut }: Permitted): string {
  const more = leftOut > 0 ? ` (${leftOut} more were not asked about)` : '';
  return `you may not list rollouts in the whole cluster, nor in any of ${asked} namespaces${more}: name those that you may see with -n a,b`;
}

export function createNarrowing({ cluster, clock, seen, likely, given, onChange }: NarrowingOptions): Narrowing {
  let state: { readonly type: 'wide' | 'narrow' } | { readonly type: 'looking' } | { readonly type: 'none'; readonly since: Instant; readonly reason: string } =
    {
      type: 'wide',
    };
  let cancel: Cancel = () => {};
  let stopped = false;

  const find = async (): Promise<void> => {
    const found = await findPermitted(cluster, likely());
    if (stopped) return;
    const some = found.namespaces.length > 0;
    if (some) {
      seen.setPlaces(found.namespaces);
      state = { type: 'narrow' };
    } else if (found.answered) {
      state = { type: 'none', since: state.type === 'none' ? state.since : clock.now(), reason: noneText(found) };
    }
    onChange();
    cancel = clock.after(some ? RENEW_MS : RETRY_MS, () => void find());
  };

  return {
    look({ type, place, error }) {
      if (given || state.type !== 'wide' || type !== ROLLOUT || place !== undefined || error?.code !== 403) return;
      state = { type: 'looking' };
      // What is asked of the whole cluster would only be refused again.
      queueMicrotask(() => seen.setPlaces([]));
      void find();
    },
    connection(startedAt, lastSignalAt) {
      if (state.type === 'looking') return { type: 'connecting', since: startedAt };
      return state.type === 'none' ? { type: 'lost', since: state.since, lastSignalAt, reason: state.reason } : undefined;
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
