// The notation in which the fields of Kubernetes structs are written down (pod-template-fields.ts, built-in-fields.ts), read into tables.
// A field is `name:type` and marks; text needs no type. Types: i int32, l int64, n float, b boolean, Q quantity, IS whole number or text,
// T time, MT time with microseconds, y bytes, any, a struct's name; `*` a pointer, `[]` a list, `{}` a map. `<X>` takes in all fields of X.
// Marks: `!` required and always written; `~` always written; `@key,key` a list patched by that key (`@` by value), `+retain` replacing what the patch leaves out.

import { assert } from '../lib/assert.js';

export type FieldType =
  | { readonly type: 'text' | 'int32' | 'int64' | 'float' | 'boolean' | 'quantity' | 'int-or-text' | 'time' | 'micro-time' | 'bytes' | 'any' }
  | { readonly type: 'struct'; readonly struct: string }
  | { readonly type: 'list' | 'map'; readonly of: FieldType };

export type Field = {
  readonly name: string;
  readonly value: FieldType;
  readonly pointer: boolean;
  /** Written by Go even when empty. */
  readonly always: boolean;
  readonly required: boolean;
  /** Keys of a list patched by key; empty for a list of plain values that is merged as a set. */
  readonly mergeKeys: readonly string[] | undefined;
  readonly retainKeys: boolean;
};

/** The fields of a struct in order. */
export type Structs = (name: string) => readonly Field[];

const LETTERS: Readonly<Record<string, FieldType['type']>> = {
  s: 'text',
  i: 'int32',
  l: 'int64',
  n: 'float',
  b: 'boolean',
  Q: 'quantity',
  IS: 'int-or-text',
  T: 'time',
  MT: 'micro-time',
  y: 'bytes',
  any: 'any',
};

const TOKEN = /^(\w+)(?::(\*?)([\w[\]{}]+))?([!~]?)(?:@([\w,]*)(\+retain)?)?$/;

/** Reads each struct when it is first asked for. */
export function createStructs(tables: Readonly<Record<string, string>>): Structs {
  const known = new Map<string, readonly Field[]>();
  const fieldsOf = (name: string): readonly Field[] => {
    const cached = known.get(name);
    if (cached !== undefined) return cached;
    const table = tables[name];
    assert(table !== undefined, `no fields are known for ${name}`);
    const fields = table
      .trim()
      .split(/\s+/)
      .filter((token) => token !== '')
      .flatMap((token) => (token.startsWith('<') ? fieldsOf(token.slice(1, -1)) : [parseField(name, token)]));
    known.set(name, fields);
    return fields;
  };
  return fieldsOf;
}

function parseField(struct: string, token: string): Field {
  const match = TOKEN.exec(token);
  assert(match !== null, `${struct}: ${token} is not a field`);
  const [, name = '', pointer = '', type = 's', mark = '', keys, retain] = match;
  return {
    name,
    value: parseType(type),
    pointer: pointer === '*',
    always: mark !== '',
    required: mark === '!',
    mergeKeys: keys?.split(',').filter((key) => key !== ''),
    retainKeys: retain !== undefined,
  };
}

function parseType(text: string): FieldType {
  if (text.startsWith('[]')) return { type: 'list', of: parseType(text.slice(2)) };
  if (text.startsWith('{}')) return { type: 'map', of: parseType(text.slice(2)) };
  const letter = LETTERS[text];
  if (letter === undefined || letter === 'struct' || letter === 'list' || letter === 'map') return { type: 'struct', struct: text };
  return { type: letter };
}
