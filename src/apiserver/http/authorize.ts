// Who may do what: the roles and bindings in the store, read at each request. Masters may do everything.

import type { KubeObject } from '../../kinds/kube-object.js';
import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING, type ResourceType } from '../../kinds/resource-type.js';
import { isRecord } from '../../lib/deep.js';
import type { Instant } from '../../lib/instant.js';
import type { ApiStatus, ApiStore } from '../store/api.js';
import { failure } from './status.js';
import type { User } from './users.js';

export type Attributes = {
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** Undefined: the whole cluster. */
  readonly namespace: string | undefined;
};

export type Verdict = { readonly allowed: boolean; readonly reason: string };

export type Rule = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
};

type Granted = { readonly rules: readonly Rule[]; readonly reason: string };

/** Who is of this group may do everything. */
export const MASTERS = 'system:masters';

const EVERYTHING: readonly Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
];

/** What everybody who is known may ask. */
const BASIC: readonly Rule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io', 'authentication.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'],
    resourceNames: [],
    nonResourceURLs: [],
  },
  {
    verbs: ['get'],
    apiGroups: [],
    resources: [],
    resourceNames: [],
    nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'],
  },
];

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []);
const records = (value: unknown): readonly Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const ruleOf = (rule: Readonly<Record<string, unknown>>): Rule => ({
  verbs: texts(rule['verbs']),
  apiGroups: texts(rule['apiGroups']),
  resources: texts(rule['resources']),
  resourceNames: texts(rule['resourceNames']),
  nonResourceURLs: texts(rule['nonResourceURLs']),
});

function listed(store: ApiStore, now: Instant, type: ResourceType, namespace?: string): readonly KubeObject[] {
  const answer = store.execute({ verb: 'list', type, ...(namespace === undefined ? {} : { namespace }), options: {} }, now);
  return answer.ok && Array.isArray(answer.value.object['items']) ? (answer.value.object['items'] as readonly KubeObject[]) : [];
}

function isSubject(binding: KubeObject, user: User): boolean {
  return records(binding['subjects']).some((subject) => {
    if (subject['kind'] === 'User') return subject['name'] === user.name;
    if (subject['kind'] === 'Group') return user.groups.includes(String(subject['name']));
    const namespace = typeof subject['namespace'] === 'string' ? subject['namespace'] : (binding.metadata.namespace ?? '');
    return user.name === `system:serviceaccount:${namespace}:${String(subject['name'])}`;
  });
}

/** The rules that hold for the user, cluster-wide and in the namespace. */
export function rulesFor(store: ApiStore, now: Instant, user: User, namespace: string | undefined): readonly Granted[] {
  if (user.groups.includes(MASTERS)) return [{ rules: EVERYTHING, reason: 'the bearer of the token may do everything' }];
  const granted: Granted[] = [{ rules: BASIC, reason: 'RBAC: allowed to everybody who is known' }];
  const take = (binding: KubeObject, where: string): void => {
    const role = isRecord(binding['roleRef']) ? binding['roleRef'] : {};
    const type = role['kind'] === 'Role' ? ROLE : CLUSTER_ROLE;
    const found = store.execute({ verb: 'get', type, namespace: type === ROLE ? (binding.metadata.namespace ?? '') : '', name: String(role['name']) }, now);
    if (!found.ok) return;
    const rules = records((found.value.object as KubeObject)['rules']).map(ruleOf);
    granted.push({ rules, reason: `RBAC: allowed by ${where} of ${type.kind} "${String(role['name'])}" to User "${user.name}"` });
  };
  for (const binding of listed(store, now, CLUSTER_ROLE_BINDING)) if (isSubject(binding, user)) take(binding, `ClusterRoleBinding "${binding.metadata.name}"`);
  if (namespace === undefined || namespace === '') return granted;
  for (const binding of listed(store, now, ROLE_BINDING, namespace))
    if (isSubject(binding, user)) take(binding, `RoleBinding "${binding.metadata.name}/${namespace}"`);
  return granted;
}

const offers = (list: readonly string[], wanted: string): boolean => list.includes('*') || list.includes(wanted);

function permits(rule: Rule, { verb, group, resource, subresource, name }: Attributes): boolean {
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const names = offers(rule.resources, full) || (subresource !== '' && rule.resources.includes(`*/${subresource}`));
  return offers(rule.verbs, verb) && offers(rule.apiGroups, group) && names && (rule.resourceNames.length === 0 || rule.resourceNames.includes(name));
}

export function authorize(store: ApiStore, now: Instant, user: User, attributes: Attributes): Verdict {
  const granting = rulesFor(store, now, user, attributes.namespace).find(({ rules }) => rules.some((rule) => permits(rule, attributes)));
  return granting === undefined ? { allowed: false, reason: '' } : { allowed: true, reason: granting.reason };
}

/** The same for a path that is no resource. */
export function authorizePath(store: ApiStore, now: Instant, user: User, verb: string, path: string): Verdict {
  const covers = (pattern: string): boolean => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path);
  const granting = rulesFor(store, now, user, undefined).find(({ rules }) =>
    rules.some((rule) => offers(rule.verbs, verb) && rule.nonResourceURLs.some(covers)),
  );
  return granting === undefined ? { allowed: false, reason: '' } : { allowed: true, reason: granting.reason };
}

/** 403, worded as the real server words it. */
export function forbiddenAnswer(user: User, { verb, group, resource, subresource, name, namespace }: Attributes): ApiStatus {
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  const what = `${group === '' ? resource : `${resource}.${group}`}${name === '' ? '' : ` "${name}"`}`;
  const where = namespace === undefined || namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message = `${what} is forbidden: User "${user.name}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
  return failure(403, 'Forbidden', message, { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource });
}
