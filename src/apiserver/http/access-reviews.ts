// `kubectl auth can-i`, `auth whoami`: what somebody may do, and who they are. These are questions, not objects: nothing is stored.

import type { ResourceType } from '../../kinds/resource-type.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import { isRecord } from '../../lib/deep.js';
import type { Instant } from '../../lib/instant.js';
import type { ApiStore } from '../store/api.js';
import { authorize, authorizePath, rulesFor } from './authorize.js';
import type { User } from './users.js';

const review = (group: string, kind: string, plural: string, version = 'v1'): ResourceType => ({
  group,
  version,
  kind,
  plural,
  singular: kind.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced: false,
});

const ACCESS_REVIEW = review('authorization.k8s.io', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews');
const OTHERS_REVIEW = review('authorization.k8s.io', 'SubjectAccessReview', 'subjectaccessreviews');
const RULES_REVIEW = review('authorization.k8s.io', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews');
const SUBJECT_REVIEW = review('authentication.k8s.io', 'SelfSubjectReview', 'selfsubjectreviews');
/** kubectl 1.27 knows no newer one. */
const OLDER_SUBJECT_REVIEW = review('authentication.k8s.io', 'SelfSubjectReview', 'selfsubjectreviews', 'v1beta1');

/** Types that can only be created, and whose answer is their status. */
export const REVIEW_TYPES: readonly ResourceType[] = [ACCESS_REVIEW, OTHERS_REVIEW, RULES_REVIEW, SUBJECT_REVIEW, OLDER_SUBJECT_REVIEW];

export function findReview(group: string, version: string, plural: string): ResourceType | undefined {
  return REVIEW_TYPES.find((type) => type.group === group && type.version === version && type.plural === plural);
}

/** Who asks, and where the roles are. */
export type Asker = { readonly store: ApiStore; readonly now: Instant; readonly user: User };

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown, key: string): Fields => (isRecord(value) && isRecord(value[key]) ? value[key] : {});
const text = (value: Fields, key: string): string => (typeof value[key] === 'string' ? value[key] : '');

/** The review with its status, answered with 201. */
export function answerReview(type: ResourceType, body: unknown, asker: Asker): unknown {
  const spec = fields(body, 'spec');
  const told = isRecord(body) && isRecord(body['spec']) ? { spec } : {};
  return { kind: type.kind, apiVersion: apiVersionOf(type), metadata: { creationTimestamp: null }, ...told, status: statusOf(type, spec, asker) };
}

function statusOf(type: ResourceType, spec: Fields, asker: Asker): unknown {
  if (type === ACCESS_REVIEW) return accessStatus(spec, asker);
  if (type === OTHERS_REVIEW) {
    const { groups } = spec;
    return accessStatus(spec, { ...asker, user: { name: text(spec, 'user'), groups: Array.isArray(groups) ? groups.map(String) : [] } });
  }
  if (type === RULES_REVIEW) return rulesStatus(text(spec, 'namespace'), asker);
  const { name, groups, uid } = asker.user;
  return { userInfo: { username: name, ...(uid === undefined ? {} : { uid }), groups } };
}

function accessStatus(spec: Fields, { store, now, user }: Asker): unknown {
  const path = fields(spec, 'nonResourceAttributes');
  if (isRecord(spec['nonResourceAttributes'])) return authorizePath(store, now, user, text(path, 'verb'), text(path, 'path'));
  const wanted = fields(spec, 'resourceAttributes');
  const namespace = text(wanted, 'namespace');
  return authorize(store, now, user, {
    verb: text(wanted, 'verb'),
    group: text(wanted, 'group'),
    resource: text(wanted, 'resource'),
    subresource: text(wanted, 'subresource'),
    name: text(wanted, 'name'),
    namespace: namespace === '' ? undefined : namespace,
  });
}

function rulesStatus(namespace: string, { store, now, user }: Asker): unknown {
  const rules = rulesFor(store, now, user, namespace).flatMap((granted) => granted.rules);
  const resourceRules = rules
    .filter((rule) => rule.resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames.length === 0 ? {} : { resourceNames }),
    }));
  const nonResourceRules = rules.filter((rule) => rule.nonResourceURLs.length > 0).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  return { resourceRules, nonResourceRules, incomplete: false };
}
