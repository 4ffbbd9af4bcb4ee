// What every screen needs to know of one rollout, read once for each snapshot. Nothing here depends on the time.

import { activeHold, type Hold } from '../decide/rollout/hold.js';
import type { KubeObject } from '../kinds/kube-object.js';
import { REVISION } from '../kinds/labels.js';
import type { Instant } from '../lib/instant.js';
import { type Phase, readPhase } from './phase.js';
import { at, flagAt, hasAt, listAt, numberAt, textAt, timeAt } from '../lib/read.js';
import { writtenAt } from './explain/writers.js';
import { rolloutKey } from './rollout-key.js';
import { isOpenPause, weightAt } from './steps.js';

/** Why a rollout needs a person. */
export type Waiting = 'invalid' | 'aborted' | 'degraded' | 'inconclusive' | 'gate' | 'held';

export type RolloutFacts = {
  /** Its name among all clusters (rollout-key.ts). */
  readonly key: string;
  /** The context of its cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly object: KubeObject;
  readonly phase: Phase;
  readonly message: string;
  /** False while the engine has not seen the newest spec. */
  readonly observed: boolean;
  readonly strategy: 'canary' | 'blue-green' | 'none';
  readonly steps: readonly unknown[];
  /** 0 is the first step; equal to steps.length behind the last one; undefined without steps. */
  readonly stepIndex: number | undefined;
  /** The weight that means "everything"; 100 but for routers with finer weights. */
  readonly maximum: number;
  /** True while a revision other than the stable one is on its way (or was aborted). */
  readonly inFlight: boolean;
  /** What the steps ask for, in percent. */
  readonly askedPercent: number;
  readonly canaryHash: string;
  readonly stableHash: string;
  readonly revision: string;
  readonly aborted: boolean;
  readonly promotingFully: boolean;
  /** spec.paused: somebody stopped it by hand. */
  readonly held: boolean;
  /** Who stopped it, and why, where they have said so. */
  readonly hold: Hold | undefined;
  readonly pause: { readonly reason: string; readonly since: Instant | undefined } | undefined;
  readonly waiting: { readonly why: Waiting; readonly since: Instant | undefined } | undefined;
  /** Its running analysis is failing, and it goes on for now. The board tells, which sees analyses: a rollout alone does not. */
  readonly failing: boolean;
};

export function findCondition(rollout: KubeObject, type: string): unknown {
  return listAt(rollout, 'status', 'conditions').find((condition) => textAt(condition, 'type') === type);
}

/** The condition tells of the pause of a step, too, which may have begun long before the one by hand. */
function heldSince(rollout: KubeObject, pause: RolloutFacts['pause']): Instant | undefined {
  const told = activeHold(rollout)?.since ?? writtenAt(rollout, 'spec', 'paused');
  return told ?? (pause === undefined ? timeAt(findCondition(rollout, 'Paused'), 'lastTransitionTime') : undefined);
}

function readWaiting(rollout: KubeObject, phase: Phase, pause: RolloutFacts['pause'], atOpenPause: boolean): RolloutFacts['waiting'] {
  const invalid = findCondition(rollout, 'InvalidSpec');
  if (invalid !== undefined) return { why: 'invalid', since: timeAt(invalid, 'lastTransitionTime') };
  const progressing = findCondition(rollout, 'Progressing');
  if (flagAt(rollout, 'status', 'abort')) return { why: 'aborted', since: timeAt(rollout, 'status', 'abortedAt') ?? timeAt(progressing, 'lastTransitionTime') };
  if (phase === 'Degraded') return { why: 'degraded', since: timeAt(progressing, 'lastTransitionTime') };
  if (pause?.reason.startsWith('Inconclusive') === true) return { why: 'inconclusive', since: pause.since };
  if (flagAt(rollout, 'spec', 'paused')) return { why: 'held', since: heldSince(rollout, pause) };
  if (pause !== undefined && phase === 'Paused' && atOpenPause) return { why: 'gate', since: pause.since };
  return undefined;
}

function readStrategy(rollout: KubeObject): RolloutFacts['strategy'] {
  if (hasAt(rollout, 'spec', 'strategy', 'canary')) return 'canary';
  return hasAt(rollout, 'spec', 'strategy', 'blueGreen') ? 'blue-green' : 'none';
}

export function readFacts(rollout: KubeObject, cluster: string): RolloutFacts {
  const namespace = rollout.metadata.namespace ?? '';
  const { name } = rollout.metadata;
  const { phase, message, observed } = readPhase(rollout);
  const strategy = readStrategy(rollout);
  const steps = listAt(rollout, 'spec', 'strategy', 'canary', 'steps');
  const stepIndex = steps.length === 0 ? undefined : Math.min(Math.max(numberAt(rollout, 'status', 'currentStepIndex') ?? 0, 0), steps.length);
  const maximum = Math.max(1, numberAt(rollout, 'spec', 'strategy', 'canary', 'trafficRouting', 'maxTrafficWeight') ?? 100);
  const canaryHash = textAt(rollout, 'status', 'currentPodHash') ?? '';
  const stableHash = textAt(rollout, 'status', 'stableRS') ?? '';
  const aborted = flagAt(rollout, 'status', 'abort');
  const firstPause = at(rollout, 'status', 'pauseConditions', 0);
  const pause = firstPause === undefined ? undefined : { reason: textAt(firstPause, 'reason') ?? '', since: timeAt(firstPause, 'startTime') };
  const weight = aborted ? 0 : stepIndex === undefined ? maximum : weightAt(steps, stepIndex, maximum);
  // A blue-green pause has no length of its own unless autoPromotionSeconds gives it one.
  const open = strategy === 'blue-green' ? !hasAt(rollout, 'spec', 'strategy', 'blueGreen', 'autoPromotionSeconds') : isOpenPause(steps[stepIndex ?? -1]);
  return {
    key: rolloutKey(cluster, namespace, name),
    cluster,
    namespace,
    name,
    uid: rollout.metadata.uid ?? '',
    object: rollout,
    phase,
    message,
    observed,
    strategy,
    steps,
    stepIndex,
    maximum,
    inFlight: stableHash !== '' && canaryHash !== '' && canaryHash !== stableHash,
    askedPercent: (Math.min(Math.max(weight, 0), maximum) * 100) / maximum,
    canaryHash,
    stableHash,
    revision: rollout.metadata.annotations?.[REVISION] ?? '',
    aborted,
    promotingFully: flagAt(rollout, 'status', 'promoteFull'),
    held: flagAt(rollout, 'spec', 'paused'),
    hold: activeHold(rollout),
    pause,
    waiting: readWaiting(rollout, phase, pause, open),
    failing: false,
  };
}
