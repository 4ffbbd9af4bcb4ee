// Unique ids in the form of random (version 4) UUIDs, from the generator that the store was given.

import type { Rng } from '../../lib/rng.js';

const hex = (rng: Rng, digits: number): string =>
  rng
    .int(16 ** digits)
    .toString(16)
    .padStart(digits, '0');

export function makeUid(rng: Rng): string {
  const variant = '89ab'.charAt(rng.int(4));
  return `${hex(rng, 8)}-${hex(rng, 4)}-4${hex(rng, 3)}-${variant}${hex(rng, 3)}-${hex(rng, 6)}${hex(rng, 6)}`;
}
