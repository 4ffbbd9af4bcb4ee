// The wire format of protocol buffers, read only as far as the API's messages need it: varints, lengths, and the two
// fixed widths to step over. Fails by value on anything that is cut off or malformed.

/** One field as it stands on the wire: a number for varints, bytes for everything with a length. */
export type WireField = { readonly number: number; readonly value: bigint | Buffer };

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

const MAX_VARINT_BYTES = 10;
const MAX_FIELDS = 100_000;

/** The fields of one message in their order, or undefined when the bytes are no message. */
export function readFields(bytes: Buffer): readonly WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === undefined || fields.length >= MAX_FIELDS) return undefined;
    const number = Number(tag.value >> 3n);
    const field = readValue(bytes, tag.next, Number(tag.value & 7n));
    if (field === undefined || number === 0) return undefined;
    fields.push({ number, value: field.value });
    at = field.next;
  }
  return fields;
}

type Step<T> = { readonly value: T; readonly next: number };

function readValue(bytes: Buffer, at: number, wireType: number): Step<bigint | Buffer> | undefined {
  switch (wireType) {
    case VARINT:
      return readVarint(bytes, at);
    case FIXED_64:
      return slice(bytes, at, 8);
    case FIXED_32:
      return slice(bytes, at, 4);
    case LENGTH_DELIMITED: {
      const length = readVarint(bytes, at);
      return length === undefined || length.value > BigInt(bytes.length) ? undefined : slice(bytes, length.next, Number(length.value));
    }
    default:
      return undefined;
  }
}

function slice(bytes: Buffer, at: number, length: number): Step<Buffer> | undefined {
  const next = at + length;
  return next > bytes.length ? undefined : { value: bytes.subarray(at, next), next };
}

function readVarint(bytes: Buffer, start: number): Step<bigint> | undefined {
  let value = 0n;
  for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(index * 7);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: start + index + 1 };
  }
  return undefined;
}
