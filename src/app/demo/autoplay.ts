// Keeps the demos moving: brings each to its opening scene, then starts releases at intervals, mostly good ones.
// It only ever acts on a rollout that has been at rest for a while, so it never fights with a person.

import type { Cluster } from '../../cluster/cluster.js';
import type { Rollout } from '../../kinds/rollout.js';
import type { Cancel, Clock } from '../../lib/clock.js';
import type { Instant } from '../../lib/instant.js';
import type { Rng } from '../../lib/rng.js';
import { endPause, look, releaseImage, type Seen } from './release.js';
import type { Scenario } from './scenario.js';

const LOOK_MS = 500;

/** How long a rollout is left alone after it came to rest; up to double that, by chance. */
const REST_MS = 45_000;

/** One release in so many is a bad one. */
const BAD_ONE_IN = 4;

/** Where one demo stands. */
export type Act =
  /** Until the first revision is healthy and the opening's release is under way. */
  | { readonly type: 'opening' }
  /** So many pauses are still to be ended early. */
  | { readonly type: 'hurrying'; readonly promotions: number }
  | { readonly type: 'playing'; readonly phase: string; readonly since: Instant; readonly restMs: number };

export type Move = { readonly act: Act; readonly release?: string; readonly endsPause?: boolean };

const imageOf = (seen: Seen, scenario: Scenario): string | undefined => {
  const template =
    seen.workload === undefined
      ? seen.rollout.spec.template
      : (seen.workload['spec'] as { readonly template?: Rollout['spec']['template'] } | undefined)?.template;
  return template?.spec?.containers.find((container) => container.name === scenario.container)?.image;
};

const isAtRest = (phase: string | undefined): boolean => phase === 'Healthy' || phase === 'Degraded';

function playing(phase: string, now: Instant, rng: Rng): Act {
  return { type: 'playing', phase, since: now, restMs: REST_MS * (1 + rng.next()) };
}

function opening(scenario: Scenario, seen: Seen, now: Instant, rng: Rng): Move {
  const { rollout } = seen;
  const isUp = rollout.status?.phase === 'Healthy' && (rollout.status.availableReplicas ?? 0) > 0;
  if (!isUp) return { act: { type: 'opening' } };
  const { opening: scene } = scenario;
  if (scene.type === 'rest') return { act: playing('Healthy', now, rng) };
  return { act: { type: 'hurrying', promotions: scene.promotions }, release: scene.image };
}

function hurrying(act: Act & { readonly type: 'hurrying' }, seen: Seen, now: Instant, rng: Rng): Move {
  if (act.promotions === 0) return { act: playing('', now, rng) };
  const isPaused = seen.rollout.status?.pauseConditions?.some((condition) => condition.reason === 'CanaryPauseStep') === true;
  return isPaused ? { act: { type: 'hurrying', promotions: act.promotions - 1 }, endsPause: true } : { act };
}

/** What to do next with one demo, given what was seen of it. */
export function nextMove(scenario: Scenario, act: Act, seen: Seen, repeats: boolean, now: Instant, rng: Rng): Move {
  if (act.type === 'opening') return opening(scenario, seen, now, rng);
  if (act.type === 'hurrying') return hurrying(act, seen, now, rng);
  const phase = seen.rollout.status?.phase ?? '';
  if (phase !== act.phase) return { act: playing(phase, now, rng) };
  if (!repeats || !isAtRest(phase) || now - act.since < act.restMs) return { act };
  const { stable, good, bad } = scenario.images;
  const image = imageOf(seen, scenario);
  // After an abort the stable image is asked for again, as a person would who gives the release up.
  if (phase === 'Degraded')
    return {
      act: playing('', now, rng),
      release: image === bad ? (seen.rollout.status?.currentStepIndex === undefined ? stable : lastGood(scenario, image)) : stable,
    };
  const next = rng.int(BAD_ONE_IN) === 0 ? bad : image === good ? stable : good;
  return { act: playing('', now, rng), release: next };
}

const lastGood = (scenario: Scenario, image: string | undefined): string => (image === scenario.images.stable ? scenario.images.good : scenario.images.stable);

export type AutoplayOptions = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scenarios: readonly Scenario[];
  /** False: only the openings. */ readonly repeats: boolean;
};

/** Returns what stops it. */
export function startAutoplay({ cluster, clock, rng, scenarios, repeats }: AutoplayOptions): () => void {
  let stopped = false;
  const timers = new Map<Scenario, Cancel>();
  const acts = new Map<Scenario, Act>(scenarios.map((scenario) => [scenario, { type: 'opening' }]));
  const step = async (scenario: Scenario): Promise<void> => {
    const seen = await look(cluster, scenario);
    const before = acts.get(scenario);
    if (stopped || before === undefined) return;
    if (seen !== undefined) {
      const move = nextMove(scenario, before, seen, repeats, clock.now(), rng);
      const done =
        move.release !== undefined ? await releaseImage(cluster, scenario, seen, move.release) : move.endsPause === true ? await endPause(cluster, seen) : true;
      // What was refused is tried again from where it stood.
      if (done) acts.set(scenario, move.act);
    }
    if (!stopped)
      timers.set(
        scenario,
        clock.after(LOOK_MS, () => void step(scenario)),
      );
  };
  for (const scenario of scenarios) void step(scenario);
  return () => {
    stopped = true;
    for (const cancel of timers.values()) cancel();
  };
}
