// `sluice lint -f FILE`: each thing that is wrong, what the file does not hold, and the exit codes. Every rule of a rollout's spec is in
// decide/rollout/spec-rules.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Ran, sluice, temporaryFolder } from '../support/sluice.js';
import { SHOP } from './manifests.js';

const folder = temporaryFolder();
after(() => folder.remove());

/** With $FILE for the path of the file. */
async function lint(text: string, ...words: string[]): Promise<Ran> {
  const file = folder.file('file.yaml', text);
  const { code, stdout, stderr } = await sluice(['lint', '-f', file, ...words]);
  return { code, stdout: stdout.replaceAll(file, '$FILE'), stderr: stderr.replaceAll(file, '$FILE') };
}

const changed = (from: string | RegExp, to: string): string => {
  const text = SHOP.replace(from, to);
  assert.notEqual(text, SHOP);
  return text;
};

test('nothing wrong: nothing is said', async () => {
  assert.deepEqual(await lint(SHOP), { code: 0, stdout: '', stderr: '' });
});

test('every problem has its place, the first one comes last again as the plugin says it, and the exit code is 1', async () => {
  const ran = await lint(changed('setWeight: 20', 'setWeight: 120').replace('  replicas: 2', '  replicas: -2'));
  assert.equal(ran.code, 1);
  assert.match(ran.stdout, /^\$FILE:\d+: Rollout shop: spec\.replicas: Invalid value: -2: must be greater than or equal to 0\n\$FILE:\d+: Rollout shop: spec\.strategy\.steps\[0\]\.setWeight: Invalid value: 120: SetWeight needs to be between 0 and 100\n$/);
  assert.equal(ran.stderr, 'Error: spec.replicas: Invalid value: -2: must be greater than or equal to 0\n');
});

/** What is changed, and what is then said. */
const MISTAKES: readonly (readonly [what: string, text: string, wanted: RegExp])[] = [
  ['a field that is not known', changed('setWeight: 20', 'setWeigth: 20'), /Rollout shop: spec\.strategy\.canary\.steps\[0\]\.setWeigth: is not a known field\n/],
  ['a field of the wrong form', changed('  replicas: 2', '  replicas: two'), /Rollout shop: spec\.replicas: must be a whole number, not "two"\n/],
  ['another version', changed('apiVersion: argoproj.io/v1alpha1', 'apiVersion: argoproj.io/v1'), /apiVersion: Invalid value: "argoproj\.io\/v1": must be argoproj\.io\/v1alpha1\n/],
  ['a Service of other pods', changed('    app: shop\n  ports', '    app: ship\n  ports'), /Service "shop-stable" has unmatch label "app" in rollout\n/],
  ['a route without the canary', changed('host: shop-canary', 'host: shop-other'), /Canary Service 'shop-canary' not found in route\n/],
  [
    'conditions, templates in a circle and metrics that can not be',
    `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate}
spec:
  templates: [{templateName: rate}]
  metrics:
  - {name: a, count: 2, successCondition: 'result[0] >', provider: {prometheus: {query: up}}}
`,
    /AnalysisTemplate rate: spec\.metrics\[0\]: interval must be specified when count > 1\n.*spec\.metrics\[0\]\.successCondition: Invalid value: "result\[0\] >": unexpected token EOF.*\n.*AnalysisTemplate 'rate' contains itself/,
  ],
  [
    'metric sources that can not be asked so',
    `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate}
spec:
  args: [{name: method}]
  metrics:
  - {name: a, provider: {datadog: {query: '{{args.method}}', queries: {a: x}}}}
  - {name: b, provider: {web: {url: 'http://x', body: y}}}
  - {name: c, provider: {newRelic: {query: x, timeout: -1}}}
  - {name: d, provider: {web: {url: 'http://x', method: '{{args.method}}', body: y}}}
`,
    /provider\.datadog: Cannot have both a query and queries\..*\n.*metrics\[1\]\.provider\.web: Body\/JSONBody can only be used with POST or PUT.*\n.*metrics\[2\]\.provider\.newRelic: timeout value needs to be a positive value\n(?!.*metrics\[3\])/,
  ],
  [
    'an experiment with a template twice',
    `apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: duel}
spec:
  templates:
  - &one {name: base, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}}
  - *one
`,
    /Experiment duel: spec\.templates\[1\]\.name: Invalid value: "base": Experiment has two templates with the same name\n/,
  ],
  ['an analysis run without metrics', 'apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\nmetadata: {name: run}\nspec: {metrics: []}\n', /AnalysisRun run: spec\.no metrics specified\n/],
];

