// Snapshots that look like the demo in full swing, and a console standing on them: for golden frames and update tests.

import { createModel, type Model } from '../../src/console/model.js';
import { DEFAULT_KEYMAP } from '../../src/console/keymap.js';
import { UNICODE_GLYPHS } from '../../src/console/glyphs.js';
import type { Effect } from '../../src/console/effect.js';
import type { ActQuestion } from '../../src/console/question.js';
import type { Msg } from '../../src/console/message.js';
import { NO_SETTINGS, type SettingsLayers } from '../../src/console/settings/resolve.js';
import { update } from '../../src/console/update.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { aDestinationRule, aPod, aReplicaSet, aRollout, aSnapshot, aVirtualService, anAnalysisRun, CANARY_HASH, NOW, STABLE_HASH } from './builders.js';

const APDEX = 'all(result.service_apdex.values.values, {asFloat(.value) >= 9900})';
const apdexValue = (value: number): string => JSON.stringify({ service_apdex: { label: null, values: { values: [{ value }, { value: value + 20 }] } } });

const REVIEWS_STEPS = [10, 20, 40, 60, 80].flatMap((weight) => [{ setWeight: weight }, { pause: { duration: '5m' } }]);

function setsAndPods(key: string, canary: { readonly wanted: number; readonly ready?: number; readonly image: string }, stable: { readonly wanted: number; readonly image: string }): { sets: KubeObject[]; pods: KubeObject[] } {
  const pods = (hash: string, count: number, image: string, first: number): KubeObject[] => Array.from({ length: count }, (_, place) => aPod(key, { hash, suffix: `${hash.slice(0, 2)}${'xpqkz'[place % 5] ?? 'x'}${String(first + place).slice(-2)}`, ageSeconds: first - place * 20, image }));
  return {
    sets: [
      aReplicaSet(key, { revision: 7, hash: CANARY_HASH, wanted: canary.wanted, ready: canary.ready ?? canary.wanted, image: canary.image }),
      aReplicaSet(key, { revision: 6, hash: STABLE_HASH, wanted: stable.wanted, image: stable.image, ageSeconds: 259_200 }),
      aReplicaSet(key, { revision: 5, hash: '74dd5c8b6f', wanted: 0, image: stable.image.replace(/\d+$/, '1'), ageSeconds: 777_600 }),
    ],
    pods: [...pods(CANARY_HASH, canary.ready ?? canary.wanted, canary.image, 1080), ...pods(STABLE_HASH, stable.wanted, stable.image, 9000)],
  };
}

/** The five demo rollouts: a good release half way, one waiting for a person, one aborted, one healthy, one early. */
export function demoSnapshot(fields: Partial<Snapshot> = {}): Snapshot {
  const reviews = setsAndPods('bookinfo/reviews-rollout', { wanted: 2, image: 'istio/examples-bookinfo-reviews-v1:1.16.4' }, { wanted: 3, image: 'istio/examples-bookinfo-reviews-v1:1.16.2' });
  const silly = setsAndPods('a-team/silly-demo', { wanted: 1, image: 'vfarcic/silly-demo:1.4.127' }, { wanted: 3, image: 'vfarcic/silly-demo:1.4.126' });
  const myapp = setsAndPods('default/myapp', { wanted: 0, image: 'myapp:v3' }, { wanted: 3, image: 'myapp:v1' });
  const colorapi = [aReplicaSet('default/colorapi', { revision: 3, hash: CANARY_HASH, wanted: 5, image: 'particule/simplecolorapi:1.0', ageSeconds: 259_200 })];
  const acme = setsAndPods('canary-rollout-demo/canary-demo-app', { wanted: 1, ready: 0, image: 'acme/demo:1.1.0' }, { wanted: 5, image: 'acme/demo:1.0.0' });
  return aSnapshot({
    rollouts: [
      aRollout('bookinfo/reviews-rollout').canary(REVIEWS_STEPS).istio({ virtualService: { name: 'reviews', routes: ['primary'] }, destinationRule: { name: 'reviews', canarySubsetName: 'canary', stableSubsetName: 'stable' } }).paused(5, 170).build(),
      aRollout('a-team/silly-demo').canary([{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }, { pause: { duration: '20s' } }, { analysis: { templates: [{ templateName: 'success-rate' }] } }, { setWeight: 80 }, { pause: { duration: '20s' } }])
        .istio({ virtualServices: [{ name: 'silly-demo', routes: ['primary'] }, { name: 'silly-demo-internal', routes: ['secondary'] }] }).paused(1, 720).build(),
      aRollout('default/myapp').canary([{ setWeight: 10 }, { pause: { duration: '300s' } }, { setWeight: 50 }, { pause: { duration: '300s' } }, { setWeight: 100 }]).istio({ virtualService: { name: 'myapp' } }).aborted(1, 180, 'Rollout aborted update to revision 7: Background analysis phase error/failed').build(),
      aRollout('default/colorapi').canary([{ setWeight: 20 }, { pause: { duration: '30s' } }, { setWeight: 50 }]).healthy().build(),
      aRollout('canary-rollout-demo/canary-demo-app').canary([{ setWeight: 10 }, { pause: { duration: '30s' } }, { setWeight: 50 }, { pause: { duration: '30s' } }]).at(0).build(),
    ],
    replicaSets: [...reviews.sets, ...silly.sets, ...myapp.sets, ...colorapi, ...acme.sets],
    pods: [...reviews.pods, ...silly.pods, ...myapp.pods, ...acme.pods, aPod('canary-rollout-demo/canary-demo-app', { hash: CANARY_HASH, suffix: 'new01', waiting: 'ContainerCreating', ageSeconds: 4 })],
    analysisRuns: [
      anAnalysisRun('bookinfo/reviews-rollout', { name: 'reviews-rollout-6f9c7d8b54-7', metric: 'apdex', success: APDEX, values: [9962, 9958, 9971, 9949, 9960, 9968, 9955, 9971].map(apdexValue) }),
      anAnalysisRun('default/myapp', {
        name: 'myapp-6f9c7d8b54-7', metric: 'error-rate', phase: 'Failed', failure: 'result[0] > 0.05', failureLimit: 3, failed: 4,
        values: ['[0.01]', '[0.11]', '[0.13]', '[0.12]', '[0.14]'], phases: ['Successful', 'Failed', 'Failed', 'Failed', 'Failed'],
      }),
    ],
    destinationRules: [aDestinationRule('bookinfo/reviews', ['stable', 'canary'])],
    virtualServices: [
      aVirtualService('bookinfo/reviews', [{ name: 'primary', canary: 40, subsets: true }]),
      aVirtualService('a-team/silly-demo', [{ name: 'primary', canary: 20, canaryHost: 'silly-demo-canary', stableHost: 'silly-demo-stable' }]),
      aVirtualService('a-team/silly-demo-internal', [{ name: 'secondary', canary: 10, canaryHost: 'silly-demo-canary', stableHost: 'silly-demo-stable' }]),
      aVirtualService('default/myapp', [{ canary: 0 }]),
    ],
    ...fields,
  });
}

