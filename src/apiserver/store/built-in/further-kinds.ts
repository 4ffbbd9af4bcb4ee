// The rules of disruption budgets, nodes, quotas, endpoint slices, ingresses and roles.

import { deepEqual, isRecord } from '../../../lib/deep.js';
import { listAt, recordAt, textAt, type Draft, type KindRules } from '../kind.js';
import { checkShare } from './shares.js';
import { invalidValue, requiredValue, unsupportedValue, type FieldError } from '../status.js';

const NO_DISRUPTIONS = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };

export const BUDGET_RULES: KindRules = {
  hasGeneration: true,
  prepareCreate: (draft) => {
    draft['status'] = NO_DISRUPTIONS;
  },
  validate: (draft) => {
    const spec = recordAt(draft, 'spec');
    if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined)
      return [invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
    const over = (value: unknown): boolean => typeof value === 'string' && Number(value.replace('%', '')) > 100;
    return (['minAvailable', 'maxUnavailable'] as const).flatMap((key) => [
      ...checkShare(`spec.${key}`, spec[key]),
      ...(over(spec[key]) ? [invalidValue(`spec.${key}`, spec[key], 'must not be greater than 100%')] : []),
    ]);
  },
};

const UNTOLD = ['architecture', 'bootID', 'containerRuntimeVersion', 'kernelVersion', 'kubeProxyVersion', 'kubeletVersion', 'machineID', 'operatingSystem'];
const NODE_INFO = Object.fromEntries([...UNTOLD, 'osImage', 'systemUUID'].map((key) => [key, '']));

export const NODE_RULES: KindRules = {
  keepsStatus: true,
  prepareCreate: (draft) => {
    draft['status'] = { daemonEndpoints: { kubeletEndpoint: { Port: 0 } }, nodeInfo: NODE_INFO, ...recordAt(draft, 'status') };
  },
  selectableFields: { 'spec.unschedulable': (node) => String(recordAt(node, 'spec')['unschedulable'] === true) },
};

export const QUOTA_RULES: KindRules = {
  answersDeleted: true,
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
};

const withProtocol = (port: unknown): unknown => (isRecord(port) ? { protocol: 'TCP', ...port } : port);

const mapList = (holder: unknown, key: string, change: (item: unknown) => unknown): Record<string, unknown> => {
  const list = listAt(holder, key);
  return list.length === 0 ? {} : { [key]: list.map(change) };
};

export const ENDPOINTS_RULES: KindRules = {
  createsOnUpdate: true,
  setDefaults: (draft) => {
    Object.assign(
      draft,
      mapList(draft, 'subsets', (subset) => (isRecord(subset) ? { ...subset, ...mapList(subset, 'ports', withProtocol) } : subset)),
    );
  },
};

export const SLICE_RULES: KindRules = {
  hasGeneration: true,
  createsOnUpdate: true,
  setDefaults: (draft) => {
    Object.assign(
      draft,
      mapList(draft, 'endpoints', (endpoint) => (isRecord(endpoint) ? { conditions: {}, ...endpoint } : endpoint)),
      mapList(draft, 'ports', (port) => withProtocol(isRecord(port) ? { name: '', ...port } : port)),
    );
  },
  validate: (draft, old) => {
    const moved = old !== undefined && old['addressType'] !== draft['addressType'];
    return [
      ...(textAt(draft, 'addressType') === '' ? [requiredValue('addressType')] : []),
      ...(moved ? [invalidValue('addressType', draft['addressType'], 'field is immutable')] : []),
    ];
  },
};

function checkBackend(backend: Readonly<Record<string, unknown>>, field: string): readonly FieldError[] {
  if (!isRecord(backend['resource']) && !isRecord(backend['service'])) return [invalidValue(field, '', 'resource or service backend is required')];
  if (isRecord(backend['resource'])) return isRecord(backend['service']) ? [invalidValue(field, '', 'cannot set both resource and service backends')] : [];
  const service = recordAt(backend, 'service');
  if (textAt(service, 'name') === '') return [requiredValue(`${field}.service.name`)];
  const port = recordAt(service, 'port');
  const isNumbered = port['number'] !== undefined;
  if (isNumbered && textAt(port, 'name') !== '') return [invalidValue(field, '', 'cannot set both port name & port number')];
  return isNumbered || textAt(port, 'name') !== '' ? [] : [requiredValue(field, 'port name or number is required')];
}

