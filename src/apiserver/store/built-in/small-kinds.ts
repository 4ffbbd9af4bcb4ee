// The built-in kinds whose rules fit in a few lines: namespaces, secrets, config maps, autoscalers, events, leases.

import type { KubeObject } from '../../../kinds/kube-object.js';
import { deepEqual, isRecord } from '../../../lib/deep.js';
import { recordAt, textAt, type Draft, type KindRules } from '../kind.js';
import { forbiddenField, invalidValue, requiredValue, type FieldError } from '../status.js';

const NAME_LABEL = 'kubernetes.io/metadata.name';

export const NAMESPACE_RULES: KindRules = {
  serverSet: [['spec']],
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

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_TEXT =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', " +
  "regex used for validation is '[-._a-zA-Z0-9]+')";

function checkKeys(draft: Draft, field: 'data' | 'binaryData'): readonly FieldError[] {
  return Object.keys(recordAt(draft, field)).flatMap((key) => {
    const at = `${field}[${key}]`;
    if (!KEY.test(key)) return [invalidValue(at, key, KEY_TEXT)];
    return key === '.' || key.startsWith('..') ? [invalidValue(at, key, `must not be '${key === '.' ? '.' : '..'}'`)] : [];
  });
}

/** What a secret of a known type holds at least. */
const NEEDED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

const BASIC_AUTH = ['username', 'password'];

function checkType(draft: Draft): readonly FieldError[] {
  const data = recordAt(draft, 'data');
  const missing = (keys: readonly string[]): readonly string[] => keys.filter((key) => data[key] === undefined);
  const type = textAt(draft, 'type');
  if (type === 'kubernetes.io/basic-auth') {
    const absent = missing(BASIC_AUTH);
    return absent.length < BASIC_AUTH.length ? [] : absent.map((key) => requiredValue(`data[${key}]`));
  }
  return missing(NEEDED_KEYS[type] ?? []).map((key) => requiredValue(`data[${key}]`));
}

export const SECRET_RULES: KindRules = {
  setDefaults: foldStringData,
  validate: (draft, old) => [
    ...checkKeys(draft, 'data'),
    ...checkType(draft),
    ...keepImmutable(draft, old),
    ...(old !== undefined && old['type'] !== draft['type'] ? [invalidValue('type', draft['type'], 'field is immutable')] : []),
  ],
  selectableFields: { type: (object) => textAt(object, 'type') },
};

const inBoth = (draft: Draft): readonly FieldError[] => {
  const binary = recordAt(draft, 'binaryData');
  const twins = Object.keys(recordAt(draft, 'data')).filter((key) => binary[key] !== undefined);
  return twins.map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
};

export const CONFIG_MAP_RULES: KindRules = {
  validate: (draft, old) => [...checkKeys(draft, 'data'), ...inBoth(draft), ...checkKeys(draft, 'binaryData'), ...keepImmutable(draft, old)],
};

const DEFAULT_CPU_METRIC = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };

function validateAutoscaler(draft: Draft): readonly FieldError[] {
  const spec = recordAt(draft, 'spec');
  const { minReplicas, maxReplicas } = spec;
  const target = recordAt(spec, 'scaleTargetRef');
  const errors: FieldError[] = [];
  if (typeof minReplicas === 'number' && minReplicas < 1) errors.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'));
  const most = typeof maxReplicas === 'number' ? maxReplicas : 0;
  if (most < 1) errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'));
  else if (typeof minReplicas === 'number' && most < minReplicas)
    errors.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  for (const key of ['kind', 'name'] as const) if (textAt(target, key) === '') errors.push(requiredValue(`spec.scaleTargetRef.${key}`));
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
