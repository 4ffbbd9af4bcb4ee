// Golden screens: each scene drawn as text and compared with its file here. `UPDATE=1` rewrites the files.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ASCII_GLYPHS } from '../../src/console/glyphs.js';
import { render } from '../../src/console/render.js';
import { type Model, snapshotOf } from '../../src/console/model.js';
import type { Snapshot } from '../../src/kinds/snapshot.js';
import { deepFreeze } from '../../src/lib/deep.js';
import type { Msg } from '../../src/console/message.js';
import { needKey } from '../../src/console/need.js';
import { EXPERIMENT } from '../../src/kinds/resource-type.js';
import { anAnalysisRun, anEvent, anExperiment, aPod, aReplicaSet, aRollout, aSnapshot, CANARY_HASH, NOW, STABLE_HASH } from '../support/builders.js';
import { aModel, severalClusters, demoSnapshot, press, send } from '../support/console-scenes.js';
import { printFrame } from '../support/print-frame.js';

const folder = path.join(process.env['SLUICE_ROOT'] ?? '.', 'test/frames');

const SIZES = [[40, 10], [60, 16], [80, 24], [120, 40], [200, 50]] as const;

const keys = (model: Model, ...names: string[]): Model => press(model, ...names)[0];

/** Goes to a rollout by its name and opens it. */
const opened = (model: Model, name: string, ...more: string[]): Model => keys(model, '/', ...name, 'enter', 'G', 'enter', ...more);

const lost = demoSnapshot({ connection: { type: 'lost', since: NOW - 6000, lastSignalAt: NOW - 8000, reason: 'connection refused (127.0.0.1:6443)' } });

const many = aSnapshot({
  context: 'prod-eu', embedded: false, driver: { type: 'other', identity: 'argo-rollouts-7c9f', renewedAt: NOW - 4000 }, latencyMs: 41,
  rollouts: Array.from({ length: 60 }, (_, place) => {
    const rollout = aRollout(`team-${String(place % 7)}/service-${String(place).padStart(2, '0')}`);
    return (place % 9 === 0 ? rollout.paused(1, 100 * place + 30) : place % 5 === 0 ? rollout.paused(3, 40 + place) : rollout.healthy()).build();
  }),
});

const hostile = aSnapshot({
  rollouts: [
    aRollout('shop/cart').invalid('spec.strategy.steps[0].setWeight: Invalid value: 120: SetWeight needs to be between 0 and 100\u001b[2J\u001b]0;owned\u0007').build(),
    aRollout('shop/checkout').at(0).build(),
    aRollout('shop/路線-very-long-name-that-does-not-fit-into-any-column-of-the-list').paused(1, 90).build(),
  ],
  replicaSets: [aReplicaSet('shop/checkout', { revision: 7, hash: CANARY_HASH, wanted: 2, ready: 0, image: 'shop/checkout:🚀' }), aReplicaSet('shop/checkout', { revision: 6, hash: STABLE_HASH, wanted: 5 })],
  pods: [aPod('shop/checkout', { hash: CANARY_HASH, suffix: 'aa', waiting: 'ImagePullBackOff', message: 'Back-off pulling image "shop/checkout:9"\r\n\u001b[31m', image: 'shop/checkout:9' }), aPod('shop/checkout', { hash: CANARY_HASH, suffix: 'bb', waiting: 'ContainerCreating' })],
});

const eventful: Snapshot = {
  ...hostile,
  events: [
    anEvent('shop/checkout', { reason: 'RolloutUpdated', message: 'Rollout updated to revision 7', secondsAgo: 64 }),
    anEvent('shop/checkout', { reason: 'ScalingReplicaSet', message: 'Scaled up ReplicaSet checkout-6f9c5d7b8 (revision 7) from 0 to 2', secondsAgo: 63 }),
    anEvent('shop/checkout', { reason: 'TrafficRoutingError', message: 'VirtualService `checkout` not found', secondsAgo: 12, type: 'Warning', count: 9 }),
    anEvent('shop/cart', { reason: 'RolloutPaused', message: 'of somebody else', secondsAgo: 5 }),
  ],
};

/** Lines of a canary pod and of a stable one, one of them an error. */
const logged = (model: Model): Model => {
  const pods = snapshotOf(model, 'sluice')?.pods.filter(({ metadata }) => metadata.namespace === 'bookinfo').map(({ metadata }) => metadata.name) ?? [];
  const [first = '', , , last = ''] = pods;
  const texts = ['starting reviews (1.16.4)', 'level=info method=GET path=/ status=200 duration=12.0ms', 'level=error method=GET path=/ status=503 duration=3.1ms'];
  return send(send(model, { type: 'log-lines', pod: first, container: 'reviews', lines: texts.map((text) => ({ text })) }), { type: 'log-lines', pod: last, container: 'reviews', lines: [{ text: 'hello \u001b[31mred' }] });
};

