// The wire format of protocol buffers, written: the few forms that an OpenAPI document needs.
// Nothing said is nothing written: undefined, false, 0 and "" give no bytes, as proto3 has it.

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 0x80)) bytes.push(left % 0x80 | 0x80);
  return Buffer.from([...bytes, left]);
}

const NOTHING = Buffer.alloc(0);

export function textField(number: number, value: unknown): Buffer {
  return typeof value === 'string' && value !== '' ? messageField(number, Buffer.from(value)) : NOTHING;
}

/** Whole numbers from 0 on; others are left out. */
export function wholeField(number: number, value: unknown): Buffer {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? Buffer.concat([varint(number * 8 + VARINT), varint(value)]) : NOTHING;
}

export function truthField(number: number, value: unknown): Buffer {
  return value === true ? wholeField(number, 1) : NOTHING;
}

export function doubleField(number: number, value: unknown): Buffer {
  if (typeof value !== 'number' || value === 0) return NOTHING;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + FIXED_64), bytes]);
}

/** A message inside another: written even when it is empty, because being there says something. */
export function messageField(number: number, ...parts: readonly Buffer[]): Buffer {
  const body = parts.length === 1 ? (parts[0] ?? NOTHING) : Buffer.concat(parts);
  return Buffer.concat([varint(number * 8 + LENGTH_DELIMITED), varint(body.length), body]);
}

export function listField(number: number, values: unknown, write: (value: unknown) => Buffer): Buffer {
  return Array.isArray(values) ? Buffer.concat(values.map((value: unknown) => messageField(number, write(value)))) : NOTHING;
}
