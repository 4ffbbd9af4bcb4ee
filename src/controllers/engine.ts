// The engine: the lease, and while it is held the controllers. Losing the lease stops them before anything else is done;
// then the engine stands by and leads again when it can. It never ends by itself.

import type { Cluster } from '../cluster/cluster.js';
import type { ReflectorStatus } from '../cluster/reflector.js';
import type { ResourceType } from '../kinds/resource-type.js';
import type { Clock } from '../lib/clock.js';
import type { Rng } from '../lib/rng.js';
import type { ControllerStats } from './controller.js';
import type { WorkFigures } from './figures.js';
import { startLease } from './lease.js';
import type { Lease, LeaseState } from './lease.js';
import { leaseNamespace } from './lease-record.js';
import { startControllers } from './loop.js';
import type { Controllers } from './loop.js';
import type { StartNotifications } from './notifications/notifications.js';
import type { CacheReader, Reconciler } from './reconciler.js';

export type EngineEvent =
  | { readonly type: 'leading'; readonly identity: string }
  /** `holder` is "" when nobody is known to lead; the reason is a sentence. */
  | { readonly type: 'standing-by'; readonly holder: string; readonly reason: string };

export type EngineOptions = {
  readonly cluster: Cluster;
  readonly reconcilers: readonly Reconciler[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: (message: string) => void;
  /** Of this machine: the lease tells people where its holder runs. */
  readonly hostname: string;
  /** POD_NAMESPACE is read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As the pod's files say; absent outside a cluster. */
  readonly serviceAccountNamespace?: string;
  /** On the embedded server the namespace of the lease is made if it is missing; on others a person must. */
  readonly mode: 'embedded' | 'remote';
  /** Drives rollouts of this namespace only; absent: all. */
  readonly namespace?: string;
  readonly alsoCached?: readonly ResourceType[];
  readonly figures?: WorkFigures | undefined;
  /** Given the namespace of the controller, where its settings are; absent: nobody is notified of anything. */
  readonly notifications?: ((namespace: string) => StartNotifications) | undefined;
  readonly onEvent?: (event: EngineEvent) => void;
};

export interface Engine {
  readonly identity: string;
  /** The newest event; undefined until the lease has been asked for. */
  state(): EngineEvent | undefined;
  /** True when it leads and nothing is left to do now. */
  idle(): boolean;
  /** Empty while it does not lead. */
  stats(): readonly ControllerStats[];
  statuses(): readonly ReflectorStatus[];
  cache(): CacheReader | undefined;
  /** Stops writing, then gives the lease back. */
  stop(): Promise<void>;
}

export function startEngine(options: EngineOptions): Engine {
  const { cluster, clock, rng, log } = options;
  const identity = `${options.hostname}_${uuid(rng)}`;
  const ownNamespace = leaseNamespace(options.environment, options.serviceAccountNamespace);
  const notifications = options.notifications?.(ownNamespace);
  let newest: EngineEvent | undefined;
  let controllers: Controllers | undefined;
  /** Controllers of an earlier term may still end a pass; they write no more, but the next begin only after them. */
  let ending: Promise<void> = Promise.resolve();
  let stopped = false;

  const tell = (event: EngineEvent): void => {
    newest = event;
    log(event.type === 'leading' ? `leading as ${event.identity}` : `standing by: ${event.reason}${event.holder === '' ? '' : ` (${event.holder})`}`);
    options.onEvent?.(event);
  };
  const begin = (): void => {
    if (stopped || controllers !== undefined || lease?.holds() !== true) return;
    const { reconcilers, namespace, alsoCached, figures } = options;
    const mayWrite = (): boolean => !stopped && lease?.holds() === true;
    const more = { ...(namespace === undefined ? {} : { namespace }), ...(alsoCached === undefined ? {} : { alsoCached }) };
    controllers = startControllers({ cluster, reconcilers, clock, rng, log, mayWrite, leads: () => lease?.holds() === true, figures, notifications, ...more });
  };
  const end = (): void => {
    if (controllers !== undefined) ending = Promise.all([ending, controllers.stop()]).then(() => undefined);
    controllers = undefined;
  };
  const onChange = (state: LeaseState): void => {
    if (stopped) return;
    if (state.type === 'leading') {
      void ending.then(begin);
      tell({ type: 'leading', identity });
    } else {
      end();
      tell({ type: 'standing-by', holder: state.holder, reason: state.reason });
    }
  };

  let lease: Lease | undefined;
  lease = startLease({
    cluster,
    clock,
    rng,
    namespace: ownNamespace,
    identity,
    createNamespace: options.mode === 'embedded',
    onChange,
  });

  return {
    identity,
    state: () => newest,
    idle: () => controllers?.idle() === true,
    stats: () => controllers?.stats() ?? [],
    statuses: () => controllers?.statuses() ?? [],
    cache: () => controllers?.cache,
    async stop() {
      if (stopped) return;
      stopped = true;
      end();
      await ending;
      await lease.stop();
    },
  };
}

const HEX = '0123456789abcdef';

/** A version 4 UUID of that chance. */
export function uuid(rng: Rng): string {
  const digits = (length: number): string => Array.from({ length }, () => HEX.charAt(rng.int(16))).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${HEX.charAt(8 + rng.int(4))}${digits(3)}-${digits(12)}`;
}
