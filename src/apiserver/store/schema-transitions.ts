// Fields that may not change once they are there: the one rule in CEL that the embedded server obeys (`self == oldSelf`).
// All other rules would take an evaluator of the language; whoever installs a definition with them is told.

import { deepEqual, isRecord } from '../../lib/deep.js';
import { IMMUTABLE, type StructuralSchema } from '../../kinds/structural-schema.js';
import { invalidValue, type FieldError } from './status.js';

const immutables = new WeakMap<StructuralSchema, boolean>();

/** Whether such a field is in the schema at all: most have none, and need no walk. */
function holdsImmutable(schema: StructuralSchema): boolean {
  const known = immutables.get(schema);
  if (known !== undefined) return known;
  const holds = ruleOf(schema) !== undefined || Object.values(schema.properties ?? {}).some(holdsImmutable);
  immutables.set(schema, holds);
  return holds;
}

const ruleOf = (schema: StructuralSchema): { readonly message?: string } | undefined =>
  schema['x-kubernetes-validations']?.find(({ rule }) => rule.trim() === IMMUTABLE);

/** The real server names the type where other messages show the value. */
const kindOf = (value: unknown): unknown => (Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : value);

/** What changed and may not. A field that comes or goes is none of the rule's affairs. */
export function validateTransitions(schema: StructuralSchema, before: unknown, after: unknown, path = ''): readonly FieldError[] {
  if (before === undefined || after === undefined || !holdsImmutable(schema)) return [];
  const rule = ruleOf(schema);
  const errors: FieldError[] = [];
  if (rule !== undefined && !deepEqual(before, after)) errors.push(invalidValue(path, kindOf(after), rule.message ?? `failed rule: ${IMMUTABLE}`));
  if (!isRecord(before) || !isRecord(after)) return errors;
  for (const [key, inner] of Object.entries(schema.properties ?? {}))
    errors.push(...validateTransitions(inner, before[key], after[key], path === '' ? key : `${path}.${key}`));
  return errors;
}

const ruled = new WeakMap<StructuralSchema, boolean>();

/** Whether any rule stands in the schema. */
export function hasRules(schema: StructuralSchema): boolean {
  const known = ruled.get(schema);
  if (known !== undefined) return known;
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  if (typeof schema.additionalProperties === 'object') inner.push(schema.additionalProperties);
  const has = (schema['x-kubernetes-validations']?.length ?? 0) > 0 || inner.some(hasRules);
  ruled.set(schema, has);
  return has;
}

/** Whether any of its rules is not obeyed: a walk without words, as it is taken of every definition at the start. */
export function hasUnheededRule(schema: StructuralSchema): boolean {
  const { properties, items, additionalProperties } = schema;
  if (schema['x-kubernetes-validations']?.some(({ rule }) => rule.trim() !== IMMUTABLE) === true) return true;
  if (properties !== undefined)
    for (const name of Object.keys(properties)) {
      const inner = properties[name];
      if (inner !== undefined && hasUnheededRule(inner)) return true;
    }
  if (items !== undefined && hasUnheededRule(items)) return true;
  return typeof additionalProperties === 'object' && hasUnheededRule(additionalProperties);
}

/** Where the schema has rules that are not obeyed. */
export function unheededRules(schema: StructuralSchema, path = ''): readonly string[] {
  const own = schema['x-kubernetes-validations']?.some(({ rule }) => rule.trim() !== IMMUTABLE) === true ? [path === '' ? '(the object)' : path] : [];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, child]) => unheededRules(child, path === '' ? key : `${path}.${key}`));
  const items = schema.items === undefined ? [] : unheededRules(schema.items, `${path}[]`);
  const values = typeof schema.additionalProperties === 'object' ? unheededRules(schema.additionalProperties, `${path}{}`) : [];
  return [...own, ...inner, ...items, ...values];
}
