// From a protobuf message to the JSON object that a client would have sent in its place, by the published field tables.

import { BUILT_IN_FIELDS } from '../../../kinds/built-in-fields.js';
import type { Field, FieldType } from '../../../kinds/field-notation.js';
import { createMessages } from '../../../kinds/field-notation.js';
import { POD_TEMPLATE_FIELDS } from '../../../kinds/pod-template-fields.js';
import { unreachable } from '../../../lib/assert.js';
import { formatTime } from '../../../lib/instant.js';
import type { Result } from '../../../lib/result.js';
import { err, ok } from '../../../lib/result.js';
import type { WireField } from './wire.js';
import { readFields } from './wire.js';

/** Deeper than the schemas of CustomResourceDefinitions nest; a limit because the depth is the sender's choice. */
const MAX_DEPTH = 256;

const messageOf = createMessages({ ...POD_TEMPLATE_FIELDS, ...BUILT_IN_FIELDS });

type Decoded = Result<unknown, string>;

/** The error says which field could not be read. Fields that this version does not know are left out, as a server of this version leaves them out. */
export function decodeMessage(bytes: Buffer, struct: string, path: string, depth = 0): Result<Record<string, unknown>, string> {
  const fields = depth > MAX_DEPTH ? undefined : readFields(bytes);
  if (fields === undefined) return err(`${path} is not a protobuf message`);
  const message = messageOf(struct);
  const object: Record<string, unknown> = {};
  for (const { number, value } of fields) {
    const field = message.get(number);
    if (field === undefined) continue;
    if (!('embedded' in field)) {
      const added = addField(object, field, value, `${path}.${field.name}`, depth);
      if (!added.ok) return added;
      continue;
    }
    const inner =
      typeof value === 'bigint' ? err(`${path} holds a number where ${field.embedded} belongs`) : decodeMessage(value, field.embedded, path, depth + 1);
    if (!inner.ok) return inner;
    Object.assign(object, inner.value);
  }
  return ok(object);
}

function addField(object: Record<string, unknown>, field: Field, value: WireField['value'], path: string, depth: number): Result<undefined, string> {
  const { name, value: type } = field;
  if (type.type === 'map') return addEntry(object, name, type.of, value, path, depth);
  const decoded = decodeValue(type.type === 'list' ? type.of : type, value, path, depth + 1);
  if (!decoded.ok) return decoded;
  if (type.type === 'list') {
    const items = object[name];
    if (Array.isArray(items)) items.push(decoded.value);
    else object[name] = [decoded.value];
  } else if (field.pointer || (field.always ? decoded.value !== undefined : !saysNothing(decoded.value))) {
    object[name] = decoded.value;
  }
  return ok(undefined);
}

function addEntry(
  object: Record<string, unknown>,
  name: string,
  of: FieldType,
  value: WireField['value'],
  path: string,
  depth: number,
): Result<undefined, string> {
  const entry = typeof value === 'bigint' ? undefined : readFields(value);
  if (entry === undefined) return err(`${path} is not a map`);
  const key = entry.find(({ number }) => number === 1)?.value.toString() ?? '';
  const decoded = decodeValue(of, entry.find(({ number }) => number === 2)?.value ?? Buffer.alloc(0), `${path}.${key}`, depth + 1);
  if (!decoded.ok) return decoded;
  const entries = (object[name] ??= {}) as Record<string, unknown>;
  // A key of this name would reach the prototype of whatever merges the body later.
  if (key !== '__proto__') entries[key] = decoded.value;
  return ok(undefined);
}

/** Go writes the zero values of plain fields too; they mean that nothing was said. */
const saysNothing = (value: unknown): boolean => value === undefined || value === '' || value === 0 || value === false;

const whole = (value: WireField['value']): number | undefined => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : undefined);

/** What has no length on the wire; undefined when it has one. */
const NUMBERS: Readonly<Partial<Record<FieldType['type'], (value: WireField['value']) => number | boolean | undefined>>> = {
  int32: whole,
  int64: whole,
  boolean: (value) => (typeof value === 'bigint' ? value !== 0n : undefined),
  float: (value) => (typeof value !== 'bigint' && value.length === 8 ? value.readDoubleLE() : undefined),
};

function decodeValue(type: FieldType, value: WireField['value'], path: string, depth: number): Decoded {
  const read = NUMBERS[type.type];
  if (read === undefined) return typeof value === 'bigint' ? err(`${path} is a number where ${type.type} belongs`) : decodeBytes(type, value, path, depth);
  const number = read(value);
  return number === undefined ? err(`${path} is not a number`) : ok(number);
}

