// `get experiment`, `list experiments` and an experiment in `get rollout`, as the plugin printed them when it was recorded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experimentList, experimentText } from '../../src/commands/experiment-text.js';
import { plain, rolloutText } from '../../src/commands/rollout-tree.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { formatTime } from '../../src/lib/instant.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');

type Given = { readonly uid: string; readonly owner?: string; readonly age: number; readonly annotations?: Readonly<Record<string, string>>; readonly labels?: Readonly<Record<string, string>> };

function anObject(kind: string, name: string, { uid, owner, age, annotations = {}, labels = {} }: Given, more: object): KubeObject {
  const ownerReferences = owner === undefined ? [] : [{ apiVersion: 'x/v1', kind: 'X', name: owner, uid: owner, controller: true }];
  return { apiVersion: 'x/v1', kind, metadata: { name, namespace: 'mall', uid, annotations, labels, ownerReferences, creationTimestamp: formatTime(NOW - age * 1000) }, ...more };
}

const pod = (name: string, owner: string): KubeObject => anObject('Pod', name, { uid: name, owner, age: 3 }, {
  spec: { containers: [{ name: 'main' }] }, status: { phase: 'Running', containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: { running: {} } }] },
});

const set = (name: string, uid: string, owner: string, template: string, version: number): KubeObject =>
  anObject('ReplicaSet', name, { uid, owner, age: 3, annotations: { 'experiment.argoproj.io/template-name': template } }, {
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'main', image: `reg.test/duel:${version}` }] } } }, status: { replicas: 1, availableReplicas: 1 },
  });

const experiment = (status: object): KubeObject => anObject('Experiment', 'duel-fb9-2-0', { uid: 'e', owner: 'r', age: 3, annotations: { 'rollout.argoproj.io/revision': '2' } }, { spec: { duration: '1m' }, status });
const objects = {
  replicaSets: [set('duel-fb9-2-0-base', 'b', 'e', 'base', 1), set('duel-fb9-2-0-cand', 'c', 'e', 'cand', 2)],
  pods: [pod('duel-fb9-2-0-base-x', 'b'), pod('duel-fb9-2-0-cand-x', 'c')],
  analysisRuns: [anObject('AnalysisRun', 'duel-fb9-2-0-cmp', { uid: 'a', owner: 'e', age: 2 }, { status: { phase: 'Running', metricResults: [{ successful: 3 }] } })],
};

const running = experiment({ phase: 'Running', availableAt: formatTime(NOW - 20_000) });

test('get experiment', () => {
  assert.equal(experimentText(running, objects, NOW, plain), [
    'Name:            duel-fb9-2-0',
    'Namespace:       mall',
    'Status:          ◌ Running',
    'Images:          reg.test/duel:1 (Σ:base)',
    '                 reg.test/duel:2 (Σ:cand)',
    '',
    'NAME                         KIND         STATUS     AGE  INFO',
    'Σ duel-fb9-2-0               Experiment   ◌ Running  3s   ',
    '├──⧉ duel-fb9-2-0-base       ReplicaSet   ✔ Healthy  3s   ',
    '│  └──□ duel-fb9-2-0-base-x  Pod          ✔ Running  3s   ready:1/1',
    '├──⧉ duel-fb9-2-0-cand       ReplicaSet   ✔ Healthy  3s   ',
    '│  └──□ duel-fb9-2-0-cand-x  Pod          ✔ Running  3s   ready:1/1',
    '└──α duel-fb9-2-0-cmp        AnalysisRun  ◌ Running  2s   ✔ 3',
  ].join('\n'));
});

test('list experiments: the time left is that of the duration', () => {
  assert.equal(experimentList([running], NOW, false), 'NAME          STATUS   DURATION  REMAINING  AGE\nduel-fb9-2-0  Running  1m        40s        3s');
  const over = experiment({ phase: 'Successful', availableAt: formatTime(NOW - 20_000) });
  assert.equal(experimentList([over], NOW, true), 'NAMESPACE  NAME          STATUS      DURATION  REMAINING  AGE\nmall       duel-fb9-2-0  Successful  1m        -          3s');
});

test('get rollout shows the experiment of a step below its revision, and its images', () => {
  const rollout = anObject('Rollout', 'duel', { uid: 'r', age: 5 }, { spec: { strategy: { canary: { steps: [{ experiment: {} }] } } }, status: { currentStepIndex: 0 } });
  const text = rolloutText({ rollout, ...objects, experiments: [running] }, NOW, plain);
  assert.match(text, /Images: {10}reg\.test\/duel:1 \(Σ:base\)\n {17}reg\.test\/duel:2 \(Σ:cand\)/);
  assert.match(text, /# revision:2.*\n {3}└──Σ duel-fb9-2-0 .*\n {6}├──⧉ duel-fb9-2-0-base .*\n {6}│ {2}└──□ .*\n {6}├──⧉ duel-fb9-2-0-cand .*\n.*\n {6}└──α duel-fb9-2-0-cmp /);
});
