// Templates to the spec of a run: nesting, circles, arguments, merged rules; and arguments put into metrics.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { judge } from '../../../src/decide/analysis/judge.js';
import { maskSecrets, maskValue } from '../../../src/decide/analysis/mask.js';
import { recordMeasurement } from '../../../src/decide/analysis/measurement.js';
import { buildRunSpec, type RunSpecInput } from '../../../src/decide/analysis/run-spec.js';
import { argumentValues, resolveMetric } from '../../../src/decide/analysis/template-args.js';
import type { AnalysisTemplate, AnalysisTemplateSpec } from '../../../src/kinds/analysis-template.js';
import { aMetric, T0 } from './metrics.js';

const template = (name: string, spec: AnalysisTemplateSpec): AnalysisTemplate => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', metadata: { name }, spec });
const build = (input: Partial<RunSpecInput>): ReturnType<typeof buildRunSpec> => buildRunSpec({ templates: [], clusterTemplates: [], refs: [], args: [], dryRun: [], measurementRetention: [], ...input });
const metric = (name: string): ReturnType<typeof aMetric> => aMetric({ name });

test('nested templates come depth-first, once each, cluster ones last', () => {
  const built = build({
    refs: [{ templateName: 'c', clusterScope: true }, { templateName: 'a' }],
    templates: [template('a', { metrics: [metric('a')], templates: [{ templateName: 'b' }] }), template('b', { metrics: [metric('b')] })],
    clusterTemplates: [template('c', { metrics: [metric('c')], templates: [{ templateName: 'b' }] })],
  });
  assert.deepEqual(built.ok && built.value.metrics.map((item) => item.name), ['b', 'a', 'c']);
});

test('what can not be merged is refused with the reason', () => {
  const circle = [template('a', { templates: [{ templateName: 'b' }] }), template('b', { templates: [{ templateName: 'a' }] })];
  const cases: readonly [Partial<RunSpecInput>, RegExp][] = [
    [{ refs: [{ templateName: 'x' }] }, /^AnalysisTemplate 'x' not found$/],
    [{ refs: [{ templateName: 'x', clusterScope: true }] }, /^ClusterAnalysisTemplate 'x' not found$/],
    [{ refs: [{ templateName: 'a' }], templates: circle }, /^AnalysisTemplate 'a' contains itself: /],
    [{ refs: [{ templateName: 'a' }, { templateName: 'b' }], templates: [template('a', { metrics: [metric('m')] }), template('b', { metrics: [metric('m')] })] }, /^two metrics have the same name 'm'$/],
    [{ refs: [{ templateName: 'a' }], templates: [template('a', { metrics: [metric('m')], args: [{ name: 'x' }] })] }, /^args\.x was not resolved$/],
    [{ refs: [{ templateName: 'a' }, { templateName: 'b' }], templates: [template('a', { args: [{ name: 'x', value: '1' }] }), template('b', { args: [{ name: 'x', value: '2' }] })] },
      /^Argument `x` specified multiple times with different values: '1', '2'$/],
    [{ refs: [{ templateName: 'a' }], templates: [template('a', { dryRun: [{ metricName: 'm' }] })], dryRun: [{ metricName: 'm' }] }, /^two Dry-Run metric rules have the same name 'm'$/],
    [{ refs: [{ templateName: 'a' }], templates: [template('a', { measurementRetention: [{ metricName: 'm', limit: 1 }] })], measurementRetention: [{ metricName: 'm', limit: 2 }] },
      /^two Measurement Retention metric rules have the same name 'm'$/],
  ];
  for (const [input, wanted] of cases) {
    const built = build(input);
    assert.ok(!built.ok);
    assert.match(built.error, wanted);
  }
});

test('given values win over those of templates, undeclared ones are dropped, secrets stay references', () => {
  const secret = { secretKeyRef: { name: 's', key: 'k' } };
  const built = build({
    refs: [{ templateName: 'a' }],
    templates: [template('a', { metrics: [metric('m')], args: [{ name: 'x', value: '1' }, { name: 'y', value: '2' }, { name: 'z', valueFrom: secret }] })],
    args: [{ name: 'x', value: '9' }, { name: 'other', value: '3' }],
  });
  assert.deepEqual(built.ok && built.value.args, [{ name: 'x', value: '9' }, { name: 'y', value: '2' }, { name: 'z', valueFrom: secret }]);
});

test('arguments go into any text of a metric, whatever characters they have', () => {
  const values = argumentValues([{ name: 'q', value: 'a"b\\c\n{{args.q}}' }, { name: 'n', value: '3' }]);
  assert.ok(values.ok);
  const resolved = resolveMetric(aMetric({ count: '{{ args.n }}', provider: { web: { url: 'http://{{args.n}}/', headers: [{ key: 'q', value: '{{args.q}}' }] } } }), values.value);
  assert.deepEqual(resolved.ok && [resolved.value.count, resolved.value.provider.web?.url, resolved.value.provider.web?.headers], ['3', 'http://3/', [{ key: 'q', value: 'a"b\\c\n{{args.q}}' }]]);
  const failed = resolveMetric(aMetric({ successCondition: 'result == {{ other }}' }), values.value);
  assert.deepEqual(failed, { ok: false, error: 'failed to resolve {{ other }}' });
});

test('failure outweighs success, neither is inconclusive, none given is a success', () => {
  const cases: readonly [Parameters<typeof aMetric>[0], string, string | undefined][] = [
    [{}, 'Successful', undefined],
    [{ successCondition: 'result > 1' }, 'Successful', undefined],
    [{ successCondition: 'result > 9' }, 'Failed', undefined],
    [{ failureCondition: 'result > 1' }, 'Failed', undefined],
    [{ failureCondition: 'result > 9' }, 'Successful', undefined],
    [{ successCondition: 'result > 1', failureCondition: 'result > 1' }, 'Failed', undefined],
    [{ successCondition: 'result > 9', failureCondition: 'result > 9' }, 'Inconclusive', undefined],
    [{ successCondition: 'result' }, 'Error', 'expected bool, but got float64'],
    [{ successCondition: 'result > 1', failureCondition: 'nope' }, 'Error', 'unknown name nope'],
  ];
  for (const [fields, phase, message] of cases) assert.deepEqual(judge(aMetric(fields), 5, T0), message === undefined ? { phase } : { phase, message });
});

test('secrets are masked wherever a measurement tells something', () => {
  assert.equal(maskSecrets('token abc and abcdef', ['abc', 'abcdef', '']), 'token ***** and *****');
  assert.equal(maskSecrets('a=p%40ss%201 b=p@ss%201 c=p%40ss+1 d=cEBzcyAx e="p@ss 1"', ['p@ss 1\n']), 'a=***** b=***** c=***** d=***** e="*****"');
  assert.equal(maskSecrets('https://host/?q=1', ['1']), 'https://host/?q=*****');
  assert.equal(maskValue('[0.981]', ['1']), '[0.981]');
  assert.equal(maskSecrets('a lone \ud800abc', ['\ud800abc']), 'a lone *****');
  const status = recordMeasurement({ phase: 'Running' }, {
    metric: 'a', dryRun: false, startedAt: T0, finishedAt: T0, phase: 'Error', message: 'Get "http://x/?key=s3cret": refused', metadata: { w: 's3cret' }, metricMetadata: { q: 'up{k="s3cret"}' }, secrets: ['s3cret'],
  }, undefined);
  assert.ok(!JSON.stringify(status).includes('s3cret'));
  assert.match(JSON.stringify(status), /\*{5}/);
});
