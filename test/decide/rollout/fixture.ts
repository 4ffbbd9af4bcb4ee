// Builders for the tables: a rollout with a canary, its ReplicaSets, and the pass that sees them. Everything is deeply frozen.

import { openPass } from '../../../src/decide/rollout/pass.js';
import type { Pass } from '../../../src/decide/rollout/pass.js';
import type { ObservedRollout } from '../../../src/decide/rollout/observed.js';
import { podTemplateHash, stepHash } from '../../../src/kinds/pod-template-hash.js';
import type { PodTemplateSpec } from '../../../src/kinds/pod-template.js';
import type { ReplicaSet } from '../../../src/kinds/replica-set.js';
import type { BlueGreenStrategy, CanaryStrategy, Rollout, RolloutStatus } from '../../../src/kinds/rollout.js';
import type { Service } from '../../../src/kinds/service.js';
import { deepFreeze } from '../../../src/lib/deep.js';
import { formatTime } from '../../../src/lib/instant.js';
import type { Instant } from '../../../src/lib/instant.js';

export const NOW: Instant = Date.parse('2026-11-21T12:00:00Z');
export const HASH_LABEL = 'rollouts-pod-template-hash';

export function template(version: number): PodTemplateSpec {
  return { metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'main', image: `reg.test/shop:${version}` }] } };
}

/** The hash that the template of a version has. */
export const hash = (version: number): string => podTemplateHash(template(version));

export type RolloutOptions = { readonly version?: number; readonly replicas?: number; readonly canary?: CanaryStrategy; readonly spec?: Partial<Rollout['spec']>; readonly status?: RolloutStatus };

export function aRollout(options: RolloutOptions = {}): Rollout {
  const { version = 2, replicas = 10, canary = {}, spec = {}, status } = options;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'shop', namespace: 'mall', uid: 'ro-1', generation: 2, annotations: { 'rollout.argoproj.io/revision': String(version) } },
    spec: { replicas, selector: { matchLabels: { app: 'shop' } }, template: template(version), strategy: { canary }, ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

/** A status in mid-update from version 1 to 2, at that step. */
export function midUpdate(canary: CanaryStrategy, step: number, more: Partial<RolloutStatus> = {}): RolloutStatus {
  return {
    observedGeneration: '2', stableRS: hash(1), currentPodHash: hash(2), currentStepHash: stepHash(canary.steps), currentStepIndex: step,
    conditions: [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: '', lastUpdateTime: formatTime(NOW), lastTransitionTime: formatTime(NOW) }], ...more,
  };
}

export type SetOptions = { readonly size?: number; readonly available?: number; readonly created?: number; readonly desired?: number; readonly annotations?: Readonly<Record<string, string>>; /** Its spec has been changed so often, and the status tells of that one. */ readonly generation?: number; readonly observed?: number };

export function aSet(version: number, options: SetOptions = {}): ReplicaSet {
  const { size = 0, available = size, created = size, desired = 10, annotations = {}, generation = 1, observed = generation } = options;
  const labels = { app: 'shop', [HASH_LABEL]: hash(version) };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `shop-${hash(version)}`, namespace: 'mall', uid: `rs-${version}`, generation, labels, creationTimestamp: formatTime(NOW - (100 - version) * 1000),
      annotations: { 'rollout.argoproj.io/revision': String(version), 'rollout.argoproj.io/desired-replicas': String(desired), ...annotations },
      ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'shop', uid: 'ro-1', controller: true }],
    },
    spec: { replicas: size, selector: { matchLabels: labels }, template: { ...template(version), metadata: { labels } } },
    status: { observedGeneration: observed, replicas: created, readyReplicas: available, availableReplicas: available },
  };
}

export function aService(name: string, selector: Readonly<Record<string, string>>, managed = true): Service {
  const annotations = managed ? { 'argo-rollouts.argoproj.io/managed-by-rollouts': 'shop' } : {};
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'mall', annotations }, spec: { selector: { app: 'shop', ...selector } } };
}

export function observed(rollout: Rollout, replicaSets: readonly ReplicaSet[], more: Partial<ObservedRollout> = {}): ObservedRollout {
  return deepFreeze({ rollout, replicaSets, pods: [], services: [], runs: [], experiments: [], templates: [], clusterTemplates: [], ...more });
}

export function aPass(rollout: Rollout, replicaSets: readonly ReplicaSet[], more: Partial<ObservedRollout> = {}, now: Instant = NOW): Pass {
  const seen = observed(rollout, replicaSets, more);
  return openPass(seen, seen.rollout, seen.replicaSets, now);
}

/** In the middle of a canary without a router: version 1 stable, version 2 new. */
export function basicPass(replicas: number, canary: CanaryStrategy, sets: { readonly stable: SetOptions; readonly newest: SetOptions }, status: Partial<RolloutStatus> = {}): Pass {
  const rollout = aRollout({ replicas, canary, status: midUpdate(canary, 0, status) });
  return aPass(rollout, [aSet(1, { desired: replicas, ...sets.stable }), aSet(2, { desired: replicas, ...sets.newest })]);
}

/** In the middle of a blue-green update from version 1 to 2. `active` is the version that the users have; 0 is none in particular. */
export function blueGreenSeen(
  strategy: Partial<BlueGreenStrategy>,
  world: { readonly stable: SetOptions; readonly newest: SetOptions; readonly active?: number; readonly version?: number; readonly status?: Partial<RolloutStatus>; readonly spec?: Partial<Rollout['spec']> },
  more: Partial<ObservedRollout> = {},
): ObservedRollout {
  const { stable, newest, active = 1, version = 2, status = {}, spec = {} } = world;
  const blueGreen = { activeService: 'live', previewService: 'look', ...strategy };
  const rollout = aRollout({ version, replicas: 3, spec: { strategy: { blueGreen }, ...spec }, status: { ...midUpdate({}, 0), currentStepHash: '', currentPodHash: hash(version), ...status } });
  const services = [aService('live', active === 0 ? {} : { [HASH_LABEL]: hash(active) }), aService('look', { [HASH_LABEL]: hash(version) })];
  return observed(rollout, [aSet(1, { desired: 3, ...stable }), aSet(2, { desired: 3, ...newest })], { services, ...more });
}