function decodeBytes(
  type: Exclude<FieldType, { readonly type: 'int32' | 'int64' | 'boolean' | 'float' }>,
  bytes: Buffer,
  path: string,
  depth: number,
): Decoded {
  switch (type.type) {
    case 'text':
      return ok(bytes.toString('utf8'));
    case 'bytes':
      return ok(bytes.toString('base64'));
    case 'struct':
      return decodeMessage(bytes, type.struct, path, depth);
    case 'list':
      return decodeItems(type.of, bytes, path, depth);
    case 'any':
      return decodeAny(type.message, bytes, path, depth);
    case 'map':
    case 'int32':
    case 'int64':
    case 'boolean':
    case 'float':
      return err(`${path} can not be read`);
    case 'quantity':
    case 'int-or-text':
    case 'time':
    case 'micro-time': {
      const parts = partsOf(bytes);
      return parts === undefined ? err(`${path} is not a protobuf message`) : ok(SMALL_MESSAGES[type.type](parts));
    }
    default:
      return unreachable(type);
  }
}

type Parts = ReadonlyMap<number, WireField['value']>;

function partsOf(bytes: Buffer): Parts | undefined {
  const fields = readFields(bytes);
  return fields && new Map(fields.map(({ number, value }) => [number, value]));
}

const secondsOf = (parts: Parts): number => Number(BigInt.asIntN(64, BigInt(parts.get(1)?.toString() ?? '0')));

/** A point in time to the microsecond: finer than the milliseconds that this program counts in, and a holder of a lease may compare what it wrote. */
function microTime(parts: Parts): string {
  const micros = Math.floor(Number(parts.get(2)?.toString() ?? '0') / 1000);
  return `${formatTime(secondsOf(parts) * 1000).slice(0, -1)}.${String(micros).padStart(6, '0')}Z`;
}

/** Messages that are one value in JSON. */
const SMALL_MESSAGES: Readonly<Record<'quantity' | 'time' | 'micro-time' | 'int-or-text', (parts: Parts) => unknown>> = {
  quantity: (parts) => parts.get(1)?.toString() ?? '0',
  time: (parts) => (parts.has(1) ? formatTime(secondsOf(parts) * 1000) : undefined),
  'micro-time': (parts) => (parts.has(1) ? microTime(parts) : undefined),
  'int-or-text': (parts) => (parts.get(1) === 1n ? (parts.get(3)?.toString() ?? '') : Number(BigInt.asIntN(32, BigInt(String(parts.get(2) ?? 0n))))),
};

/** A list that stands as the value of a map has a message around it. */
function decodeItems(of: FieldType, bytes: Buffer, path: string, depth: number): Decoded {
  const items: unknown[] = [];
  for (const { value } of readFields(bytes) ?? []) {
    const decoded = decodeValue(of, value, path, depth + 1);
    if (!decoded.ok) return decoded;
    items.push(decoded.value);
  }
  return ok(items);
}

/** JSON that stands as text in its message, but for the parts of a schema. */
function decodeAny(message: string | undefined, bytes: Buffer, path: string, depth: number): Decoded {
  const either = message === undefined ? undefined : SCHEMA_OR[message];
  if (message !== undefined && either === undefined) return decodeMessage(bytes, message, path, depth);
  const parts = partsOf(bytes);
  if (parts === undefined) return err(`${path} is not a protobuf message`);
  if (either !== undefined) return either(bytes, parts, path, depth);
  try {
    const text = parts.get(1)?.toString() ?? '';
    return ok(text === '' ? undefined : JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)));
  } catch {
    return err(`${path} holds no JSON`);
  }
}

const SCHEMA: FieldType = { type: 'any', message: 'JSONSchemaProps' };

const schemaIn = (part: WireField['value'], path: string, depth: number): Decoded => decodeValue(SCHEMA, part, path, depth + 1);

/** A schema, or in its place something else. */
const SCHEMA_OR: Readonly<Record<string, (bytes: Buffer, parts: Parts, path: string, depth: number) => Decoded>> = {
  JSONSchemaPropsOrBool: (_bytes, parts, path, depth) => {
    const schema = parts.get(2);
    return schema === undefined ? ok(parts.get(1) !== 0n) : schemaIn(schema, path, depth);
  },
  JSONSchemaPropsOrArray: (bytes, parts, path, depth) => {
    const schema = parts.get(1);
    return schema === undefined ? decodeItems(SCHEMA, bytes, path, depth) : schemaIn(schema, path, depth);
  },
  JSONSchemaPropsOrStringArray: (bytes, parts, path, depth) => {
    const schema = parts.get(1);
    return schema === undefined ? decodeItems({ type: 'text' }, bytes, path, depth) : schemaIn(schema, path, depth);
  },
};