function checkRules(spec: unknown): readonly FieldError[] {
  return listAt(spec, 'rules').flatMap((rule, index) =>
    listAt(recordAt(rule, 'http'), 'paths').flatMap((path, inner) => {
      const field = `spec.rules[${index}].http.paths[${inner}]`;
      const type = textAt(path, 'pathType');
      const text = textAt(path, 'path');
      const absolute = type === 'ImplementationSpecific' || text.startsWith('/');
      if (type === '') return [requiredValue(`${field}.pathType`, 'pathType must be specified')];
      return [
        ...(absolute ? [] : [invalidValue(`${field}.path`, text, 'must be an absolute path')]),
        ...checkBackend(recordAt(path, 'backend'), `${field}.backend`),
      ];
    }),
  );
}

export const INGRESS_RULES: KindRules = {
  hasGeneration: true,
  prepareCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
  },
  validate: (draft) => {
    const spec = recordAt(draft, 'spec');
    const isEmpty = listAt(spec, 'rules').length === 0 && !isRecord(spec['defaultBackend']);
    if (isEmpty) return [invalidValue('spec', spec['rules'], 'either `defaultBackend` or `rules` must be specified')];
    return [...(isRecord(spec['defaultBackend']) ? checkBackend(spec['defaultBackend'], 'spec.defaultBackend') : []), ...checkRules(spec)];
  },
};

export const ROLE_RULES: KindRules = {
  createsOnUpdate: true,
  setDefaults: (draft) => {
    draft['rules'] ??= null;
  },
  validate: (draft) =>
    listAt(draft, 'rules').flatMap((rule, index) => {
      const field = `rules[${index}]`;
      if (listAt(rule, 'verbs').length === 0) return [requiredValue(`${field}.verbs`, 'verbs must contain at least one value')];
      const urls = listAt(rule, 'nonResourceURLs');
      if (urls.length > 0) {
        if (draft.metadata.namespace !== undefined)
          return [invalidValue(`${field}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs')];
        const both = listAt(rule, 'apiGroups').length + listAt(rule, 'resources').length + listAt(rule, 'resourceNames').length > 0;
        return both ? [invalidValue(`${field}.nonResourceURLs`, urls, 'rules cannot apply to both regular resources and non-resource URLs')] : [];
      }
      return [
        ...(listAt(rule, 'apiGroups').length === 0 ? [requiredValue(`${field}.apiGroups`, 'resource rules must supply at least one api group')] : []),
        ...(listAt(rule, 'resources').length === 0 ? [requiredValue(`${field}.resources`, 'resource rules must supply at least one resource')] : []),
      ];
    }),
};

const RBAC = 'rbac.authorization.k8s.io';

function defaultBinding(draft: Draft): void {
  const { roleRef } = draft;
  if (isRecord(roleRef)) draft['roleRef'] = { apiGroup: RBAC, ...roleRef };
  if (!Array.isArray(draft['subjects'])) return;
  draft['subjects'] = (draft['subjects'] as unknown[]).map((subject) =>
    isRecord(subject) && subject['kind'] !== 'ServiceAccount' ? { apiGroup: RBAC, ...subject } : subject,
  );
}

const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

export const BINDING_RULES: KindRules = {
  createsOnUpdate: true,
  setDefaults: defaultBinding,
  validate: (draft, old) => {
    const role = recordAt(draft, 'roleRef');
    const kinds = draft.metadata.namespace === undefined ? ['ClusterRole'] : ['Role', 'ClusterRole'];
    const moved = old !== undefined && !deepEqual(recordAt(old, 'roleRef'), role);
    const group = textAt(role, 'apiGroup');
    return [
      ...(group === RBAC ? [] : [unsupportedValue('roleRef.apiGroup', group, [RBAC])]),
      ...(moved ? [invalidValue('roleRef', role, 'cannot change roleRef')] : []),
      ...(kinds.includes(textAt(role, 'kind')) ? [] : [unsupportedValue('roleRef.kind', textAt(role, 'kind'), kinds)]),
      ...(textAt(role, 'name') === '' ? [requiredValue('roleRef.name')] : []),
      ...listAt(draft, 'subjects').flatMap((subject, index) => checkSubject(subject, `subjects[${index}]`, draft.metadata.namespace !== undefined)),
    ];
  },
};

function checkSubject(subject: unknown, field: string, isNamespaced: boolean): readonly FieldError[] {
  const kind = textAt(subject, 'kind');
  if (!SUBJECTS.includes(kind)) return [unsupportedValue(`${field}.kind`, kind, SUBJECTS)];
  if (textAt(subject, 'name') === '') return [requiredValue(`${field}.name`)];
  // Within a namespace it is the binding's own.
  return kind === 'ServiceAccount' && !isNamespaced && textAt(subject, 'namespace') === '' ? [requiredValue(`${field}.namespace`)] : [];
}
