// The names under which OpenAPI documents speak of kinds, and the few schemas that all of them share.

import type { ResourceType } from '../../../kinds/resource-type.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export const OBJECT_META = `${META}.ObjectMeta`;
export const LIST_META = `${META}.ListMeta`;
export const STATUS = `${META}.Status`;
export const DELETE_OPTIONS = `${META}.DeleteOptions`;
export const PATCH = `${META}.Patch`;
export const SCALE = 'io.k8s.api.autoscaling.v1.Scale';

const EXTENSIONS_GROUP = 'apiextensions.k8s.io';

/** "io.k8s.api.apps.v1.Deployment"; for custom kinds "io.argoproj.v1alpha1.Rollout". */
export function schemaName({ group, version, kind }: ResourceType, custom: boolean): string {
  if (custom) return [...group.split('.').toReversed(), version, kind].join('.');
  if (group === EXTENSIONS_GROUP) return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${kind}`;
  return `io.k8s.api.${group === '' ? 'core' : (group.split('.')[0] ?? group)}.${version}.${kind}`;
}

const text = (description: string): unknown => ({ type: 'string', description });
const time = (description: string): unknown => ({ type: 'string', format: 'date-time', description });
const texts = (description: string): unknown => ({ type: 'object', description, additionalProperties: { type: 'string', default: '' } });

export const API_VERSION_FIELD = text('The version of the schema that this object follows: group and version, as in "apps/v1".');
export const KIND_FIELD = text('What this object is, in CamelCase, as in "Deployment".');

const OWNER_REFERENCE = {
  type: 'object',
  description: 'An object that this one depends on: when all owners are gone, this one goes too.',
  required: ['apiVersion', 'kind', 'name', 'uid'],
  properties: {
    apiVersion: text('Version of the owner.'),
    kind: text('Kind of the owner.'),
    name: text('Name of the owner.'),
    uid: text('Identity of the owner.'),
    controller: { type: 'boolean', description: 'Whether the owner is the one that manages this object.' },
    blockOwnerDeletion: { type: 'boolean', description: 'Whether the owner waits for this object in a foreground deletion.' },
  },
  'x-kubernetes-map-type': 'atomic',
};

export const SHARED_SCHEMAS: Readonly<Record<string, unknown>> = {
  [OBJECT_META]: {
    type: 'object',
    description: 'What every stored object says of itself.',
    properties: {
      name: text('Unique within the namespace; cannot be changed.'),
      generateName: text('A prefix from which the server makes a unique name when none is given.'),
      namespace: text('The space in which the name is unique; cannot be changed.'),
      selfLink: text('No longer filled in.'),
      uid: text('Unique in time and space; set by the server.'),
      resourceVersion: text('Changes with every write; an opaque text to compare.'),
      generation: { type: 'integer', format: 'int64', description: 'Counts the changes of the wanted state.' },
      creationTimestamp: time('When the object was created; set by the server.'),
      deletionTimestamp: time('When the object is to be gone; set by the server upon a graceful deletion.'),
      deletionGracePeriodSeconds: { type: 'integer', format: 'int64', description: 'Seconds that the object has left after a deletion was asked for.' },
      labels: texts('Names and values by which objects are selected.'),
      annotations: texts('Names and values for tools; nothing is selected by them.'),
      ownerReferences: {
        type: 'array',
        description: 'Objects that this one depends on.',
        items: OWNER_REFERENCE,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['uid'],
        'x-kubernetes-patch-merge-key': 'uid',
        'x-kubernetes-patch-strategy': 'merge',
      },
      finalizers: {
        type: 'array',
        description: 'Must be empty before the object is removed.',
        items: { type: 'string', default: '' },
        'x-kubernetes-list-type': 'set',
        'x-kubernetes-patch-strategy': 'merge',
      },
      managedFields: {
        type: 'array',
        description: 'Who set which field.',
        items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        'x-kubernetes-list-type': 'atomic',
      },
    },
  },
  [LIST_META]: {
    type: 'object',
    description: 'What a list says of itself.',
    properties: {
      continue: text('Given back in the next request for the next part of the list.'),
      remainingItemCount: { type: 'integer', format: 'int64', description: 'How many items follow.' },
      resourceVersion: text('The state of the server that the list shows.'),
      selfLink: text('No longer filled in.'),
    },
  },
  [STATUS]: {
    type: 'object',
    description: 'The outcome of a call that returns no object.',
    properties: {
      apiVersion: API_VERSION_FIELD,
      kind: KIND_FIELD,
      metadata: { type: 'object' },
      code: { type: 'integer', format: 'int32' },
      message: { type: 'string' },
      reason: { type: 'string' },
      status: { type: 'string' },
      details: { type: 'object' },
    },
    'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Status' }],
  },
  [DELETE_OPTIONS]: {
    type: 'object',
    description: 'How an object is to be deleted.',
    properties: {
      apiVersion: API_VERSION_FIELD,
      kind: KIND_FIELD,
      dryRun: { type: 'array', items: { type: 'string' } },
      gracePeriodSeconds: { type: 'integer', format: 'int64' },
      orphanDependents: { type: 'boolean' },
      propagationPolicy: { type: 'string' },
      preconditions: { type: 'object', properties: { uid: { type: 'string' }, resourceVersion: { type: 'string' } } },
    },
  },
  [PATCH]: { type: 'object', description: 'The body of a PATCH request.' },
};

const wholeNumber = { type: 'integer', format: 'int32' };

export const SCALE_SCHEMA: unknown = {
  type: 'object',
  description: 'How many replicas a thing has, and how many it should have.',
  properties: {
    apiVersion: API_VERSION_FIELD,
    kind: KIND_FIELD,
    metadata: { type: 'object' },
    spec: { type: 'object', properties: { replicas: wholeNumber } },
    status: { type: 'object', required: ['replicas'], properties: { replicas: wholeNumber, selector: { type: 'string' } } },
  },
  'x-kubernetes-group-version-kind': [{ group: 'autoscaling', version: 'v1', kind: 'Scale' }],
};
