// What `kubectl explain` says of the questions that are asked by creating them (access-reviews.ts): nothing of them is stored.

import type { ResourceType } from '../../../kinds/resource-type.js';
import type { StructuralSchema } from '../../../kinds/structural-schema.js';
import { REVIEW_TYPES } from '../access-reviews.js';
import type { ServedType } from '../catalogue.js';

const text = (description: string): StructuralSchema => ({ type: 'string', description });
const texts = (description: string): StructuralSchema => ({ type: 'array', description, items: { type: 'string' } });
const record = (description: string, properties: Readonly<Record<string, StructuralSchema>>): StructuralSchema => ({ type: 'object', description, properties });

const WANTED = {
  resourceAttributes: record('What is to be done to objects.', {
    namespace: text('Where; empty for the whole cluster.'),
    verb: text('get, list, watch, create, update, patch, delete, deletecollection; "*" for all.'),
    group: text('The group of the kind; "*" for all.'),
    version: text('The version of the kind; "*" for all.'),
    resource: text('The plural of the kind; "*" for all.'),
    subresource: text('One of its subresources; empty for none.'),
    name: text('The object; empty for all.'),
  }),
  nonResourceAttributes: record('What is to be done to a path.', { path: text('The path.'), verb: text('get, post, …') }),
};

const VERDICT = record('The answer.', {
  allowed: { type: 'boolean', description: 'Whether it may be done.' },
  denied: { type: 'boolean', description: 'Whether it is forbidden outright.' },
  reason: text('Why.'),
  evaluationError: text('What went wrong while looking.'),
});

const rules = (description: string, fields: readonly string[]): StructuralSchema => ({
  type: 'array',
  description,
  items: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, texts(`${field} of the rule.`)])) },
});

const SCHEMAS: Readonly<Record<string, StructuralSchema>> = {
  SelfSubjectAccessReview: record('Whether you may do something.', { spec: record('What.', WANTED), status: VERDICT }),
  SubjectAccessReview: record('Whether somebody may do something.', {
    spec: record('Who, and what.', { ...WANTED, user: text('The name.'), uid: text('The uid.'), groups: texts('The groups.') }),
    status: VERDICT,
  }),
  SelfSubjectRulesReview: record('All that you may do in a namespace.', {
    spec: record('Where.', { namespace: text('The namespace.') }),
    status: record('The answer.', {
      resourceRules: rules('For objects.', ['verbs', 'apiGroups', 'resources', 'resourceNames']),
      nonResourceRules: rules('For paths.', ['verbs', 'nonResourceURLs']),
      incomplete: { type: 'boolean', description: 'Whether there may be more.' },
      evaluationError: text('What went wrong while looking.'),
    }),
  }),
  SelfSubjectReview: record('Who you are.', {
    status: record('The answer.', {
      userInfo: record('You.', { username: text('The name.'), uid: text('The uid.'), groups: texts('The groups.') }),
    }),
  }),
};

/** In the form in which the documents take kinds. */
export const SERVED_REVIEWS: readonly ServedType[] = REVIEW_TYPES.map((type: ResourceType) => ({
  type,
  listKind: `${type.kind}List`,
  custom: false,
  subresources: [],
  schema: SCHEMAS[type.kind],
  printerColumns: undefined,
}));
