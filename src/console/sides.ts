// Which of two queries measures the canary, and which what it is measured against: they differ in nothing but the words canary
// and stable (or baseline), or in the hashes of the two pod templates.

export type Side = 'canary' | 'stable' | 'baseline';

/** The sides that pod-template hashes stand for. */
export type Sides = ReadonlyMap<string, Side>;

export const NO_HASHES: Sides = new Map();

export function sidesOf({ canaryHash, stableHash }: { readonly canaryHash: string; readonly stableHash: string }): Sides {
  return canaryHash === stableHash
    ? NO_HASHES
    : new Map([
        [canaryHash, 'canary'],
        [stableHash, 'stable'],
      ]);
}

const WORDS: Sides = new Map((['canary', 'stable', 'baseline'] as const).map((side) => [side, side]));

/** The side that a name speaks of. */
export const sideIn = (name: string): Side | undefined => [...WORDS.values()].find((side) => name.toLowerCase().includes(side));

/** What stands between the words of a side, and, at odd places, those words. */
function parts(text: string, sides: Sides): readonly string[] {
  const words = [...WORDS.keys(), ...[...sides.keys()].filter((hash) => /^[a-z0-9]+$/.test(hash))];
  return text.split(new RegExp(`(?<![A-Za-z0-9])(${words.join('|')})(?![A-Za-z0-9])`, 'i'));
}

/** What `second` measures, when it is what `first` measures of the canary. */
function baselineSide(first: string, second: string, sides: Sides): Side | undefined {
  if (first === second) return undefined;
  const [one, other] = [parts(first, sides), parts(second, sides)];
  if (one.length !== other.length) return undefined;
  const sideOf = (part: string): Side | undefined => WORDS.get(part.toLowerCase()) ?? sides.get(part);
  let side: Side | undefined;
  for (const [place, part] of one.entries()) {
    const against = other[place] ?? '';
    if (part === against) continue;
    const theirs = sideOf(against);
    if (place % 2 === 0 || sideOf(part) !== 'canary' || theirs === 'canary' || theirs === undefined) return undefined;
    side = theirs;
  }
  return side;
}

/** The sides of two that are measured beside each other, in the order given. */
export function oppositeSides(one: string, other: string, sides: Sides): readonly [Side, Side] | undefined {
  const ahead = baselineSide(one, other, sides);
  if (ahead !== undefined) return ['canary', ahead];
  const behind = baselineSide(other, one, sides);
  return behind === undefined ? undefined : [behind, 'canary'];
}
