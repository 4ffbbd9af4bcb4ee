// The engine with all its parts, at work on a cluster.

import { hostname } from 'node:os';
import { createAnalysisRunReconciler } from '../controllers/analysis-run.js';
import { startEngine, type Engine } from '../controllers/engine.js';
import { createExperimentReconciler } from '../controllers/experiment.js';
import { startNotifications } from '../controllers/notifications/notifications.js';
import type { MakeNotifier } from '../controllers/notifications/settings-watch.js';
import { NO_PLUGINS, type Plugins } from '../controllers/plugins.js';
import { createDestinationRuleReleaseReconciler, createIngressReleaseReconciler, createServiceReleaseReconciler } from '../controllers/release.js';
import { createRolloutReconciler } from '../controllers/rollout.js';
import type { Instant } from '../lib/instant.js';
import { createRng } from '../lib/rng.js';
import type { Attached, AttachOptions } from './attach-engine.js';
import { createAwsLoadBalancers } from './aws-load-balancers.js';
import { createAwsMetrics } from './aws-metrics.js';
import { createAwsSigner } from './aws-signing.js';
import { readYamlValue } from './yaml-text.js';

/** Minutes east of UTC here: SkyWalking is asked in local time. */
const utcOffsetMinutes = (now: Instant): number => -new Date(now).getTimezoneOffset();

/** `ownNamespace` is that of the pod in which this process runs, if it runs in one. */
export async function runEngine(options: AttachOptions, ownNamespace: string | undefined): Promise<Omit<Attached, 'lease'>> {
  const { environment, clock } = options;
  const network = options.http === undefined ? (await import('../providers/http.js')).createHttpSend() : { send: options.http, close: () => {} };
  const plugins = await pluginsOf(options);
  const instance = options.instanceId === undefined ? {} : { instanceId: options.instanceId };
  const place = ownNamespace === undefined ? {} : { serviceAccountNamespace: ownNamespace };
  const cloudWatch = createAwsMetrics();
  const balancers = options.awsVerifyTargetGroup === true ? createAwsLoadBalancers() : undefined;
  const engine: Engine = startEngine({
    cluster: options.cluster,
    reconcilers: [
      createRolloutReconciler({ plugins, ...instance, ...(balancers === undefined ? {} : { balancers }) }),
      createServiceReleaseReconciler(),
      createDestinationRuleReleaseReconciler(),
      createIngressReleaseReconciler(),
      createExperimentReconciler(instance),
      createAnalysisRunReconciler({
        http: network.send,
        environment,
        utcOffsetMinutes,
        plugins,
        cloudWatch: cloudWatch.ask,
        signForAws: createAwsSigner(),
        ...place,
        ...instance,
      }),
    ],
    clock,
    // The seed only spreads retries and names this engine: two engines must not share it.
    rng: createRng(clock.now() ^ (process.pid << 8)),
    log: options.log ?? (() => {}),
    hostname: hostname(),
    environment,
    mode: options.mode,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...place,
    figures: options.figures,
    notifications: (namespace) => (term) =>
      startNotifications(
        { namespace, instanceId: options.instanceId ?? '', make: makeNotifier, io: { http: network.send, clock, readYaml: readYamlValue } },
        term,
      ),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  });
  return {
    leadingAs: () => (engine.state()?.type === 'leading' ? engine.identity : undefined),
    cache: () => engine.cache(),
    async stop() {
      await engine.stop();
      network.close();
      balancers?.close();
      cloudWatch.close();
    },
  };
}

/** Loaded with the first ConfigMap: most clusters have none. */
const makeNotifier: MakeNotifier = async (data, secrets) => (await import('../notifiers/notifier.js')).createNotifier(data, secrets, readYamlValue);

async function pluginsOf({ plugins = [], clock, log = () => {} }: AttachOptions): Promise<Plugins> {
  if (plugins.length === 0) return NO_PLUGINS;
  const { loadPlugins } = await import('./plugins.js');
  return loadPlugins(plugins, clock, log);
}
