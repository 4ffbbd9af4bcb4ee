// Chance as an argument: a small seeded generator (mulberry32), the same sequence for the same seed everywhere.

export interface Rng {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  /** Text of that many characters of the alphabet Kubernetes uses for generated names. */
  suffix(length: number): string;
}

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export function createRng(seed: number): Rng {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  const suffix = (length: number): string => Array.from({ length }, () => NAME_ALPHABET.charAt(int(NAME_ALPHABET.length))).join('');
  return { next, int, suffix };
}
