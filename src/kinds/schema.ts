// A small schema language. One value describes a kind once, and gives three things: the static type (`Infer`),
// the CRD's schema (`structural`), and the parser of untrusted input (`createParser` in check-schema.ts).

import type { StructuralSchema } from './structural-schema.js';

declare const valueType: unique symbol;

/** A description of values of type T. The type lives only in the compiler; the structural schema is made when it is asked for. */
export type Schema<T> = { readonly structural: () => StructuralSchema; readonly [valueType]?: T };

/** A field that must be there; every other field may be absent. */
export type RequiredField<T> = Schema<T> & { readonly isRequired: true };

/** The type of the values a schema describes. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;

type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K] extends { readonly isRequired: true } ? K : never }[keyof F];

/** One object type instead of an intersection: shorter in the compiler's messages. */
type Flat<T> = { [K in keyof T]: T[K] };

// Optional fields also take an explicit undefined, so that a value can be built in one literal; undefined counts as absent everywhere.
type InferFields<F extends Fields> = Flat<
  { readonly [K in RequiredKeys<F>]: Infer<F[K]> } & { readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: Infer<F[K]> | undefined }
>;

export function required<T>(schema: Schema<T>): RequiredField<T> {
  return { ...schema, isRequired: true };
}

/** Any schema written by hand, with the type its values are taken to have. */
export function raw<T>(structural: () => StructuralSchema): Schema<T> {
  return { structural };
}

export function text(extra: StructuralSchema = {}): Schema<string> {
  return { structural: () => ({ type: 'string', ...extra }) };
}

/** An RFC 3339 time. */
export function time(): Schema<string> {
  return text({ format: 'date-time' });
}

/** One of some words. */
export function oneOf<const W extends readonly string[]>(words: W, extra: StructuralSchema = {}): Schema<W[number]> {
  return { structural: () => ({ type: 'string', enum: words, ...extra }) };
}

/** A whole number of 32 bits. */
export function int(extra: StructuralSchema = {}): Schema<number> {
  return { structural: () => ({ type: 'integer', format: 'int32', ...extra }) };
}

/** A whole number of 64 bits; beyond 2^53 it loses precision, like every JSON number here. */
export function long(extra: StructuralSchema = {}): Schema<number> {
  return { structural: () => ({ type: 'integer', format: 'int64', ...extra }) };
}

export function number(): Schema<number> {
  return { structural: () => ({ type: 'number' }) };
}

export function bool(extra: StructuralSchema = {}): Schema<boolean> {
  return { structural: () => ({ type: 'boolean', ...extra }) };
}

/** A whole number or a text such as "25%". */
export function intOrText(): Schema<number | string> {
  return { structural: () => ({ anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true }) };
}

export function list<T>(item: Schema<T>, extra: StructuralSchema = {}): Schema<readonly T[]> {
  return { structural: () => ({ type: 'array', items: item.structural(), ...extra }) };
}

export function map<T>(value: Schema<T>, extra: StructuralSchema = {}): Schema<Readonly<Record<string, T>>> {
  return { structural: () => ({ type: 'object', additionalProperties: value.structural(), ...extra }) };
}

/** An object whose content is kept as it comes. */
export function anyObject(): Schema<Readonly<Record<string, unknown>>> {
  return { structural: () => ({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }) };
}

/** An object of the fields, and nothing else. Its schema is made once: equal parts of a kind are one and the same object. */
export function object<F extends Fields>(fields: F, extra: StructuralSchema = {}): Schema<InferFields<F>> {
  let made: StructuralSchema | undefined;
  return {
    structural: () => {
      made ??= objectSchema(fields, extra);
      return made;
    },
  };
}

function objectSchema(fields: Fields, extra: StructuralSchema): StructuralSchema {
  const entries = Object.entries(fields);
  const mandatory = entries.filter(([, field]) => 'isRequired' in field).map(([name]) => name);
  return {
    type: 'object',
    ...(mandatory.length > 0 ? { required: mandatory } : {}),
    properties: Object.fromEntries(entries.map(([name, field]) => [name, field.structural()])),
    ...extra,
  };
}