/** One template that runs once for each side: the canary and what it is held against. */
function runsOfSides(key: string, names: Readonly<Record<'canary' | 'against', string>>): ReturnType<typeof anAnalysisRun>[] {
  const run = (side: string, values: readonly string[], failed: number): ReturnType<typeof anAnalysisRun> => {
    const of = anAnalysisRun(key, { name: `${key.split('/')[1] ?? ''}-${side}`, revision: 7, metric: 'success-rate', values, failed });
    const metrics = [{ name: 'success-rate', interval: '30s', successCondition: 'result[0] >= 0.97', provider: { prometheus: { address: 'http://prometheus.test:9090', query: 'success{service="{{args.service}}"}' } } }];
    return { ...of, spec: { args: [{ name: 'service', value: side }], metrics } };
  };
  return [run(names.against, ['[0.991]', '[0.993]', '[0.992]', '[0.994]', '[0.993]'], 0), run(names.canary, ['[0.99]', '[0.985]', '[0.981]', '[0.972]', '[0.962]'], 1)];
}

const measuredTwice = ((): Snapshot => {
  const runs = runsOfSides('shop/cart', { canary: 'canary', against: 'stable' });
  return aSnapshot({ rollouts: [aRollout('shop/cart').canary([{ setWeight: 20 }, { pause: { duration: '10m' } }]).at(1).build()], replicaSets: [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1 })], analysisRuns: runs });
})();

const experimentCame: Msg = {
  type: 'extra', key: needKey({ type: 'objects', cluster: 'sluice', resource: EXPERIMENT, namespace: 'bookinfo' }),
  extra: { cluster: 'sluice', resource: EXPERIMENT, namespace: 'bookinfo', problem: undefined, objects: [anExperiment('bookinfo/reviews-rollout')] },
};

/** An experiment whose analysis runs once for each of its templates. */
const experimentMeasures = (columns: number, rows: number): Model => {
  const [experiment] = experimentCame.type === 'extra' ? experimentCame.extra.objects : [];
  const ownerReferences = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment', name: experiment?.metadata.name ?? '', uid: experiment?.metadata.uid ?? '' }];
  const runs = runsOfSides('bookinfo/compare', { canary: '7f4c8d6b5', against: '5b6d9f8c7' }).map((run) => ({ ...run, metadata: { ...run.metadata, ownerReferences } }));
  return send(opened(aModel(columns, rows, demoSnapshot({ analysisRuns: runs })), 'reviews', 'M'), experimentCame);
};

/** An analysis whose measurements are jobs: the second of them runs. */
const byJobs = ((): Snapshot => {
  const run = anAnalysisRun('shop/cart', { name: 'cart-6f9c5d7b8-7-1', revision: 7, phase: 'Running', metric: 'smoke', values: [''] });
  const of = (attempt: number, phase: string, finishedAt?: string): object => ({ phase, startedAt: '2026-11-21T12:03:00Z', ...(finishedAt === undefined ? {} : { finishedAt }), metadata: { 'job-name': `7c1e.smoke.${attempt}`, 'job-namespace': 'shop' } });
  const container = { name: 'test', image: 'reg.test/smoke:2', command: ['sh', '-c'], args: ['./ask {{args.host}}'] };
  const spec = { args: [{ name: 'host', value: 'cart-canary' }], metrics: [{ name: 'smoke', count: 2, interval: '30s', provider: { job: { spec: { template: { spec: { containers: [container] } } } } } }] };
  const status = { phase: 'Running', startedAt: '2026-11-21T12:03:00Z', metricResults: [{ name: 'smoke', phase: 'Running', count: 1, successful: 1, measurements: [of(1, 'Successful', '2026-11-21T12:03:20Z'), of(2, 'Running')] }] };
  return aSnapshot({ rollouts: [aRollout('shop/cart').canary([{ analysis: { templates: [{ templateName: 'smoke' }] } }]).at(0).build()], replicaSets: [aReplicaSet('shop/cart', { revision: 7, hash: CANARY_HASH, wanted: 1 })], analysisRuns: [{ ...run, spec, status }] });
})();

