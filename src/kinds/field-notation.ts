// The notation in which the fields of Kubernetes structs are written down (pod-template-fields.ts, built-in-fields.ts), read into tables.
// A field is `name=number:type` and marks; text needs no type. Types: i int32, l int64, n float, b boolean, Q quantity, IS whole number or text,
// T time, MT time with microseconds, y bytes, any (`any<X>`: anything, but struct X in protobuf), a struct's name; `*` a pointer, `[]` a list,
// `{}` a map. `<X>` takes in all fields of X. The number is that of the protobuf message; without one it is the number after the last, 0 is none.
// Marks: `!` required and always written; `~` always written; `@key,key` a list whose items are told apart by those keys (`@` by value) and patched
// by the first, `@^key` only patched so, `@=key` only told apart; `+retain` a patch that replaces what it leaves out.

import { assert } from '../lib/assert.js';

export type FieldType =
  | { readonly type: 'text' | 'int32' | 'int64' | 'float' | 'boolean' | 'quantity' | 'int-or-text' | 'time' | 'micro-time' | 'bytes' }
  | { readonly type: 'any'; readonly message?: string }
  | { readonly type: 'struct'; readonly struct: string }
  | { readonly type: 'list' | 'map'; readonly of: FieldType };

export type Field = {
  readonly name: string;
  readonly value: FieldType;
  readonly pointer: boolean;
  /** Written by Go even when empty. */
  readonly always: boolean;
  readonly required: boolean;
  /** Keys that tell the items of a list apart; empty for a set of plain values. */
  readonly listKeys: readonly string[] | undefined;
  /** How a strategic merge patch treats it, and the key it goes by, if any. */
  readonly patch: { readonly strategy: 'merge' | 'retainKeys' | 'merge,retainKeys'; readonly key: string | undefined } | undefined;
};

/** What the message of a struct has under a number: a field, or a struct whose fields JSON writes out in its place. */
export type Numbered = Field | { readonly embedded: string };

/** The fields of a struct in order. */
export type Structs = (name: string) => readonly Field[];

const LETTERS: Readonly<Record<string, Exclude<FieldType['type'], 'struct' | 'list' | 'map' | 'any'>>> = {
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
};

const TOKEN = /^([$\w-]+)(?:=(\d+))?(?::(\*?)([\w[\]{}<>]+))?([!~]?)(?:@([\^=]?)([\w,]*)(\+retain)?)?$/;
const EMBEDDED = /^<(\w+)>(?:=(\d+))?$/;

const tokensOf = (table: string): readonly string[] =>
  table
    .trim()
    .split(/\s+/)
    .filter((token) => token !== '');

/** Reads each struct when it is first asked for. */
export function createStructs(tables: Readonly<Record<string, string>>): Structs {
  const known = new Map<string, readonly Field[]>();
  const fieldsOf = (name: string): readonly Field[] => {
    const cached = known.get(name);
    if (cached !== undefined) return cached;
    const fields = tokensOf(tableOf(tables, name)).flatMap((token) => {
      const embedded = EMBEDDED.exec(token)?.[1];
      return embedded === undefined ? [parseField(name, token)] : fieldsOf(embedded);
    });
    known.set(name, fields);
    return fields;
  };
  return fieldsOf;
}

/** The messages of structs by the numbers of their fields; each is read when it is first asked for. */
export function createMessages(tables: Readonly<Record<string, string>>): (name: string) => ReadonlyMap<number, Numbered> {
  const known = new Map<string, ReadonlyMap<number, Numbered>>();
  return (name) => {
    const cached = known.get(name);
    if (cached !== undefined) return cached;
    const message = readMessage(name, tableOf(tables, name));
    known.set(name, message);
    return message;
  };
}

function readMessage(name: string, table: string): ReadonlyMap<number, Numbered> {
  const message = new Map<number, Numbered>();
  let number = 0;
  for (const token of tokensOf(table)) {
    const embedded = EMBEDDED.exec(token);
    const given = (embedded ?? TOKEN.exec(token))?.[2];
    number = given === undefined ? number + 1 : Number(given);
    if (number > 0) message.set(number, embedded === null ? parseField(name, token) : { embedded: embedded[1] ?? '' });
  }
  return message;
}

function tableOf(tables: Readonly<Record<string, string>>, name: string): string {
  const table = tables[name];
  assert(table !== undefined, `no fields are known for ${name}`);
  return table;
}

function parseField(struct: string, token: string): Field {
  const match = TOKEN.exec(token);
  assert(match !== null, `${struct}: ${token} is not a field`);
  const [, name = '', , pointer = '', type = 's', mark = '', only = '', words, retain] = match;
  const keys = words?.split(',').filter((key) => key !== '');
  const value = parseType(type);
  return {
    name,
    value,
    pointer: pointer === '*',
    always: mark !== '',
    required: mark === '!',
    listKeys: only === '^' || value.type !== 'list' ? undefined : keys,
    patch: keys === undefined || only === '=' ? undefined : { strategy: patchStrategy(value, retain !== undefined), key: keys[0] },
  };
}

function patchStrategy(value: FieldType, retains: boolean): 'merge' | 'retainKeys' | 'merge,retainKeys' {
  if (value.type !== 'list') return 'retainKeys';
  return retains ? 'merge,retainKeys' : 'merge';
}

function parseType(text: string): FieldType {
  if (text.startsWith('[]')) return { type: 'list', of: parseType(text.slice(2)) };
  if (text.startsWith('{}')) return { type: 'map', of: parseType(text.slice(2)) };
  if (text === 'any') return { type: 'any' };
  const message = /^any<(\w+)>$/.exec(text)?.[1];
  if (message !== undefined) return { type: 'any', message };
  const letter = LETTERS[text];
  return letter === undefined ? { type: 'struct', struct: text } : { type: letter };
}