for (const [what, text, wanted] of MISTAKES) {
  test(what, async () => {
    const ran = await lint(text);
    assert.equal(ran.code, 1, ran.stdout);
    assert.match(ran.stdout, wanted);
    assert.match(ran.stderr, /^Error: [^\n]+\n$/);
  });
}

test('what is not in the file may be in the cluster: it is named, and nothing is wrong', async () => {
  const rollout = `apiVersion: ${SHOP.split('apiVersion: ').at(-1) ?? ''}`;
  const ran = await lint(rollout);
  assert.deepEqual([ran.code, ran.stdout], [0, '']);
  assert.equal(ran.stderr, 'note: $FILE:1: Rollout shop: not in the file, so not looked at: Service shop-stable, Service shop-canary, the istio route\'s virtualservices.networking.istio.io "shop"\n');
});

test('a template that the file holds is held against the arguments, also where arguments stand for numbers', async () => {
  const template = `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate}
spec:
  args: [{name: host}, {name: count}, {name: often}]
  metrics:
  - {name: a, count: '{{args.count}}', interval: '{{args.often}}', successCondition: 'result[0] > 0', provider: {prometheus: {query: '{{args.host}}'}}}
`;
  const step = (args: string): string => `${SHOP.replace(/( +)- setWeight: 20/, `$1- analysis: {templates: [{templateName: rate}], args: [${args}]}\n$1- setWeight: 20`)}\n${template}`;
  assert.deepEqual(await lint(step("{name: host, value: a}, {name: count, value: '3'}, {name: often, value: 5s}")), { code: 0, stdout: '', stderr: '' });
  assert.match((await lint(step("{name: host, value: a}, {name: count, value: '3'}"))).stdout, /spec\.strategy\.canary\.steps\[0\]\.analysis\.templates: Invalid value: "templateNames: \[rate\]": often\n/);
});

test('a workload in the file gives the template; one elsewhere is taken as right', async () => {
  const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: mill}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: mill}
  strategy: {canary: {steps: [{setWeight: 20}]}}
`;
  const deployment = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mill}
spec:
  selector: {matchLabels: {app: mill}}
  template: {metadata: {labels: {app: mill}}, spec: {containers: [{name: main}]}}
`;
  const elsewhere = await lint(rollout);
  assert.deepEqual([elsewhere.code, elsewhere.stderr], [0, 'note: $FILE:1: Rollout mill: not in the file, so not looked at: Deployment mill\n']);
  assert.match((await lint(rollout + deployment)).stdout, /spec\.template\.spec\.containers\[0\]\.image: Required value\n/);
  assert.match((await lint(rollout.replace('kind: Deployment', 'kind: Job'))).stdout, /workload of type apps\/Job is not supported\n/);
});

test('a file that is no YAML or is not there: where, and exit code 1', async () => {
  const broken = await lint('a: [\n');
  assert.deepEqual([broken.code, broken.stdout], [1, '']);
  assert.match(broken.stderr, /^Error: \$FILE:\d+:\d+: .+\n$/);
  assert.match((await sluice(['lint', '-f', '/nowhere.yaml'])).stderr, /^Error: \/nowhere\.yaml: can not be read: .+\n$/);
});

test('a null is nothing, and what is too deep for any server is told', async () => {
  assert.deepEqual(await lint(changed('  replicas: 2', '  replicas: 2\n  paused: null')), { code: 0, stdout: '', stderr: '' });
  assert.match((await lint(`a: ${'{'.repeat(3000)}`)).stderr, /^Error: \$FILE:1:1: lists and maps stand more than 100 deep in each other\n$/);
});
