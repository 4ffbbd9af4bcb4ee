// What a rollout may name as its analysis.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { analysisProblem } from '../../../src/decide/analysis/references.js';
import type { RolloutAnalysis } from '../../../src/kinds/analysis-spec.js';
import type { AnalysisTemplate, AnalysisTemplateSpec } from '../../../src/kinds/analysis-template.js';
import { aMetric } from './metrics.js';

const template = (name: string, spec: AnalysisTemplateSpec): AnalysisTemplate => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', metadata: { name }, spec });

const TEMPLATES = [
  template('once', { metrics: [aMetric({ name: 'once' })] }),
  template('endless', { metrics: [aMetric({ name: 'endless', interval: '1m' })] }),
  template('counted', { metrics: [aMetric({ name: 'counted', interval: '1m', count: '{{args.count}}' })], args: [{ name: 'count' }] }),
  template('nested', { templates: [{ templateName: 'gone' }] }),
  template('both', { metrics: [aMetric()], args: [{ name: 'x', value: '1', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
  template('own', { metrics: [aMetric({ provider: { plugin: { 'acme/known': {} } } })] }),
  template('foreign', { metrics: [aMetric({ name: 'f', provider: { plugin: { 'acme/gone': {} } } })] }),
  template('three', { metrics: [aMetric({ name: 'three' })], args: [{ name: 'limit', value: '3' }] }),
  template('five', { metrics: [aMetric({ name: 'five' })], args: [{ name: 'limit', value: '5' }] }),
  template('tagged', { metrics: [aMetric({ successCondition: '{{args.y}}' })] }),
];

test('problems are found in the template that has them', () => {
  const cases: readonly [RolloutAnalysis, boolean, readonly [string, string] | undefined][] = [
    [{ templates: [{ templateName: 'once' }] }, false, undefined],
    [{ templates: [{ templateName: 'once' }, { templateName: 'gone' }] }, false, ['gone', "AnalysisTemplate 'gone' not found"]],
    [{ templates: [{ templateName: 'once', clusterScope: true }] }, false, ['once', "ClusterAnalysisTemplate 'once' not found"]],
    [{ templates: [{ templateName: 'nested' }] }, true, ['nested', "AnalysisTemplate 'gone' not found"]],
    [{ templates: [{ templateName: 'endless' }] }, true, undefined],
    [{ templates: [{ templateName: 'endless' }] }, false, ['endless', 'AnalysisTemplate endless has metric endless which runs indefinitely. Invalid value for count: <nil>']],
    [{ templates: [{ templateName: 'counted' }], args: [{ name: 'count', value: '3' }] }, false, undefined],
    [{ templates: [{ templateName: 'counted' }], args: [{ name: 'count', valueFrom: { podTemplateHashValue: 'Latest' } }] }, false, undefined],
    [{ templates: [{ templateName: 'counted' }] }, true, ['templateNames: [counted]', 'args.count was not resolved']],
    [{ templates: [{ templateName: 'counted' }], args: [{ name: 'other', value: '3' }] }, true, ['templateNames: [counted]', 'args.count was not resolved']],
    [{ templates: [{ templateName: 'both' }] }, true, ['templateNames: [both]', "arg 'x' has both Value and ValueFrom fields"]],
    [{ templates: [{ templateName: 'three' }, { templateName: 'five' }] }, true, ['templateNames: [three five]', "Argument `limit` specified multiple times with different values: '3', '5'"]],
    [{ templates: [{ templateName: 'own' }] }, false, undefined],
    [{ templates: [{ templateName: 'own' }, { templateName: 'foreign' }] }, true, ['foreign', "AnalysisTemplate foreign has metric f: no metric plugin 'acme/gone'"]],
    [{ templates: [{ templateName: 'tagged' }] }, false, ['tagged', 'failed to resolve {{args.y}}']],
    [{ templates: [{ templateName: 'once' }], dryRun: [{ metricName: 'a' }, { metricName: 'a' }] }, false, ['templateNames: [once]', "two Dry-Run metric rules have the same name 'a'"]],
  ];
  for (const [analysis, background, wanted] of cases) {
    const problem = analysisProblem(analysis, { templates: TEMPLATES, clusterTemplates: [] }, background, (name) => (name === 'acme/known' ? undefined : `no metric plugin '${name}'`));
    assert.deepEqual(problem === undefined ? undefined : [problem.name, problem.reason], wanted, JSON.stringify(analysis));
  }
});
