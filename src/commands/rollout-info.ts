// What `get rollout` and `list rollouts` say of one rollout: the figures of the head, and the tree below it.

import { flagAt, listAt, numberAt, textAt } from '../lib/read.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { HASH_LABEL, REVISION } from '../kinds/labels.js';
import { pingPongServices } from '../kinds/ping-pong.js';
import { asRollout } from '../kinds/rollout.js';
import { isRecord } from '../lib/deep.js';
import { type Instant, parseTime } from '../lib/instant.js';

/** All weights that a router knows add up to this unless the rollout says otherwise. */
const DEFAULT_MAXIMUM_WEIGHT = 100;

export type RolloutFigures = {
  readonly strategy: 'Canary' | 'BlueGreen' | 'unknown';
  readonly stepIndex: number | undefined;
  readonly stepCount: number;
  readonly setWeight: number;
  readonly actualWeight: number;
  readonly desired: number;
  readonly current: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
};

export function strategyOf(rollout: KubeObject): RolloutFigures['strategy'] {
  const strategy = isRecord(rollout['spec']) ? rollout['spec']['strategy'] : undefined;
  if (!isRecord(strategy)) return 'unknown';
  return strategy['canary'] !== undefined ? 'Canary' : strategy['blueGreen'] !== undefined ? 'BlueGreen' : 'unknown';
}

export function stepsOf(rollout: KubeObject): readonly unknown[] {
  return listAt(rollout, 'spec', 'strategy', 'canary', 'steps');
}

/** Where nobody has written it yet, the steps begin. */
const stepIndexOf = (rollout: KubeObject): number => numberAt(rollout, 'status', 'currentStepIndex') ?? 0;

/** The weight that the steps up to the current one ask for. */
export function setWeightOf(rollout: KubeObject): number {
  const maximum = numberAt(rollout, 'spec', 'strategy', 'canary', 'trafficRouting', 'maxTrafficWeight') ?? DEFAULT_MAXIMUM_WEIGHT;
  if (flagAt(rollout, 'status', 'abort')) return 0;
  const steps = stepsOf(rollout);
  const index = stepIndexOf(rollout);
  if (index >= steps.length) return maximum;
  for (let i = index; i >= 0; i -= 1) {
    const weight = numberAt(steps[i], 'setWeight');
    if (weight !== undefined) return weight;
  }
  return 0;
}

function actualWeightOf(rollout: KubeObject, canary: KubeObject | undefined): number {
  const maximum = numberAt(rollout, 'spec', 'strategy', 'canary', 'trafficRouting', 'maxTrafficWeight') ?? DEFAULT_MAXIMUM_WEIGHT;
  if (stepIndexOf(rollout) >= stepsOf(rollout).length) return maximum;
  const available = numberAt(rollout, 'status', 'availableReplicas') ?? 0;
  if (available <= 0) return 0;
  if (
    isRecord(rollout['spec']) &&
    isRecord(rollout['spec']['strategy']) &&
    isRecord(rollout['spec']['strategy']['canary']) &&
    rollout['spec']['strategy']['canary']['trafficRouting'] !== undefined
  ) {
    return numberAt(rollout, 'status', 'canary', 'weights', 'canary', 'weight') ?? setWeightOf(rollout);
  }
  return Math.floor(((numberAt(canary, 'status', 'availableReplicas') ?? 0) * maximum) / available);
}

export function figuresOf(rollout: KubeObject, replicaSets: readonly KubeObject[]): RolloutFigures {
  const current = textAt(rollout, 'status', 'currentPodHash');
  // An experiment's may have the same template.
  const canary = replicaSets.find((replicaSet) => replicaSet.metadata.labels?.[HASH_LABEL] === current && isOwnedBy(replicaSet, rollout));
  return {
    strategy: strategyOf(rollout),
    stepIndex: numberAt(rollout, 'status', 'currentStepIndex'),
    stepCount: stepsOf(rollout).length,
    setWeight: setWeightOf(rollout),
    actualWeight: actualWeightOf(rollout, canary),
    desired: numberAt(rollout, 'spec', 'replicas') ?? 1,
    current: numberAt(rollout, 'status', 'replicas') ?? 0,
    updated: numberAt(rollout, 'status', 'updatedReplicas') ?? 0,
    ready: numberAt(rollout, 'status', 'readyReplicas') ?? 0,
    available: numberAt(rollout, 'status', 'availableReplicas') ?? 0,
  };
}

export function revisionOf(object: KubeObject): number {
  return Number.parseInt(object.metadata.annotations?.[REVISION] ?? '0', 10) || 0;
}

export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid) ?? false;
}

/** The part that a ReplicaSet plays, as the INFO column has it: "stable", "canary,delay:5s" and so on. */
export function rolesOf(rollout: KubeObject, replicaSet: KubeObject): string[] {
  const hash = replicaSet.metadata.labels?.[HASH_LABEL];
  const roles: string[] = [];
  const stable = textAt(rollout, 'status', 'stableRS');
  if (hash !== undefined && hash === stable) roles.push('stable');
  if (strategyOf(rollout) === 'BlueGreen') {
    if (hash === textAt(rollout, 'status', 'blueGreen', 'activeSelector')) roles.push('active');
    else if (hash === textAt(rollout, 'status', 'blueGreen', 'previewSelector')) roles.push('preview');
  } else if (hash === textAt(rollout, 'status', 'currentPodHash') && hash !== stable) roles.push('canary');
  return [...roles, ...turnOf(rollout, roles)];
}

/** Which of two Services that take turns has its pods. */
function turnOf(rollout: KubeObject, roles: readonly string[]): readonly string[] {
  const services = pingPongServices(asRollout(rollout));
  const service = roles.includes('stable') ? services?.stable : roles.includes('canary') ? services?.canary : undefined;
  if (service === undefined) return [];
  return [service === asRollout(rollout).spec.strategy?.canary?.pingPong?.pingService ? 'ping' : 'pong'];
}

/** When the ReplicaSet may be scaled down, if that is set. */
export function scaleDownDeadline(replicaSet: KubeObject): Instant | undefined {
  return parseTime(replicaSet.metadata.annotations?.['scale-down-deadline']);
}
