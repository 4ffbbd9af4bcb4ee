// Checks untrusted input against a structural schema, and names each fault by its path: the parser of our kinds.

import { isRecord } from '../lib/deep.js';
import { parseTime } from '../lib/instant.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Schema } from './schema.js';
import type { StructuralSchema } from './structural-schema.js';

/** What is wrong, and where: "spec.strategy.canary.steps[0].setWeight". */
export type FieldError = { readonly path: string; readonly message: string };

// More faults than a person would read in one go only hide the first ones.
const MAX_ERRORS = 50;

export type ParseOptions = { readonly unknownFields: 'ignore' | 'refuse' };

/** Makes a parser that gives back the input itself, typed, or all that is wrong with it. */
export function createParser<T>(schema: Schema<T>): (input: unknown, options?: ParseOptions) => Result<T, readonly FieldError[]> {
  return (input, options = { unknownFields: 'ignore' }) => {
    const errors = checkValue(schema.structural(), input, '', options);
    return errors.length === 0 ? ok(input as T) : err(errors.slice(0, MAX_ERRORS));
  };
}

/** All faults of the value, in document order. Null counts as absent, as it does in Kubernetes. */
export function checkValue(schema: StructuralSchema, value: unknown, path: string, options: ParseOptions): readonly FieldError[] {
  const fault = (message: string): readonly FieldError[] => [{ path: path === '' ? '(the object)' : path, message }];
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (typeof value !== 'string' && !Number.isInteger(value)) return fault(`must be a whole number or text, not ${nameOf(value)}`);
    return typeof value === 'string' ? checkText(schema, value, fault) : [];
  }
  switch (schema.type) {
    case undefined:
      return [];
    case 'string':
      return typeof value === 'string' ? checkText(schema, value, fault) : fault(`must be text, not ${nameOf(value)}`);
    case 'boolean':
      return typeof value === 'boolean' ? [] : fault(`must be true or false, not ${nameOf(value)}`);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? checkNumber(schema, value, fault) : fault(`must be a whole number, not ${nameOf(value)}`);
    case 'number':
      return typeof value === 'number' ? checkNumber(schema, value, fault) : fault(`must be a number, not ${nameOf(value)}`);
    case 'array':
      return Array.isArray(value) ? checkList(schema, value, path, options) : fault(`must be a list, not ${nameOf(value)}`);
    case 'object':
      return isRecord(value) ? checkObject(schema, value, path, options) : fault(`must be a map, not ${nameOf(value)}`);
    default:
      return [];
  }
}

type Fault = (message: string) => readonly FieldError[];

const INT32_LIMIT = 2 ** 31;

function checkNumber(schema: StructuralSchema, value: number, fault: Fault): readonly FieldError[] {
  if (schema.format === 'int32' && (value >= INT32_LIMIT || value < -INT32_LIMIT)) return fault(`${value} does not fit into 32 bits`);
  if (schema.minimum !== undefined && value < schema.minimum) return fault(`must be at least ${schema.minimum}, not ${value}`);
  if (schema.maximum !== undefined && value > schema.maximum) return fault(`must be at most ${schema.maximum}, not ${value}`);
  return [];
}

function checkText(schema: StructuralSchema, value: string, fault: Fault): readonly FieldError[] {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return fault(`must be one of ${schema.enum.join(', ')}, not ${JSON.stringify(value)}`);
  if (schema.format === 'date-time' && parseTime(value) === undefined)
    return fault(`must be a time such as 2026-01-31T09:30:00Z, not ${JSON.stringify(value)}`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) return fault(`${JSON.stringify(value)} is not of the form ${schema.pattern}`);
  return [];
}

function checkList(schema: StructuralSchema, items: readonly unknown[], path: string, options: ParseOptions): readonly FieldError[] {
  const { items: itemSchema } = schema;
  return itemSchema === undefined ? [] : items.flatMap((item, index) => checkValue(itemSchema, item, `${path}[${index}]`, options));
}

function checkObject(schema: StructuralSchema, value: Readonly<Record<string, unknown>>, path: string, options: ParseOptions): readonly FieldError[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const errors: FieldError[] = [];
  for (const name of schema.required ?? []) {
    if (value[name] === undefined || value[name] === null) errors.push({ path: at(name), message: 'is missing' });
  }
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const known = schema.properties?.[name];
    const rest = schema.additionalProperties;
    if (known !== undefined) errors.push(...checkValue(known, item, at(name), options));
    else if (typeof rest === 'object') errors.push(...checkValue(rest, item, `${path}[${name}]`, options));
    else if (options.unknownFields === 'refuse' && rest !== true && isClosed(schema)) errors.push({ path: at(name), message: 'is not a known field' });
  }
  return errors;
}

function isClosed(schema: StructuralSchema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] !== true && schema.properties !== undefined;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value) ?? 'nothing';
}