/** A promotion goes out at once here; tests of taking it back set their own delay. */
const AT_ONCE: SettingsLayers = { ...NO_SETTINGS, flags: { takeBack: 0 } };

export function aModel(columns: number, rows: number, snapshot: Snapshot | 'nothing yet' = demoSnapshot(), settings: SettingsLayers = AT_ONCE): Model {
  const empty = createModel({ now: NOW, size: { columns, rows }, utcOffsetMinutes: 0, keymap: DEFAULT_KEYMAP, glyphs: UNICODE_GLYPHS, hints: ['export KUBECONFIG=/run/user/1000/sluice.kubeconfig'], settings, who: 'ana@jump-2' });
  return snapshot === 'nothing yet' ? empty : update(empty, { type: 'cluster-changed', snapshot, now: NOW })[0];
}

/** Three clusters in one list: the demo, a production one that is lost, and one that has not answered yet. */
export function severalClusters(columns: number, rows: number, more: Partial<Snapshot> = {}): Model {
  const prod = aSnapshot({
    context: 'gke_acme-prod_europe-west1_prod-eu', embedded: false, driver: { type: 'other', identity: 'argo-rollouts-7d9c_4f1', renewedAt: NOW - 1000 }, latencyMs: 40,
    connection: { type: 'lost', since: NOW - 12_000, lastSignalAt: NOW - 12_000, reason: 'can not reach https://10.0.0.1:6443: connection refused' },
    rollouts: [aRollout('shop/cart').paused(1, 720).build(), aRollout('default/myapp').healthy().build()],
    ...more,
  });
  const dev = aSnapshot({ context: 'dev', embedded: false, connection: { type: 'connecting', since: NOW - 2000 }, driver: { type: 'nobody', reason: '' }, latencyMs: undefined });
  return [prod, dev].reduce((model, snapshot) => update(model, { type: 'cluster-changed', snapshot, now: NOW })[0], aModel(columns, rows));
}

/** The model while its clusters go on saying that nothing has changed. */
function heardAt(model: Model, lastSignalAt: number): Model {
  const heard = [...model.clusters].map(([name, watched]) => {
    const { snapshot } = watched;
    return [name, snapshot.connection.type === 'live' ? { ...watched, snapshot: { ...snapshot, connection: { type: 'live' as const, lastSignalAt } } } : watched] as const;
  });
  return { ...model, clusters: new Map(heard) };
}

/** Presses keys one after the other, a second apart, and gathers the effects; of wakes only those that are still to come. */
export function press(model: Model, ...names: readonly string[]): readonly [Model, readonly Effect[]] {
  let current = model;
  const effects: Effect[] = [];
  for (const name of names) {
    const [next, more] = update(heardAt(current, current.now + 1000), { type: 'key', key: { name, burst: false }, now: current.now + 1000 });
    current = next;
    effects.push(...more);
  }
  return [current, effects.filter((effect) => effect.type !== 'wake' || effect.at > current.now)];
}

/** The question before a change; undefined when none is open. */
export const questionOf = ({ question }: Model): ActQuestion | undefined => (question?.type === 'act' ? question : undefined);

export function send(model: Model, msg: Msg): Model {
  return update(model, msg)[0];
}
