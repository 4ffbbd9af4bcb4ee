// How long the console takes for one change and one frame with a full cluster: the figure that `npm run bench` prints.

import { render } from '../../src/console/render.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { aPod, aReplicaSet, aRollout, aSnapshot, aVirtualService, anAnalysisRun, CANARY_HASH, NOW, STABLE_HASH } from './builders.js';
import { aModel, press } from './console-scenes.js';

export function fullCluster(rolloutCount: number): Snapshot {
  const keys = Array.from({ length: rolloutCount }, (_, place) => `team-${place % 23}/service-${place}`);
  const rollouts = keys.map((key, place): KubeObject => {
    const rollout = aRollout(key).istio({ virtualService: { name: key.split('/')[1] } }, { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, { pause: { duration: '5m' } }] });
    return (place % 11 === 0 ? rollout.paused(1, place) : place % 7 === 0 ? rollout.aborted(1, place) : place % 3 === 0 ? rollout.paused(3, place % 200) : rollout.healthy()).build();
  });
  return aSnapshot({
    rollouts,
    replicaSets: keys.flatMap((key) => [aReplicaSet(key, { revision: 7, hash: CANARY_HASH, wanted: 2 }), aReplicaSet(key, { revision: 6, hash: STABLE_HASH, wanted: 3 })]),
    pods: keys.flatMap((key) => [1, 2, 3, 4, 5].map((place) => aPod(key, { hash: place < 3 ? CANARY_HASH : STABLE_HASH, suffix: `p${place}` }))),
    analysisRuns: keys.map((key) => anAnalysisRun(key, { name: `${key.split('/')[1] ?? ''}-7`, metric: 'success-rate', success: 'result[0] >= 0.95', values: Array.from({ length: 10 }, (_, place) => `[0.9${place}]`) })),
    virtualServices: keys.map((key) => aVirtualService(key, [{ canary: 20 }])),
  });
}

export type ConsoleFigures = { readonly changeMs: number; readonly keyMs: number; readonly tickMs: number; readonly detailMs: number };

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Medians of update and render together, in milliseconds, at 200x60. `nowMs` is a clock of high resolution, or processor time. */
export function measureConsole(nowMs: () => number, rolloutCount = 500, rounds = 40): ConsoleFigures {
  const snapshot = fullCluster(rolloutCount);
  const start = aModel(200, 60, snapshot);
  const open = press(start, 'enter')[0];
  const time = (work: (round: number) => void): number => {
    for (let round = 0; round < 10; round += 1) work(round);
    return median(Array.from({ length: rounds }, (_, round) => {
      const before = nowMs();
      work(round);
      return nowMs() - before;
    }));
  };
  const once = (model: typeof start, msg: Parameters<typeof update>[1]): void => void render(update(model, msg)[0]);
  return {
    changeMs: time(() => once(start, { type: 'cluster-changed', snapshot: { ...snapshot, rollouts: [...snapshot.rollouts] }, now: NOW })),
    keyMs: time(() => once(start, { type: 'key', key: { name: 'j', burst: false }, now: NOW })),
    tickMs: time((round) => once(start, { type: 'tick', now: NOW + round * 1000 })),
    detailMs: time((round) => once(open, { type: 'tick', now: NOW + round * 1000 })),
  };
}
