// Structural schemas made from field tables: one form for built-in kinds (with the keys of strategic merge patches),
// one for pod templates inside CustomResourceDefinitions (with list keys and the few defaults that a CRD gives).

import { unreachable } from '../lib/assert.js';
import type { Field, FieldType, Structs } from './field-notation.js';
import type { StructuralSchema } from './structural-schema.js';

export type SchemaForm = {
  readonly form: 'built-in' | 'crd';
  /** By "Struct.field". */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  /** By "Struct.field". */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** By struct name: a schema that takes the place of the one that would be made. */
  readonly replaced?: Readonly<Record<string, StructuralSchema>>;
};

const QUANTITY_PATTERN = '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

const INT_OR_TEXT: StructuralSchema = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };

const PRESERVED: StructuralSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** Structs whose values are replaced whole by server-side apply. */
const ATOMIC = new Set([
  'LabelSelector',
  'LocalObjectReference',
  'NodeSelector',
  'NodeSelectorTerm',
  'ObjectFieldSelector',
  'ResourceFieldSelector',
  'ConfigMapEnvSource',
  'SecretEnvSource',
  'FileKeySelector',
  'ObjectReference',
  'CrossVersionObjectReference',
  'OlderAutoscalingCrossVersionObjectReference',
  'TypedLocalObjectReference',
  'EndpointAddress',
  'EndpointPort',
  'DiscoveryEndpointPort',
  'ServiceBackendPort',
  'Subject',
  'RoleRef',
  'ConfigMapKeySelector',
  'SecretKeySelector',
]);

/** Maps that server-side apply replaces whole. */
const ATOMIC_MAPS = new Set(['ServiceSpec.selector', 'PodSpec.nodeSelector']);

/** Makes each struct's schema once; equal parts are one and the same object. */
export function createStructSchemas(structs: Structs, form: SchemaForm): (struct: string) => StructuralSchema {
  const known = new Map<string, StructuralSchema>();
  const schemaOf = (struct: string): StructuralSchema => {
    const cached = form.replaced?.[struct] ?? known.get(struct);
    if (cached !== undefined) return cached;
    const fields = structs(struct);
    const required = fields.filter((field) => field.required).map((field) => field.name);
    const schema: StructuralSchema = {
      type: 'object',
      ...(required.length > 0 ? { required } : {}),
      properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(struct, field)])),
      ...(ATOMIC.has(struct) ? { 'x-kubernetes-map-type': 'atomic' as const } : {}),
    };
    known.set(struct, schema);
    return schema;
  };
  const fieldSchema = (struct: string, field: Field): StructuralSchema => {
    const key = `${struct}.${field.name}`;
    const words = form.enums?.[key];
    const standard = form.defaults?.[key];
    return {
      ...typeSchema(field.value, schemaOf),
      ...(words === undefined ? {} : { enum: words }),
      ...(standard === undefined ? {} : { default: standard }),
      ...(form.form === 'built-in' ? patchKeys(field) : listKeys(field)),
      // Who owns it is told apart from who owns what it holds (field-diff.ts).
      ...(form.form === 'built-in' && field.pointer && field.value.type === 'struct' ? { nullable: true } : {}),
      ...(ATOMIC_MAPS.has(key) ? { 'x-kubernetes-map-type': 'atomic' as const } : {}),
    };
  };
  return schemaOf;
}

function typeSchema(type: FieldType, schemaOf: (struct: string) => StructuralSchema): StructuralSchema {
  switch (type.type) {
    case 'struct':
      return schemaOf(type.struct);
    case 'list':
      return { type: 'array', items: typeSchema(type.of, schemaOf) };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.of, schemaOf) };
    case 'text':
      return { type: 'string' };
    case 'int32':
      return { type: 'integer', format: 'int32' };
    case 'int64':
      return { type: 'integer', format: 'int64' };
    case 'float':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    case 'quantity':
      return { ...INT_OR_TEXT, pattern: QUANTITY_PATTERN };
    case 'int-or-text':
      return INT_OR_TEXT;
    case 'time':
    case 'micro-time':
      return { type: 'string', format: 'date-time' };
    case 'bytes':
      return { type: 'string', format: 'byte' };
    case 'any':
      return PRESERVED;
    default:
      return unreachable(type);
  }
}

function patchKeys(field: Field): StructuralSchema {
  const { patch } = field;
  return {
    ...listKeys(field),
    ...(patch === undefined ? {} : { 'x-kubernetes-patch-strategy': patch.strategy }),
    ...(patch?.key === undefined ? {} : { 'x-kubernetes-patch-merge-key': patch.key }),
  };
}

function listKeys({ listKeys: keys }: Field): StructuralSchema {
  if (keys === undefined) return {};
  return keys.length === 0 ? { 'x-kubernetes-list-type': 'set' } : { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
}
