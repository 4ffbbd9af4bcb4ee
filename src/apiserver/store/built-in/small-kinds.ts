// The built-in kinds whose rules fit in a few lines: namespaces, secrets, config maps, autoscalers, events, leases.

import type { KubeObject } from '../../../kinds/kube-object.js';
import { deepEqual, isRecord } from '../../../lib/deep.js';
import { recordAt, textAt, type Draft, type KindRules } from '../kind.js';
import { forbiddenField, invalidValue, requiredValue, type FieldError } from '../status.js';

const NAME_LABEL = 'kubernetes.io/metadata.name';

export const NAMESPACE_RULES: KindRules = {
  prepareCreate: (draft) => {
    draft['spec'] = { finalizers: ['kubernetes'] };
    draft['status'] = { phase: 'Active' };
  },
  setDefaults: (draft) => {
    draft.metadata.labels = { ...draft.metadata.labels, [NAME_LABEL]: draft.metadata.name };
    draft['spec'] ??= { finalizers: ['kubernetes'] };
  },
  selectableFields: { 'status.phase': (object) => textAt(object['status'], 'phase') },
};

/** Base64 of the text's UTF-8 bytes. */
const encode = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function foldStringData(draft: Draft): void {
  draft['type'] ??= 'Opaque';
  const { stringData } = draft;
  if (!isRecord(stringData)) return;
  draft['data'] = { ...recordAt(draft, 'data'), ...Object.fromEntries(Object.entries(stringData).map(([key, value]) => [key, encode(String(value))])) };
  delete draft['stringData'];
}

function keepImmutable(draft: Draft, old: KubeObject | undefined): readonly FieldError[] {
  if (old?.['immutable'] !== true) return [];
  const moved = ['data', 'binaryData', 'immutable'].filter((key) => !deepEqual(draft[key], old[key]));
  return moved.map((key) => forbiddenField(key, 'field is immutable when `immutable` is set'));
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Values are bytes, written in base64 (line breaks do not count); the value itself is never part of a message. */
function checkBytes(draft: Draft): readonly FieldError[] {
  const wrong = Object.entries(recordAt(draft, 'data')).filter(([, value]) => typeof value === 'string' && !BASE64.test(value.replaceAll(/[\r\n]/g, '')));
  return wrong.map(([key]) => ({ reason: 'FieldValueInvalid', field: `data[${key}]`, message: 'Invalid value: illegal base64 data' }));
}

export const SECRET_RULES: KindRules = {
  setDefaults: foldStringData,
  validate: (draft, old) => [
    ...checkBytes(draft),
    ...keepImmutable(draft, old),
    ...(old !== undefined && old['type'] !== draft['type'] ? [invalidValue('type', draft['type'], 'field is immutable')] : []),
  ],
  selectableFields: { type: (object) => textAt(object, 'type') },
};

export const CONFIG_MAP_RULES: KindRules = { validate: keepImmutable };

const DEFAULT_CPU_METRIC = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };

function validateAutoscaler(draft: Draft): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  const { minReplicas, maxReplicas } = spec;
  const errors: FieldError[] = [];
  if (typeof maxReplicas !== 'number') errors.push(requiredValue('spec.maxReplicas'));
  else if (maxReplicas < 1) errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than 0'));
  else if (typeof minReplicas === 'number' && maxReplicas < minReplicas) {
    errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  if (textAt(recordAt(spec, 'scaleTargetRef'), 'name') === '') errors.push(requiredValue('spec.scaleTargetRef.name'));
  if (textAt(recordAt(spec, 'scaleTargetRef'), 'kind') === '') errors.push(requiredValue('spec.scaleTargetRef.kind'));
  return errors;
}

export const AUTOSCALER_RULES: KindRules = {
  prepareCreate: (draft) => {
    draft['status'] = { currentMetrics: null, desiredReplicas: 0 };
  },
  setDefaults: (draft) => {
    const { spec } = draft;
    if (!isRecord(spec)) return;
    spec['minReplicas'] ??= 1;
    if (!Array.isArray(spec['metrics']) || spec['metrics'].length === 0) spec['metrics'] = [DEFAULT_CPU_METRIC];
  },
  validate: validateAutoscaler,
};

const involved =
  (key: string) =>
  (object: KubeObject): string =>
    textAt(object['involvedObject'], key);

const source = (object: KubeObject): string => textAt(object['source'], 'component') || textAt(object, 'reportingComponent');

export const EVENT_RULES: KindRules = {
  createsOnUpdate: true,
  setDefaults: (draft) => {
    draft['type'] ??= '';
  },
  validate: (draft, old) => {
    const namespace = textAt(draft['involvedObject'], 'namespace');
    const own = textAt(draft.metadata, 'namespace');
    const fits = namespace === own || (namespace === '' && own === 'default');
    return old !== undefined || fits ? [] : [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')];
  },
  selectableFields: {
    ...Object.fromEntries(
      ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((key) => [`involvedObject.${key}`, involved(key)]),
    ),
    reason: (object) => textAt(object, 'reason'),
    reportingComponent: (object) => textAt(object, 'reportingComponent'),
    source,
    type: (object) => textAt(object, 'type'),
  },
};

export const LEASE_RULES: KindRules = {
  createsOnUpdate: true,
  validate: (draft) => {
    const { leaseDurationSeconds, leaseTransitions } = recordAt(draft, 'spec');
    return [
      ...(typeof leaseDurationSeconds === 'number' && leaseDurationSeconds <= 0
        ? [invalidValue('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0')]
        : []),
      ...(typeof leaseTransitions === 'number' && leaseTransitions < 0
        ? [invalidValue('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0')]
        : []),
    ];
  },
};
