// `kubectl auth can-i`, `auth whoami`: whoever holds the token may do everything, and is told so.
// These are questions, not objects: nothing is stored.

import type { ResourceType } from '../../kinds/resource-type.js';
import { apiVersionOf } from '../../kinds/resource-type.js';
import { isRecord } from '../../lib/deep.js';

const review = (group: string, kind: string, plural: string): ResourceType => ({
  group, version: 'v1', kind, plural, singular: kind.toLowerCase(), shortNames: [], categories: [], namespaced: false,
});

const ACCESS_REVIEW = review('authorization.k8s.io', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews');
const RULES_REVIEW = review('authorization.k8s.io', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews');
const SUBJECT_REVIEW = review('authentication.k8s.io', 'SelfSubjectReview', 'selfsubjectreviews');

/** Types that can only be created, and whose answer is their status. */
export const REVIEW_TYPES: readonly ResourceType[] = [ACCESS_REVIEW, RULES_REVIEW, SUBJECT_REVIEW];

export function findReview(group: string, version: string, plural: string): ResourceType | undefined {
  return REVIEW_TYPES.find((type) => type.group === group && type.version === version && type.plural === plural);
}

/** The review with its status, answered with 201. */
export function answerReview(type: ResourceType, body: unknown): unknown {
  const spec = isRecord(body) && isRecord(body['spec']) ? { spec: body['spec'] } : {};
  return { kind: type.kind, apiVersion: apiVersionOf(type), metadata: { creationTimestamp: null }, ...spec, status: statusOf(type) };
}

function statusOf(type: ResourceType): unknown {
  if (type === ACCESS_REVIEW) return { allowed: true, reason: 'the bearer of the token may do everything' };
  if (type === RULES_REVIEW) {
    return { resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }], incomplete: false };
  }
  return { userInfo: { username: 'sluice', groups: ['system:masters', 'system:authenticated'] } };
}