/** Sources whose question is no single query. */
const bySources = ((): Snapshot => {
  const scope = { scope: 'a', region: 'r', step: 60 };
  const metrics = [
    { name: 'errors', successCondition: 'result < 0.01', provider: { datadog: { apiVersion: 'v2', queries: { a: 'sum:errors{env:{{args.env}}}', b: 'sum:hits{*}' }, formula: 'a / b' } } },
    { name: 'load', successCondition: 'result[0].Values[0] < 70', provider: { cloudWatch: { metricDataQueries: [{ id: 'all', expression: 'cpu / 2' }, { id: 'cpu', metricStat: { metric: { namespace: 'app', metricName: 'CPU' }, stat: 'Average' } }] } } },
    { name: 'canary', provider: { kayenta: { address: 'http://kayenta:8090', application: 'cart', canaryConfigName: 'golden', threshold: { pass: 90, marginal: 75 }, scopes: [{ name: 'x', controlScope: scope, experimentScope: scope }] } } },
  ];
  const measured = (name: string, value: string): object => ({ name, phase: 'Successful', count: 1, successful: 1, measurements: [{ phase: 'Successful', startedAt: '2026-11-21T12:03:00Z', finishedAt: '2026-11-21T12:03:01Z', value }] });
  const status = { phase: 'Successful', startedAt: '2026-11-21T12:03:00Z', completedAt: '2026-11-21T12:03:20Z', metricResults: [measured('errors', '0.002'), measured('load', '[[42]]'), measured('canary', '95')] };
  return { ...byJobs, analysisRuns: byJobs.analysisRuns.map((run) => ({ ...run, spec: { args: [{ name: 'env', value: 'prod' }], metrics }, status })) };
})();

const SCENES: readonly (readonly [string, (columns: number, rows: number) => Model])[] = [
  ['rollouts', (columns, rows) => aModel(columns, rows)],
  ['rollouts-filter', (columns, rows) => keys(aModel(columns, rows), '/', ...'default')],
  ['rollouts-stale', (columns, rows) => aModel(columns, rows, lost)],
  ['rollouts-many', (columns, rows) => keys(aModel(columns, rows, many), 'G')],
  ['rollouts-hostile', (columns, rows) => aModel(columns, rows, hostile)],
  ['rollouts-connecting', (columns, rows) => aModel(columns, rows, 'nothing yet')],
  ['rollouts-empty', (columns, rows) => aModel(columns, rows, aSnapshot({ driver: { type: 'nobody', reason: 'start with --engine on, or run sluice engine' }, embedded: false, context: 'prod-eu' }))],
  ['rollout-timed-pause', (columns, rows) => opened(aModel(columns, rows), 'reviews')],
  ['rollout-gate', (columns, rows) => opened(aModel(columns, rows), 'silly')],
  ['rollout-aborted', (columns, rows) => opened(aModel(columns, rows), 'myapp')],
  ['rollout-healthy', (columns, rows) => opened(aModel(columns, rows), 'colorapi')],
  ['rollout-starting', (columns, rows) => opened(aModel(columns, rows), 'canary-demo')],
  ['rollout-trouble', (columns, rows) => opened(aModel(columns, rows, hostile), 'checkout')],
  ['rollout-steps', (columns, rows) => opened(aModel(columns, rows), 'reviews', 'tab', 'G')],
  ['rollout-metrics', (columns, rows) => opened(aModel(columns, rows), 'reviews', 'tab', 'tab')],
  ['rollout-beside', (columns, rows) => opened(aModel(columns, rows, measuredTwice), 'cart', 'tab', 'tab', 'j')],
  ['analysis-beside', (columns, rows) => opened(aModel(columns, rows, measuredTwice), 'cart', 'm')],
  ['rollout-gone', (columns, rows) => send(opened(aModel(columns, rows), 'reviews'), { type: 'cluster-changed', snapshot: demoSnapshot({ rollouts: [] }), now: NOW })],
  ['why-gate', (columns, rows) => opened(aModel(columns, rows), 'silly', 'w')],
  ['why-aborted', (columns, rows) => opened(aModel(columns, rows), 'myapp', 'w')],
  ['why-trouble', (columns, rows) => opened(aModel(columns, rows, hostile), 'checkout', 'w')],
  ['palette', (columns, rows) => keys(aModel(columns, rows), 'ctrl-p', ...'log')],
  ['command', (columns, rows) => keys(aModel(columns, rows), ':', ...'re')],
  ['rollouts-marked', (columns, rows) => keys(aModel(columns, rows), 'space', 'j', 'space', 'N', 'N')],
  ['yaml', (columns, rows) => opened(aModel(columns, rows), 'silly', 'y')],
  ['yaml-search', (columns, rows) => opened(aModel(columns, rows), 'silly', 'y', '/', ...'pause', 'enter', 'n')],
  ['describe', (columns, rows) => opened(aModel(columns, rows, eventful), 'checkout', 'j', 'j', 'd')],
  ['logs', (columns, rows) => logged(opened(aModel(columns, rows), 'reviews', 'l'))],
  ['analysis-jobs', (columns, rows) => opened(aModel(columns, rows, byJobs), 'cart', 'm')],
  ['analysis-sources', (columns, rows) => opened(aModel(columns, rows, bySources), 'cart', 'm')],
  ['rollout-jobs', (columns, rows) => opened(aModel(columns, rows, byJobs), 'cart')],
  ['analysis', (columns, rows) => opened(aModel(columns, rows), 'myapp', 'm')],
  ['experiment', (columns, rows) => send(opened(aModel(columns, rows), 'reviews', 'M'), experimentCame)],
  ['experiment-beside', experimentMeasures],
  ['revisions', (columns, rows) => opened(aModel(columns, rows), 'myapp', 'v')],
  ['diff', (columns, rows) => opened(aModel(columns, rows), 'reviews', 'D')],
  ['timeline', (columns, rows) => opened(aModel(columns, rows, eventful), 'checkout', 'T')],
  ['recent', (columns, rows) => opened(aModel(columns, rows, eventful), 'checkout', 'W')],
  ['history', (columns, rows) => opened(aModel(columns, rows), 'myapp', 'h')],
  ['events', (columns, rows) => opened(aModel(columns, rows, eventful), 'checkout', 'e', 'j')],
  ['events-filter', (columns, rows) => opened(aModel(columns, rows, eventful), 'checkout', 'e', '/', ...'!Normal')],
  ['question-promote', (columns, rows) => opened(aModel(columns, rows), 'silly', 'p')],
  ['question-full', (columns, rows) => opened(aModel(columns, rows), 'silly', 'P')],
  ['rollback', (columns, rows) => opened(aModel(columns, rows), 'silly', 'X')],
  ['question-moved', (columns, rows) => send(opened(aModel(columns, rows), 'silly', 'p'), {
    type: 'cluster-changed', now: NOW,
    snapshot: demoSnapshot({ rollouts: [aRollout('a-team/silly-demo').canary([{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }]).at(2).build()] }),
  })],
  ['clusters', (columns, rows) => severalClusters(columns, rows)],
  ['clusters-rollout', (columns, rows) => keys(severalClusters(columns, rows), 'enter')],
  ['clusters-question', (columns, rows) => keys(severalClusters(columns, rows, { connection: { type: 'live', lastSignalAt: NOW } }), 'g', 'space', 'j', 'space', 'p')],
  ['refused', (columns, rows) => keys(aModel(columns, rows), 'r')],
  ['help', (columns, rows) => keys(aModel(columns, rows), '?')],
  ['ascii', (columns, rows) => opened({ ...aModel(columns, rows, hostile), glyphs: ASCII_GLYPHS }, 'checkout')],
  ['ascii-list', (columns, rows) => ({ ...aModel(columns, rows), glyphs: ASCII_GLYPHS })],
];

