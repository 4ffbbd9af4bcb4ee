// Puts the engine to work on a cluster, or only finds out which Lease tells who drives it.

import { hostname } from 'node:os';
import { createAnalysisRunReconciler } from '../controllers/analysis-run.js';
import { startEngine, type Engine, type EngineEvent } from '../controllers/engine.js';
import { createExperimentReconciler } from '../controllers/experiment.js';
import { leaseNamespace, leaseRef } from '../controllers/lease-record.js';
import { createDestinationRuleReleaseReconciler, createIngressReleaseReconciler, createServiceReleaseReconciler } from '../controllers/release.js';
import { NO_PLUGINS, type Plugins } from '../controllers/plugins.js';
import { createRolloutReconciler } from '../controllers/rollout.js';
import type { Cluster } from '../cluster/cluster.js';
import { serviceAccountNamespace } from '../cluster/kubeconfig.js';
import type { ObjectRef } from '../kinds/object-ref.js';
import type { Clock } from '../lib/clock.js';
import type { HttpSend } from '../lib/http.js';
import type { Instant } from '../lib/instant.js';
import { createRng } from '../lib/rng.js';
import { createAwsLoadBalancers } from './aws-load-balancers.js';
import type { PluginSetting } from '../console/settings/rows.js';

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
  readonly onEvent?: (event: EngineEvent) => void;
  readonly log?: (message: string) => void;
};

export type Attached = {
  readonly lease: ObjectRef;
  leadingAs(): string | undefined;
  stop(): Promise<void>;
};

/** Minutes east of UTC here: SkyWalking is asked in local time. */
const utcOffsetMinutes = (now: Instant): number => -new Date(now).getTimezoneOffset();

/** The Lease that tells who drives. */
export async function engineLease(environment: AttachOptions['environment']): Promise<ObjectRef> {
  return leaseRef(leaseNamespace(environment, await serviceAccountNamespace()));
}

export async function attachEngine(options: AttachOptions): Promise<Attached> {
  const { environment, clock } = options;
  const ownNamespace = await serviceAccountNamespace();
  const lease = leaseRef(leaseNamespace(environment, ownNamespace));
  if (!options.drives) return { lease, leadingAs: () => undefined, stop: () => Promise.resolve() };
  const network = options.http === undefined ? (await import('../providers/http.js')).createHttpSend() : { send: options.http, close: () => {} };
  const plugins = await pluginsOf(options);
  const instance = options.instanceId === undefined ? {} : { instanceId: options.instanceId };
  const balancers = options.awsVerifyTargetGroup === true ? createAwsLoadBalancers() : undefined;
  const engine: Engine = startEngine({
    cluster: options.cluster,
    reconcilers: [
      createRolloutReconciler({ plugins, ...instance, ...(balancers === undefined ? {} : { balancers }) }),
      createServiceReleaseReconciler(),
      createDestinationRuleReleaseReconciler(),
      createIngressReleaseReconciler(),
      createExperimentReconciler(instance),
      createAnalysisRunReconciler({ http: network.send, environment, utcOffsetMinutes, plugins, ...instance }),
    ],
    clock,
    // The seed only spreads retries and names this engine: two engines must not share it.
    rng: createRng(clock.now() ^ (process.pid << 8)),
    log: options.log ?? (() => {}),
    hostname: hostname(),
    environment,
    mode: options.mode,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(ownNamespace === undefined ? {} : { serviceAccountNamespace: ownNamespace }),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  });
  return {
    lease,
    leadingAs: () => (engine.state()?.type === 'leading' ? engine.identity : undefined),
    async stop() {
      await engine.stop();
      network.close();
      balancers?.close();
    },
  };
}

async function pluginsOf({ plugins = [], clock, log = () => {} }: AttachOptions): Promise<Plugins> {
  if (plugins.length === 0) return NO_PLUGINS;
  const { loadPlugins } = await import('./plugins.js');
  return loadPlugins(plugins, clock, log);
}
