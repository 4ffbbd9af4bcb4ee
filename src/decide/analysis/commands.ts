// What an operator can do to an AnalysisRun or an Experiment that is under way.

import type { Change, Refusal } from '../../kinds/change.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import { refOf } from '../../kinds/object-ref.js';
import { ANALYSIS_RUN, EXPERIMENT } from '../../kinds/resource-type.js';
import { isRecord } from '../../lib/deep.js';

const ENDED: readonly unknown[] = ['Successful', 'Failed', 'Error', 'Inconclusive'];

/** Forgets what an experiment has come to: it begins again. */
export function retryExperiment(experiment: KubeObject): readonly Change[] {
  return [{ type: 'patch', ref: refOf(EXPERIMENT, experiment), patchType: 'merge', body: { status: null }, why: 'retried by a person' }];
}

/** Ends it now; what has been measured so far counts. The guarded form refuses one that has ended. */
export function terminate(object: KubeObject, form: 'plain' | 'guarded'): readonly Change[] | Refusal {
  const type = object.kind === 'Experiment' ? EXPERIMENT : ANALYSIS_RUN;
  const phase = isRecord(object['status']) ? object['status']['phase'] : undefined;
  const why = 'ended by a person';
  if (form === 'plain') return [{ type: 'patch', ref: refOf(type, object), patchType: 'merge', body: { spec: { terminate: true } }, why }];
  if (ENDED.includes(phase)) return { type: 'refusal', reason: `nothing to end: it is ${String(phase)} already` };
  const body = [
    ...(object.metadata.uid === undefined ? [] : [{ op: 'test', path: '/metadata/uid', value: object.metadata.uid }]),
    { op: 'add', path: '/spec/terminate', value: true },
  ];
  return [{ type: 'patch', ref: refOf(type, object), patchType: 'json', body, why }];
}