/** The small sizes for what a person on a telephone or in a corner of tmux needs. */
const SMALL: ReadonlySet<string> = new Set(['clusters', 'rollouts', 'rollouts-many', 'rollouts-stale', 'rollout-gate', 'rollout-aborted', 'why-gate', 'why-trouble', 'question-promote', 'question-full', 'refused', 'help', 'events', 'logs', 'yaml', 'ascii', 'ascii-list', 'timeline', 'recent', 'history', 'rollback', 'revisions', 'rollout-steps']);

/** The widest size only where it shows something else than the others. */
const WIDEST: ReadonlySet<string> = new Set(['clusters', 'rollouts', 'rollouts-stale', 'rollout-timed-pause', 'rollout-aborted', 'question-promote', 'events', 'why-trouble', 'yaml', 'describe', 'logs', 'analysis', 'experiment', 'revisions', 'diff', 'timeline', 'history']);

for (const [name, scene] of SCENES) {
  for (const [columns, rows] of SIZES) {
    if (columns === 200 && !WIDEST.has(name)) continue;
    if (columns < 80 && !SMALL.has(name)) continue;
    test(`frame ${name} ${columns}x${rows}`, () => {
      const file = path.join(folder, `${name}-${columns}x${rows}.txt`);
      const drawn = printFrame(render(deepFreeze(scene(columns, rows))));
      if (process.env['UPDATE'] === '1') writeFileSync(file, drawn);
      assert.ok(existsSync(file), `${file} is missing: UPDATE=1 writes it`);
      assert.equal(drawn, readFileSync(file, 'utf8'));
    });
  }
}

test('every scene fits any size: nothing is drawn outside its pane', () => {
  for (const [, scene] of SCENES) {
    for (const [columns, rows] of [[30, 8], [40, 10], [62, 17], [100, 30], [109, 60], [132, 21], [250, 70], [10, 3]] as const) {
      printFrame(render({ ...scene(80, 24), size: { columns, rows } }));
      printFrame(render(send(scene(80, 24), { type: 'resized', size: { columns, rows } })));
    }
  }
});
