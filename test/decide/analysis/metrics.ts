// Small metrics and runs for the tests of decide/analysis.

import type { AnalysisRun, AnalysisRunStatus, Metric } from '../../../src/kinds/analysis-run.js';
import { parseTime } from '../../../src/lib/instant.js';
import { deepFreeze } from '../../../src/lib/deep.js';

export const T0 = parseTime('2026-11-21T10:00:00Z') ?? 0;

export const aMetric = (fields: Partial<Metric> = {}): Metric => ({ name: 'a', provider: { web: { url: 'http://x/' } }, ...fields });

export function aRun(metrics: readonly Metric[], spec: Partial<AnalysisRun['spec']> = {}, status?: AnalysisRunStatus): AnalysisRun {
  return deepFreeze({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata: { name: 'run', namespace: 'ns', uid: 'u1' }, spec: { metrics, ...spec }, ...(status === undefined ? {} : { status }) });
}
