// From a protobuf message to the JSON object that a client would have sent in its place.

import type { Result } from '../../../lib/result.js';
import { err, ok } from '../../../lib/result.js';
import { formatTime } from '../../../lib/instant.js';
import type { Field, FieldForm, Message } from './messages.js';
import { MESSAGES } from './messages.js';
import type { WireField } from './wire.js';
import { readFields } from './wire.js';

/** Nested deeper than any message of the API; a limit because the depth is the sender's choice. */
const MAX_DEPTH = 16;

/** The error says which field could not be read. */
export function decodeMessage(bytes: Buffer, message: Message, path: string, depth = 0): Result<Record<string, unknown>, string> {
  const fields = depth > MAX_DEPTH ? undefined : readFields(bytes);
  if (fields === undefined) return err(`${path} is not a protobuf message`);
  const object: Record<string, unknown> = {};
  for (const wire of fields) {
    const field = message[wire.number];
    if (field === undefined) {
      if (isZero(wire.value)) continue;
      return err(`${path} holds field ${wire.number}, which is not known here`);
    }
    const added = addField(object, field, wire, `${path}.${field.name}`, depth);
    if (!added.ok) return added;
  }
  return ok(object);
}

/** Go writes zero values of plain fields too; they mean that nothing was said. */
function isZero(value: bigint | Buffer): boolean {
  return typeof value === 'bigint' ? value === 0n : isEmptyMessage(value, 0);
}

/** Empty bytes, or a message in which each field is empty in turn. */
function isEmptyMessage(bytes: Buffer, depth: number): boolean {
  if (bytes.length === 0) return true;
  if (depth > MAX_DEPTH) return false;
  const fields = readFields(bytes);
  return fields?.every(({ value }) => (typeof value === 'bigint' ? value === 0n : isEmptyMessage(value, depth + 1))) ?? false;
}

function addField(object: Record<string, unknown>, field: Field, { value }: WireField, path: string, depth: number): Result<undefined, string> {
  if (field.form === 'ignored') return ok(undefined);
  if (field.holds === 'map') return addEntry(object, field, value, path, depth);
  const decoded = decodeValue(field.form, value, path, depth + 1);
  if (!decoded.ok) return decoded;
  if (field.holds === 'list') {
    const items = Array.isArray(object[field.name]) ? (object[field.name] as unknown[]) : [];
    object[field.name] = [...items, decoded.value];
  } else if (field.name === '') {
    // A message that JSON writes out in the place where it stands.
    Object.assign(object, decoded.value);
  } else if (field.keepsZero || !saysNothing(decoded.value)) {
    object[field.name] = decoded.value;
  }
  return ok(undefined);
}

function addEntry(object: Record<string, unknown>, field: Field, value: bigint | Buffer, path: string, depth: number): Result<undefined, string> {
  const entry = typeof value === 'bigint' ? undefined : readFields(value);
  if (entry === undefined) return err(`${path} is not a map`);
  const key = entry.find(({ number }) => number === 1)?.value ?? Buffer.alloc(0);
  const decoded = decodeValue(field.form, entry.find(({ number }) => number === 2)?.value ?? Buffer.alloc(0), path, depth + 1);
  if (!decoded.ok) return decoded;
  const entries = (object[field.name] ?? {}) as Record<string, unknown>;
  object[field.name] = { ...entries, [key.toString()]: decoded.value };
  return ok(undefined);
}

const saysNothing = (value: unknown): boolean =>
  value === undefined || value === '' || value === 0 || value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

function decodeValue(form: FieldForm, value: bigint | Buffer, path: string, depth: number): Result<unknown, string> {
  if (form === 'whole' || form === 'truth') {
    if (typeof value !== 'bigint') return err(`${path} is not a number`);
    return ok(form === 'truth' ? value !== 0n : Number(BigInt.asIntN(64, value)));
  }
  if (typeof value === 'bigint') return err(`${path} is a number where ${form} belongs`);
  if (form === 'text') return ok(value.toString('utf8'));
  if (form === 'bytes') return ok(value.toString('base64'));
  if (form === 'ignored') return ok(undefined);
  if (form !== 'quantity' && form !== 'time' && form !== 'int-or-string') return decodeMessage(value, MESSAGES[form], path, depth);
  const fields = readFields(value);
  return fields === undefined
    ? err(`${path} is not a protobuf message`)
    : ok(SMALL_MESSAGES[form](new Map(fields.map(({ number, value: part }) => [number, part]))));
}

type Parts = ReadonlyMap<number, bigint | Buffer>;

/** Messages that are one value in JSON. */
const SMALL_MESSAGES: Readonly<Record<'quantity' | 'time' | 'int-or-string', (parts: Parts) => unknown>> = {
  quantity: (parts) => parts.get(1)?.toString() ?? '0',
  time: (parts) => (parts.has(1) ? formatTime(Number(parts.get(1)) * 1000) : undefined),
  'int-or-string': (parts) => (parts.get(1) === 1n ? (parts.get(3)?.toString() ?? '') : Number(BigInt.asIntN(32, BigInt(String(parts.get(2) ?? 0n))))),
};
