// Colours for terminals of every depth. A cell's colour is an index: of the 256, or beyond them a theme's own of 24 bits.

/** How many colours the terminal shows: 24-bit, 256, 16, 8, or none beside its own. */
export const DEPTHS = ['24-bit', '256', '16', '8', '1'] as const;

export type Depth = (typeof DEPTHS)[number];

type Rgb = readonly [red: number, green: number, blue: number];

/** What xterm shows for the first sixteen. */
const BASIC: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

const CUBE = [0, 95, 135, 175, 215, 255] as const;
const CUBE_START = 16;
const GREYS_START = 232;
const PALETTE_SIZE = 256;

export function parseRgb(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

/** What one of the 256 looks like. */
export function rgbOf(index: number): Rgb {
  const basic = BASIC[index];
  if (basic !== undefined) return basic;
  if (index >= GREYS_START) {
    const grey = 8 + (index - GREYS_START) * 10;
    return [grey, grey, grey];
  }
  const place = index - CUBE_START;
  return [CUBE[Math.floor(place / 36)] ?? 0, CUBE[Math.floor(place / 6) % 6] ?? 0, CUBE[place % 6] ?? 0];
}

/** Eyes tell greens best and blues worst. */
function distance(a: Rgb, b: Rgb): number {
  return 3 * (a[0] - b[0]) ** 2 + 4 * (a[1] - b[1]) ** 2 + 2 * (a[2] - b[2]) ** 2;
}

function nearestIn(wanted: Rgb, from: number, to: number): number {
  let best = from;
  for (let index = from + 1; index < to; index += 1) if (distance(wanted, rgbOf(index)) < distance(wanted, rgbOf(best))) best = index;
  return best;
}

/** The nearest colour that such a terminal has, as an index of the 256. The first sixteen look different everywhere: with 256, not they. */
export function reduce(colour: string | number, depth: Exclude<Depth, '1'>): number {
  const known = typeof colour === 'number';
  if (depth === '24-bit' || depth === '256') return known ? colour : nearestIn(parseRgb(colour), CUBE_START, PALETTE_SIZE);
  const count = depth === '16' ? 16 : 8;
  if (known && colour < count) return colour;
  return nearestIn(known ? rgbOf(colour) : parseRgb(colour), 0, count);
}
