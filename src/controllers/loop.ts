// The engine's loop: one cache and one watch per type for all controllers, and for each change the keys that it wakes.

import { createCache, typeKey } from '../cluster/cache.js';
import type { CacheChange } from '../cluster/cache.js';
import type { Cluster } from '../cluster/cluster.js';
import type { ReflectorStatus } from '../cluster/reflector.js';
import { watchTypes } from '../cluster/watch.js';
import type { Watches } from '../cluster/watch.js';
import { refOf } from '../kinds/object-ref.js';
import type { ResourceType } from '../kinds/resource-type.js';
import { type Cancel, type Clock, within } from '../lib/clock.js';
import type { Rng } from '../lib/rng.js';
import { createThrottle } from './apply.js';
import { createController } from './controller.js';
import type { Controller, ControllerStats } from './controller.js';
import { createEventRecorder } from './events.js';
import type { WorkFigures } from './figures.js';
import type { Notifications, StartNotifications } from './notifications/notifications.js';
import type { CacheReader, Reconciler, Watched } from './reconciler.js';

export type ControllersOptions = {
  readonly cluster: Cluster;
  readonly reconcilers: readonly Reconciler[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: (message: string) => void;
  /** Only objects of this namespace; absent: all. */
  readonly namespace?: string;
  /** Asked before each write; absent: always. */
  readonly mayWrite?: () => boolean;
  /** Asked before anybody is notified: still true while an engine that leads ends in order. Absent: as `mayWrite`. */
  readonly leads?: () => boolean;
  /** Types that a reconciler reads without being woken by them. */
  readonly alsoCached?: readonly ResourceType[];
  readonly figures?: WorkFigures | undefined;
  /** Absent: nobody is notified of anything. */
  readonly notifications?: StartNotifications | undefined;
};

export interface Controllers {
  readonly cache: CacheReader;
  /** True from the moment at which every type had been listed: passes run since then. */
  synced(): boolean;
  /** No pass runs or is due now, all writes have come back, no event waits to be recorded. */
  idle(): boolean;
  stats(): readonly ControllerStats[];
  statuses(): readonly ReflectorStatus[];
  /** Stops passes first, then watches. Resolves when the last pass has ended, or has had its time. */
  stop(): Promise<void>;
}

/** Every key gets a pass at least this often, in case time alone made something due that nobody foresaw. */
export const RESYNC_MS = 15 * 60_000;
/** A pass that hangs must not keep the program from ending. */
const LONGEST_STOP_MS = 5000;

export function startControllers(options: ControllersOptions): Controllers {
  const { cluster, clock, rng, figures, log } = options;
  const mayWrite = options.mayWrite ?? ((): boolean => true);
  const cache = createCache();
  const notifications: Notifications | undefined = options.notifications?.({ cluster, cache, clock, rng, figures, log, leads: options.leads ?? mayWrite });
  const recorder = createEventRecorder({ cluster, clock, rng, log, mayWrite, figures, onRecord: notifications?.records });
  const throttle = createThrottle(clock);
  let watches: Watches | undefined;
  const relist = (type: ResourceType): void => watches?.relist(type);
  const reconcilers = [...options.reconcilers, ...(notifications === undefined ? [] : [notifications.reconciler])];
  const controllers = reconcilers.map((reconciler) =>
    createController({
      reconciler,
      cluster,
      cache,
      clock,
      throttle,
      recorder,
      mayWrite,
      relist,
      figures: reconciler.uncounted === true ? undefined : figures,
      log,
    }),
  );
  let synced = false;
  let stopped = false;
  let cancelResync: Cancel | undefined;

  const wakeAll = (): void => {
    for (const controller of controllers)
      for (const object of cache.list(controller.reconciler.type)) controller.wake(refOf(controller.reconciler.type, object));
  };
  const resync = (): void => {
    wakeAll();
    cancelResync = clock.after(RESYNC_MS, resync);
  };
  const startWhenSettled = (): void => {
    if (synced || stopped || watches?.settled() !== true) return;
    synced = true;
    resync();
    for (const controller of controllers) controller.start();
  };

  const demandFor = ({ type, after }: CacheChange): void => {
    if (after === undefined || stopped) return;
    for (const { reconciler } of controllers) {
      if (typeKey(type) !== typeKey(reconciler.type)) continue;
      for (const demanded of reconciler.demands?.(after) ?? []) watches?.add(demanded);
    }
  };
  cache.listen((change) => {
    demandFor(change);
    if (!synced || stopped) return;
    for (const controller of controllers) {
      controller.cacheChanged();
      wakeFor(controller, change, cache, log);
    }
  });
  const watched = reconcilers.flatMap((reconciler) => [
    reconciler.type,
    ...reconciler.watches.filter(({ onDemand }) => onDemand !== true).map(({ type }) => type),
  ]);
  const types = [...watched, ...(options.alsoCached ?? [])];
  const scope = options.namespace === undefined ? {} : { namespace: options.namespace };
  watches = watchTypes({ cluster, types, cache, clock, rng, ...scope, onStatus: startWhenSettled });
  startWhenSettled();
  const running = watches;

  return {
    cache,
    synced: () => synced,
    idle: () => synced && recorder.pending() === 0 && controllers.every((controller) => controller.idle()),
    stats: () => controllers.map((controller) => controller.stats()),
    statuses: () => running.statuses(),
    async stop() {
      if (stopped) return;
      stopped = true;
      cancelResync?.();
      const ended = Promise.all(controllers.map((controller) => controller.stop()));
      running.stop();
      await within(clock, LONGEST_STOP_MS, ended);
      await within(clock, LONGEST_STOP_MS, Promise.all([recorder.stop(), notifications?.stop(LONGEST_STOP_MS)]));
    },
  };
}

function wakeFor(controller: Controller, change: CacheChange, cache: CacheReader, log: (message: string) => void): void {
  const { reconciler } = controller;
  const objects = [change.before, change.after].filter((object) => object !== undefined);
  const [last] = objects.slice(-1);
  if (last !== undefined && typeKey(change.type) === typeKey(reconciler.type)) controller.wake(refOf(reconciler.type, last));
  for (const watched of reconciler.watches) {
    if (typeKey(change.type) !== typeKey(watched.type)) continue;
    // Both, because the key may be named by what the object was: its former owner, a selector that it had.
    for (const object of objects) wakeKeys(controller, watched, object, cache, log);
  }
}

function wakeKeys(controller: Controller, watched: Watched, object: Parameters<Watched['wakes']>[0], cache: CacheReader, log: (message: string) => void): void {
  try {
    for (const ref of watched.wakes(object, cache)) controller.wake(ref);
  } catch (fault) {
    log(`${controller.reconciler.name}: can not tell whom ${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name} wakes: ${String(fault)}`);
  }
}
