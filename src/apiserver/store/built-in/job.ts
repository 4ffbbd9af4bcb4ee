// Jobs: their counts, the labels by which they know their pods, and a template that is fixed.

import type { KubeObject } from '../../../kinds/kube-object.js';
import { deepEqual, isRecord } from '../../../lib/deep.js';
import { recordAt, textAt, type Draft, type KindRules } from '../kind.js';
import { invalidValue, requiredValue, unsupportedValue, type FieldError } from '../status.js';
import { validateContainers } from './containers.js';
import { withPodDefaults } from './pod.js';

const UID_LABEL = 'batch.kubernetes.io/controller-uid';
const NAME_LABEL = 'batch.kubernetes.io/job-name';

/** The selector is the server's own, unless asked otherwise. */
function prepareCreate(draft: Draft): void {
  draft['status'] = {};
  const { spec } = draft;
  // A selector that is sent all the same is refused by what is not in it.
  if (!isRecord(spec) || spec['manualSelector'] === true || !isRecord(spec['template'])) return;
  const { uid = '', name } = draft.metadata;
  const template = spec['template'];
  const metadata = recordAt(template, 'metadata');
  const labels = { ...recordAt(metadata, 'labels'), [UID_LABEL]: uid, [NAME_LABEL]: name, 'controller-uid': uid, 'job-name': name };
  spec['template'] = { ...template, metadata: { ...metadata, labels } };
  const sent = recordAt(spec, 'selector');
  spec['selector'] = { ...sent, matchLabels: { ...recordAt(sent, 'matchLabels'), [UID_LABEL]: uid } };
}

function setDefaults(draft: Draft): void {
  const { spec } = draft;
  if (!isRecord(spec)) return;
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  spec['parallelism'] ??= 1;
  spec['backoffLimit'] ??= 6;
  spec['completionMode'] ??= 'NonIndexed';
  spec['suspend'] ??= false;
  spec['manualSelector'] ??= false;
  spec['podReplacementPolicy'] ??= 'TerminatingOrFailed';
  if (isRecord(spec['template'])) spec['template'] = withPodDefaults(spec['template']);
  const labels = recordAt(recordAt(spec['template'], 'metadata'), 'labels') as Record<string, string>;
  if (Object.keys(draft.metadata.labels ?? {}).length === 0 && Object.keys(labels).length > 0) draft.metadata.labels = labels;
}

function checkSelector(draft: Draft, spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  if (spec['manualSelector'] === true) return [];
  const own = { matchLabels: { [UID_LABEL]: draft.metadata.uid } };
  return deepEqual(spec['selector'], own) ? [] : [invalidValue('spec.selector', spec['selector'], '`selector` not auto-generated')];
}

const COUNTS = ['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'];
const FIXED = ['completions', 'selector', 'completionMode', 'template'];

function validate(draft: Draft, old: KubeObject | undefined): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  const errors: FieldError[] = [];
  for (const key of COUNTS) {
    const value = spec[key];
    if (typeof value === 'number' && value < 0) errors.push(invalidValue(`spec.${key}`, value, 'must be greater than or equal to 0'));
  }
  const podSpec = recordAt(recordAt(spec, 'template'), 'spec');
  errors.push(...validateContainers(podSpec, 'spec.template.spec'));
  const restart = textAt(podSpec, 'restartPolicy');
  if (restart === 'Always') errors.push(requiredValue('spec.template.spec.restartPolicy', 'valid values: "OnFailure", "Never"'));
  else if (restart !== 'OnFailure' && restart !== 'Never') errors.push(unsupportedValue('spec.template.spec.restartPolicy', restart, ['OnFailure', 'Never']));
  if (old === undefined) return [...errors, ...checkSelector(draft, spec)];
  const before = recordAt(old, 'spec');
  // What a suspended job looks like may still be changed.
  const fixed = before['suspend'] === true ? FIXED.filter((key) => key !== 'template') : FIXED;
  for (const key of fixed) if (!deepEqual(before[key], spec[key])) errors.push(invalidValue(`spec.${key}`, spec[key], 'field is immutable'));
  return errors;
}

function prepareUpdate(draft: Draft, old: KubeObject): void {
  const { spec } = draft;
  if (!isRecord(spec)) return;
  spec['selector'] ??= recordAt(old, 'spec')['selector'];
}

const LABELS = [UID_LABEL, NAME_LABEL, 'controller-uid', 'job-name'];

export const JOB_RULES: KindRules = {
  serverSet: [
    ['spec', 'selector'],
    ['spec', 'template', 'metadata'],
    ['metadata', 'labels'],
    ...LABELS.map((key) => ['spec', 'template', 'metadata', 'labels', key]),
  ],
  // So it was before owners were looked after, and clients that mean something else say so.
  orphansDependents: true,
  hasGeneration: true,
  prepareCreate,
  prepareUpdate,
  setDefaults,
  validate,
  selectableFields: { 'status.successful': (object) => JSON.stringify(recordAt(object, 'status')['succeeded'] ?? 0) },
};
