// The schema of pod templates inside our CustomResourceDefinitions.

import { podTemplateStructs } from './pod-template-hash.js';
import type { PodTemplateSpec } from './pod-template.js';
import { raw } from './schema.js';
import type { Schema } from './schema.js';
import type { StructuralSchema } from './structural-schema.js';
import { createStructSchemas } from './struct-schema.js';

// The defaults that Argo's CRDs give. They are part of what is stored and so of what is hashed: no more and no fewer may be given.
const DEFAULTS: Readonly<Record<string, unknown>> = {
  'ContainerPort.protocol': 'TCP',
  'GRPCAction.service': '',
  'FileKeySelector.optional': false,
  'LocalObjectReference.name': '',
  'ConfigMapEnvSource.name': '',
  'SecretEnvSource.name': '',
  'ConfigMapKeySelector.name': '',
  'SecretKeySelector.name': '',
};

const templateMetadata: StructuralSchema = {
  type: 'object',
  properties: {
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

// Volumes are kept as they come, as in Argo's CRDs: their thirty sources would be most of the schema.
const volume: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, required: ['name'], properties: { name: { type: 'string' } } };

let made: StructuralSchema | undefined;

export const podTemplateSchema: Schema<PodTemplateSpec> = raw(() => {
  made ??= createStructSchemas(podTemplateStructs, { form: 'crd', defaults: DEFAULTS, replaced: { ObjectMeta: templateMetadata, Volume: volume } })(
    'PodTemplateSpec',
  );
  return made;
});
