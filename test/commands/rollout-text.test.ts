// `get rollout` of what no recording holds: Services that take turns, an experiment with the canary's template, a rollout that no engine has seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain, rolloutText } from '../../src/commands/rollout-tree.js';
import type { KubeObject } from '../../src/kinds/kube-object.js';
import { formatTime } from '../../src/lib/instant.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const STEPS = [{ setWeight: 20 }, { pause: {} }];

const rollout = (canary: object, status: object): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'shop', namespace: 'mall', uid: 'r', creationTimestamp: formatTime(NOW) }, spec: { replicas: 4, strategy: { canary: { steps: STEPS, ...canary } } }, status,
});

const set = (name: string, owner: string, hash: string, available: number): KubeObject => ({
  apiVersion: 'apps/v1', kind: 'ReplicaSet',
  metadata: { name, namespace: 'mall', uid: name, labels: { 'rollouts-pod-template-hash': hash }, annotations: { 'rollout.argoproj.io/revision': '1' }, ownerReferences: [{ apiVersion: 'x/v1', kind: 'X', name: owner, uid: owner, controller: true }], creationTimestamp: formatTime(NOW) },
  spec: { replicas: available, template: { spec: { containers: [{ name: 'main', image: `reg.test/shop:${hash}` }] } } }, status: { replicas: available, availableReplicas: available },
});

const linesOf = (object: KubeObject, replicaSets: readonly KubeObject[]): readonly string[] => rolloutText({ rollout: object, replicaSets, pods: [], analysisRuns: [] }, NOW, plain).split('\n');
const valueOf = (lines: readonly string[], label: string): string | undefined => lines.find((line) => line.startsWith(label))?.slice(17);

const midway = { currentStepIndex: 1, stableRS: 'old', currentPodHash: 'new', availableReplicas: 5 };

for (const [turn, stable, canary] of [['ping', 'ping', 'pong'], ['pong', 'pong', 'ping'], ['', 'pong', 'ping']] as const) {
  test(`Services that take turns: the stable one is ${stable} where the status says "${turn}"`, () => {
    const object = rollout({ pingPong: { pingService: 'a', pongService: 'b' } }, { ...midway, canary: turn === '' ? {} : { stablePingPong: turn } });
    const lines = linesOf(object, [set('shop-old', 'r', 'old', 4), set('shop-new', 'r', 'new', 1), set('shop-odd', 'r', 'odd', 0)]);
    const infos = lines.flatMap((line) => /⧉ (\S+) .*\s(\S*)$/.exec(line)?.slice(1).join(' ') ?? []);
    assert.deepEqual(infos, [`shop-new canary,${canary}`, 'shop-odd ', `shop-old stable,${stable}`]);
  });
}

test("the weight counts the canary's own pods, not an experiment's of the same template", () => {
  const lines = linesOf(rollout({}, midway), [set('trial', 'e', 'new', 4), set('shop-old', 'r', 'old', 4), set('shop-new', 'r', 'new', 1)]);
  assert.deepEqual([valueOf(lines, '  SetWeight:'), valueOf(lines, '  ActualWeight:')], ['20', '20']);
});

test('a rollout that no engine has seen yet stands at its first step', () => {
  const lines = linesOf(rollout({}, {}), []);
  assert.deepEqual([valueOf(lines, '  Step:'), valueOf(lines, '  SetWeight:'), valueOf(lines, '  ActualWeight:')], ['0/2', '20', '0']);
  assert.deepEqual([valueOf(linesOf(rollout({ steps: [] }, {}), []), '  Step:'), valueOf(linesOf(rollout({ steps: [] }, {}), []), '  SetWeight:')], ['', '100']);
});

test('the jobs of an analysis are listed below it; other measurements are not', () => {
  const owner = [{ apiVersion: 'x/v1', kind: 'X', name: 'r', uid: 'r', controller: true }];
  const measured = (phase: string, secondsAgo: number, metadata?: object): object => ({ phase, startedAt: formatTime(NOW - secondsAgo * 1000), ...(metadata === undefined ? {} : { metadata }) });
  const metricResults = [{ name: 'smoke', successful: 1, measurements: [measured('Successful', 90, { 'job-name': 'u.smoke.1' }), measured('Running', 5, { 'job-name': 'u.smoke.2' })] }, { name: 'rate', measurements: [measured('Successful', 9)] }];
  const run: KubeObject = { apiVersion: 'x/v1', kind: 'AnalysisRun', metadata: { name: 'run', namespace: 'mall', uid: 'a', annotations: { 'rollout.argoproj.io/revision': '1' }, ownerReferences: owner, creationTimestamp: formatTime(NOW - 90_000) }, spec: {}, status: { phase: 'Running', metricResults } };
  const lines = rolloutText({ rollout: rollout({}, {}), replicaSets: [], pods: [], analysisRuns: [run] }, NOW, plain).split('\n').map((line) => line.trimEnd());
  assert.deepEqual(lines.slice(-3).map((line) => line.replaceAll(/ {2,}/g, '  ')), ['  └──α run  AnalysisRun  ◌ Running  90s  ✔ 1', '  ├──⊞ u.smoke.1  Job  ✔ Successful  90s', '  └──⊞ u.smoke.2  Job  ◌ Running  5s']);
});
