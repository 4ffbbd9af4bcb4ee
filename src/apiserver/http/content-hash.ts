// A short name for a content, for `ETag` and for the `hash` that OpenAPI's addresses carry.

import { createHash } from 'node:crypto';

const HASH_LENGTH = 40;

export function contentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH).toUpperCase();
}
