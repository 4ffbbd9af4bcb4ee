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
  template('tagged', { metrics: [aMetric({ successCondition: '{{args.y}}' })] }),
];

test('problems are found in the template that has them', () => {
  const cases: readonly [RolloutAnalysis, boolean, readonly [number, string] | undefined][] = [
    [{ templates: [{ templateName: 'once' }] }, false, undefined],
    [{ templates: [{ templateName: 'once' }, { templateName: 'gone' }] }, false, [1, "AnalysisTemplate 'gone' not found"]],
    [{ templates: [{ templateName: 'once', clusterScope: true }] }, false, [0, "ClusterAnalysisTemplate 'once' not found"]],
    [{ templates: [{ templateName: 'nested' }] }, true, [0, "AnalysisTemplate 'gone' not found"]],
    [{ templates: [{ templateName: 'endless' }] }, true, undefined],
    [{ templates: [{ templateName: 'endless' }] }, false, [0, 'AnalysisTemplate endless has metric endless which runs indefinitely. Invalid value for count: <nil>']],
    [{ templates: [{ templateName: 'counted' }], args: [{ name: 'count', value: '3' }] }, false, undefined],
    [{ templates: [{ templateName: 'counted' }], args: [{ name: 'count', valueFrom: { podTemplateHashValue: 'Latest' } }] }, false, undefined],
    [{ templates: [{ templateName: 'counted' }] }, true, [0, 'args.count was not resolved']],
    [{ templates: [{ templateName: 'counted' }], args: [{ name: 'other', value: '3' }] }, true, [0, 'args.count was not resolved']],
    [{ templates: [{ templateName: 'both' }] }, true, [0, "arg 'x' has both Value and ValueFrom fields"]],
    [{ templates: [{ templateName: 'own' }] }, false, undefined],
    [{ templates: [{ templateName: 'own' }, { templateName: 'foreign' }] }, true, [1, "AnalysisTemplate foreign has metric f: no metric plugin 'acme/gone'"]],
    [{ templates: [{ templateName: 'tagged' }] }, false, [0, 'failed to resolve {{args.y}}']],
    [{ templates: [{ templateName: 'once' }], dryRun: [{ metricName: 'a' }, { metricName: 'a' }] }, false, [0, "two Dry-Run metric rules have the same name 'a'"]],
  ];
  for (const [analysis, background, wanted] of cases) {
    const problem = analysisProblem(analysis, { templates: TEMPLATES, clusterTemplates: [] }, background, (name) => (name === 'acme/known' ? undefined : `no metric plugin '${name}'`));
    assert.deepEqual(problem === undefined ? undefined : [problem.index, problem.reason], wanted, JSON.stringify(analysis));
  }
});
