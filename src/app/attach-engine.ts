// Puts the engine to work on a cluster, or only finds out which Lease tells who drives it: a console that drives nothing reads none of
// the engine's code.

import { leaseNamespace, leaseRef } from '../controllers/lease-record.js';
import type { EngineEvent } from '../controllers/engine.js';
import type { WorkFigures } from '../controllers/figures.js';
import type { CacheReader } from '../controllers/reconciler.js';
import type { Cluster } from '../cluster/cluster.js';
import { serviceAccountNamespace } from '../cluster/kubeconfig.js';
import type { PluginSetting } from '../console/settings/rows.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { Clock } from '../lib/clock.js';
import type { HttpSend } from '../lib/http.js';

export type AttachOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly mode: 'embedded' | 'remote';
  /** False: only the Lease is found. */
  readonly drives: boolean;
  /** Drives only what carries this instance id; absent: what carries none. */
  readonly instanceId?: string;
  /** Drives only what is in this namespace; absent: in all. */
  readonly namespace?: string;
  /** Whether AWS is asked if its load balancers have followed. */
  readonly awsVerifyTargetGroup?: boolean;
  /** How metric sources are asked; absent: over the network. */
  readonly http?: HttpSend;
  /** Modules to be loaded before anything is driven. */
  readonly plugins?: readonly PluginSetting[];
  /** Told of the engine's work, to count it. */
  readonly figures?: WorkFigures | undefined;
  readonly onEvent?: (event: EngineEvent) => void;
  readonly log?: (message: string) => void;
};

export type Attached = {
  readonly lease: ObjectRef;
  leadingAs(): string | undefined;
  /** What the engine knows of the cluster's objects; undefined while it does not lead. */
  cache(): CacheReader | undefined;
  stop(): Promise<void>;
};

/** The Lease that tells who drives. */
export async function engineLease(environment: AttachOptions['environment']): Promise<ObjectRef> {
  return leaseRef(leaseNamespace(environment, await serviceAccountNamespace()));
}

export async function attachEngine(options: AttachOptions): Promise<Attached> {
  const ownNamespace = await serviceAccountNamespace();
  const lease = leaseRef(leaseNamespace(options.environment, ownNamespace));
  if (!options.drives) return { lease, leadingAs: () => undefined, cache: () => undefined, stop: () => Promise.resolve() };
  const { runEngine } = await import('./run-engine.js');
  return { lease, ...(await runEngine(options, ownNamespace)) };
}
