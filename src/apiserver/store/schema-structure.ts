// What makes a schema structural: it says of every part what it is.

import { isRecord } from '../../lib/deep.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import { forbiddenField, requiredValue, type FieldError } from './status.js';

const isOpen = (schema: StructuralSchema): boolean => schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;

/** Most definitions are right, and ours are met at every start: paths are put together only for one that is not. */
export const checkStructural = (schema: StructuralSchema, path: string): readonly FieldError[] =>
  isStructural(schema) ? [] : faultsOf(schema, path, 'at the root');

function isStructural(schema: StructuralSchema): boolean {
  const { type, properties, items, additionalProperties } = schema;
  if (type === undefined && !isOpen(schema)) return false;
  if (properties !== undefined) {
    if (additionalProperties !== undefined) return false;
    for (const name of Object.keys(properties)) {
      const inner = properties[name];
      if (inner !== undefined && !isStructural(inner)) return false;
    }
  }
  if (items !== undefined && !isStructural(items)) return false;
  return typeof additionalProperties !== 'object' || isStructural(additionalProperties);
}

function faultsOf(schema: StructuralSchema, path: string, where: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    errors.push(...faultsOf(inner, `${path}.properties[${name}]`, 'for specified object fields'));
  if (isRecord(schema.items)) errors.push(...faultsOf(schema.items, `${path}.items`, 'for specified array items'));
  if (isRecord(schema.additionalProperties))
    errors.push(...faultsOf(schema.additionalProperties, `${path}.additionalProperties`, 'for specified object fields'));
  if (schema.properties !== undefined && schema.additionalProperties !== undefined)
    errors.push(forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  if (schema.type === undefined && !isOpen(schema)) errors.push(requiredValue(`${path}.type`, `must not be empty ${where}`));
  return errors;
}
