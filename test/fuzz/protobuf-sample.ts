// Enough of the wire format of protocol buffers to make good samples.

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    const more = left > 0x7fn;
    bytes.push(Number(left & 0x7fn) | (more ? 0x80 : 0));
    left >>= 7n;
  } while (left > 0n);
  return Buffer.from(bytes);
}

export const wholeField = (number: number, value: bigint): Buffer => Buffer.concat([varint(BigInt(number << 3)), varint(value)]);
export const lengthField = (number: number, content: Buffer): Buffer => Buffer.concat([varint(BigInt((number << 3) | 2)), varint(BigInt(content.length)), content]);
export const textField = (number: number, text: string): Buffer => lengthField(number, Buffer.from(text));
