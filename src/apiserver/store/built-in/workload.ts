// Deployments and ReplicaSets: replicas, strategy, and a selector that is fixed and fits the template; and templates alone.

import type { KubeObject, LabelSelector } from '../../../kinds/kube-object.js';
import { deepEqual, isRecord } from '../../../lib/deep.js';
import { listAt, recordAt, textAt, type Draft, type KindRules, type ScalePaths } from '../kind.js';
import { formatLabelSelector, parseLabelSelector, type Labels } from '../../../kinds/label-selector-text.js';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue, type FieldError } from '../status.js';
import { validateContainers } from './containers.js';
import { withPodDefaults } from './pod.js';
import { checkShare } from './shares.js';

export const WORKLOAD_SCALE: ScalePaths = { specReplicas: '.spec.replicas', statusReplicas: '.status.replicas', selector: '.spec.selector' };

function withTemplate(draft: Draft): Record<string, unknown> | undefined {
  const { spec } = draft;
  if (!isRecord(spec)) return undefined;
  spec['replicas'] ??= 1;
  if (isRecord(spec['template'])) spec['template'] = withPodDefaults(spec['template']);
  return spec;
}

function defaultDeployment(draft: Draft): void {
  const spec = withTemplate(draft);
  if (spec === undefined) return;
  spec['revisionHistoryLimit'] ??= 10;
  spec['progressDeadlineSeconds'] ??= 600;
  const strategy: Record<string, unknown> = { ...recordAt(spec, 'strategy') };
  strategy['type'] ??= 'RollingUpdate';
  if (strategy['type'] === 'RollingUpdate') strategy['rollingUpdate'] = { maxUnavailable: '25%', maxSurge: '25%', ...recordAt(strategy, 'rollingUpdate') };
  spec['strategy'] = strategy;
}

function selectorMatches(selector: unknown, labels: Labels): boolean {
  const test = parseLabelSelector(formatLabelSelector(selector as LabelSelector));
  return test.ok && (test.value?.(labels) ?? true);
}

const isEmptySelector = (selector: unknown): boolean =>
  Object.keys(recordAt(selector, 'matchLabels')).length + listAt(selector, 'matchExpressions').length === 0;

const checkCount = (field: string, value: unknown): readonly FieldError[] =>
  typeof value === 'number' && value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];

const shownLabels = (labels: Labels): Labels | null => (Object.keys(labels).length === 0 ? null : labels);

function validateStrategy(draft: Draft): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  const strategy = recordAt(spec, 'strategy');
  const { progressDeadlineSeconds, minReadySeconds = 0 } = spec;
  const tooSoon = typeof progressDeadlineSeconds === 'number' && typeof minReadySeconds === 'number' && progressDeadlineSeconds <= minReadySeconds;
  const late = tooSoon ? [invalidValue('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds')] : [];
  const field = 'spec.strategy.rollingUpdate';
  if (strategy['type'] === 'Recreate')
    return isRecord(strategy['rollingUpdate']) ? [forbiddenField(field, "may not be specified when strategy `type` is 'Recreate'"), ...late] : late;
  const { maxUnavailable, maxSurge } = recordAt(strategy, 'rollingUpdate');
  const errors = [...checkShare(`${field}.maxUnavailable`, maxUnavailable), ...checkShare(`${field}.maxSurge`, maxSurge)];
  const isNone = (share: unknown): boolean => share === 0 || share === '0%';
  if (isNone(maxUnavailable) && isNone(maxSurge)) errors.push(invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  const most = typeof maxUnavailable === 'string' ? Number(maxUnavailable.replace('%', '')) : 0;
  if (most > 100) errors.push(invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'));
  return [...errors, ...late];
}

function validate(draft: Draft, old: KubeObject | undefined): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  const errors: FieldError[] = [];
  for (const key of ['replicas', 'minReadySeconds', 'revisionHistoryLimit'] as const) errors.push(...checkCount(`spec.${key}`, spec[key]));
  const { selector } = spec;
  const template = recordAt(spec, 'template');
  const labels = recordAt(recordAt(template, 'metadata'), 'labels') as Labels;
  if (!isRecord(selector))
    errors.push(
      requiredValue('spec.selector'),
      invalidValue('spec.template.metadata.labels', shownLabels(labels), '`selector` does not match template `labels`'),
    );
  else if (isEmptySelector(selector)) errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
  else if (!selectorMatches(selector, labels))
    errors.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  errors.push(...validateContainers(template['spec'], 'spec.template.spec'));
  const restart = textAt(recordAt(template, 'spec'), 'restartPolicy');
  if (restart !== '' && restart !== 'Always') errors.push(unsupportedValue('spec.template.spec.restartPolicy', restart, ['Always']));
  if (old !== undefined && !deepEqual(recordAt(old, 'spec')['selector'], selector)) errors.push(invalidValue('spec.selector', selector, 'field is immutable'));
  return errors;
}

export const DEPLOYMENT_RULES: KindRules = {
  hasGeneration: true,
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
  setDefaults: defaultDeployment,
  validate: (draft, old) => [...validate(draft, old), ...validateStrategy(draft)],
};

export const REPLICA_SET_RULES: KindRules = {
  hasGeneration: true,
  prepareCreate: (draft) => {
    draft['status'] = { replicas: 0 };
  },
  setDefaults: (draft) => {
    withTemplate(draft);
  },
  validate,
  selectableFields: { 'status.replicas': (object) => JSON.stringify(recordAt(object, 'status')['replicas'] ?? 0) },
};

export const POD_TEMPLATE_RULES: KindRules = {
  answersDeleted: true,
  hasGeneration: true,
  setDefaults: (draft) => {
    if (isRecord(draft['template'])) draft['template'] = withPodDefaults(draft['template']);
  },
  validate: (draft) => validateContainers(recordAt(draft, 'template')['spec'], 'template.spec'),
};
