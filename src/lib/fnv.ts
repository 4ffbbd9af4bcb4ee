// FNV-1a, 32 bits: the hash behind every pod-template hash.

const OFFSET_BASIS = 2166136261;
const PRIME = 16777619;

/** An unsigned 32-bit number. */
export function fnv1a32(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}
