// Structural validation by schema, with the words of the real server. Custom resources and built-in kinds word a few things differently.

import { deepEqual, isRecord } from '../../lib/deep.js';
import { parseTime } from '../../lib/instant.js';
import type { StructuralSchema } from '../../kinds/structural-schema.js';
import { duplicateValue, invalidValue, requiredValue, tooLong, tooMany, unsupportedValue, wrongType, type FieldError } from './status.js';

type Walk = { readonly custom: boolean; readonly errors: FieldError[] };

const jsonType = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const patterns = new Map<string, RegExp | undefined>();

// Go's patterns are RE2; the few that JavaScript can not read check nothing.
function patternOf(text: string): RegExp | undefined {
  if (!patterns.has(text)) {
    let compiled: RegExp | undefined;
    try {
      compiled = new RegExp(text, 'u');
    } catch {
      compiled = undefined;
    }
    patterns.set(text, compiled);
  }
  return patterns.get(text);
}

function hasType(schema: StructuralSchema, value: unknown): boolean {
  const actual = jsonType(value);
  if (schema['x-kubernetes-int-or-string'] === true) return actual === 'integer' || actual === 'string';
  if (schema.type === undefined || schema.type === actual) return true;
  if (schema.format === 'quantity' && typeof value === 'number') return true;
  return schema.type === 'number' && actual === 'integer';
}

const inBody = (walk: Walk, path: string, text: string): string => (walk.custom ? `${path} in body ${text}` : text.replace(/^should be/, 'must be'));

function checkNumber(schema: StructuralSchema, value: number, path: string, walk: Walk): void {
  const { minimum, maximum } = schema;
  const complain = (text: string): number => walk.errors.push(invalidValue(path, value, inBody(walk, path, text)));
  if (minimum !== undefined && schema.exclusiveMinimum === true && value <= minimum) complain(`should be greater than ${minimum}`);
  else if (minimum !== undefined && value < minimum) complain(`should be greater than or equal to ${minimum}`);
  if (maximum !== undefined && schema.exclusiveMaximum === true && value >= maximum) complain(`should be less than ${maximum}`);
  else if (maximum !== undefined && value > maximum) complain(`should be less than or equal to ${maximum}`);
  if (schema.format === 'int32' && (value > 2 ** 31 - 1 || value < -(2 ** 31))) complain(`must be of type int32: "${value}"`);
}

/** The first thing that is wrong with the text, then its format. */
function checkText(schema: StructuralSchema, value: string, path: string, walk: Walk): void {
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    walk.errors.push(tooLong(path, schema.maxLength));
  } else if (schema.minLength !== undefined && value.length < schema.minLength) {
    walk.errors.push(invalidValue(path, value, inBody(walk, path, `should be at least ${schema.minLength} chars long`)));
  } else if (schema.pattern !== undefined && patternOf(schema.pattern)?.test(value) === false) {
    walk.errors.push(invalidValue(path, value, inBody(walk, path, `should match '${schema.pattern}'`)));
  }
  if (schema.format === 'date-time' && parseTime(value) === undefined) {
    walk.errors.push(invalidValue(path, value, inBody(walk, path, `must be of type date-time: ${JSON.stringify(value)}`)));
  }
}

function checkList(schema: StructuralSchema, value: readonly unknown[], path: string, walk: Walk): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) walk.errors.push(tooMany(path, value.length, schema.maxItems));
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    walk.errors.push(invalidValue(path, value.length, inBody(walk, path, `should have at least ${schema.minItems} items`)));
  }
  const keys = schema['x-kubernetes-list-map-keys'];
  const seen = new Set<string>();
  const unique = schema['x-kubernetes-list-type'] === 'set' || schema.uniqueItems === true;
  value.forEach((item, index) => {
    const itemPath = `${path}[${index}]`;
    if (schema.items !== undefined) walkValue(schema.items, item, itemPath, walk);
    if (!walk.custom) return;
    const mapKeys =
      keys !== undefined && schema['x-kubernetes-list-type'] === 'map' && isRecord(item) ? Object.fromEntries(keys.map((key) => [key, item[key]])) : undefined;
    const identity = unique ? item : mapKeys;
    if (identity === undefined) return;
    const text = JSON.stringify(identity);
    if (seen.has(text)) walk.errors.push(duplicateValue(itemPath, identity));
    seen.add(text);
  });
}

function checkRecord(schema: StructuralSchema, value: Readonly<Record<string, unknown>>, path: string, walk: Walk): void {
  for (const key of schema.required ?? []) if (value[key] === undefined) walk.errors.push(requiredValue(path === '' ? key : `${path}.${key}`));
  const { properties, additionalProperties } = schema;
  for (const key of Object.keys(value)) {
    const named = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const inner = named ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (inner !== undefined && value[key] !== undefined) walkValue(inner, value[key], path === '' ? key : `${path}.${key}`, walk);
  }
}

const satisfies = (schema: StructuralSchema, value: unknown, path: string, custom: boolean): boolean => {
  const walk: Walk = { custom, errors: [] };
  walkValue(schema, value, path, walk);
  return walk.errors.length === 0;
};

function checkCombinations(schema: StructuralSchema, value: unknown, path: string, walk: Walk): void {
  for (const inner of schema.allOf ?? []) walkValue(inner, value, path, walk);
  // int-or-string carries an anyOf of its two types, which hasType has checked.
  if (
    schema.anyOf !== undefined &&
    schema['x-kubernetes-int-or-string'] !== true &&
    !schema.anyOf.some((inner) => satisfies(inner, value, path, walk.custom))
  ) {
    walk.errors.push(invalidValue(path, value, `${path} in body must validate at least one schema (anyOf)`));
  }
  if (schema.oneOf !== undefined && schema.oneOf.filter((inner) => satisfies(inner, value, path, walk.custom)).length !== 1) {
    walk.errors.push(invalidValue(path, value, `${path} in body must validate one and only one schema (oneOf)`));
  }
  if (schema.not !== undefined && satisfies(schema.not, value, path, walk.custom)) {
    walk.errors.push(invalidValue(path, value, `${path} in body must not validate the schema (not)`));
  }
}

function walkValue(schema: StructuralSchema, value: unknown, path: string, walk: Walk): void {
  // A built-in kind's null is what Go leaves of an empty list or map.
  if (value === null && (schema.nullable === true || !walk.custom)) return;
  if (!hasType(schema, value)) {
    walk.errors.push(wrongType(path, jsonType(value), schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : (schema.type ?? 'object')));
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((allowed) => deepEqual(allowed, value))) walk.errors.push(unsupportedValue(path, value, schema.enum));
  if (typeof value === 'number') checkNumber(schema, value, path, walk);
  else if (typeof value === 'string') checkText(schema, value, path, walk);
  else if (Array.isArray(value)) checkList(schema, value, path, walk);
  else if (isRecord(value)) checkRecord(schema, value, path, walk);
  if (schema.anyOf !== undefined || schema.oneOf !== undefined || schema.allOf !== undefined || schema.not !== undefined)
    checkCombinations(schema, value, path, walk);
}

/** All that is wrong with what stands beside apiVersion, kind and metadata. */
export function validateBySchema(schema: StructuralSchema, object: Readonly<Record<string, unknown>>, custom: boolean): readonly FieldError[] {
  const walk: Walk = { custom, errors: [] };
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object;
  const { required, ...rest } = schema;
  const ours = required?.filter((key) => key !== 'apiVersion' && key !== 'kind' && key !== 'metadata');
  walkValue(ours === undefined ? rest : { ...rest, required: ours }, content, '', walk);
  return walk.errors;
}
