// A theme's styles as cell attributes: one number for flags, foreground and background, laid out as blessed lays them out.

import type { Style, Theme } from '../console/theme.js';
import type { StyleName } from '../console/style.js';
import { type Depth, parseRgb, reduce } from './colours.js';

const OWN_COLOUR = 0x1ff;

/** Indexes from here on are a theme's own colours of 24 bits; blessed's nine bits have room for them. */
const FIRST_EXACT = 256;

const FLAG_BOLD = 1;
const FLAG_UNDERLINE = 2;
const FLAG_INVERSE = 8;

const BLACK = 0;

/** What no style sets: the terminal's own colours. */
export const PLAIN = (OWN_COLOUR << 9) | OWN_COLOUR;

export type Attributes = {
  readonly of: Readonly<Record<StyleName, number>>;
  /** The sequence that sets an attribute, whatever was set before. */
  sgr(attribute: number): string;
  /** For blessed-contrib: an index of the 256, or "white" for the terminal's own. */
  chartColour(style: StyleName): string | number;
};

function flagsOf(style: Style, inverse: boolean): number {
  return (style.bold === true ? FLAG_BOLD : 0) | (style.underline === true ? FLAG_UNDERLINE : 0) | (inverse ? FLAG_INVERSE : 0);
}

function colourCode(index: number, exact: readonly string[], ground: boolean): string {
  const [basic, bright, extended] = ground ? [40, 100, 48] : [30, 90, 38];
  if (index < 8) return `;${basic + index}`;
  if (index < 16) return `;${bright + index - 8}`;
  if (index < FIRST_EXACT) return `;${extended};5;${index}`;
  return `;${extended};2;${parseRgb(exact[index - FIRST_EXACT] ?? '#000000').join(';')}`;
}

function sequenceOf(attribute: number, exact: readonly string[]): string {
  const flags = attribute >> 18;
  const foreground = (attribute >> 9) & OWN_COLOUR;
  const background = attribute & OWN_COLOUR;
  let codes = '';
  if ((flags & FLAG_BOLD) !== 0) codes += ';1';
  if ((flags & FLAG_UNDERLINE) !== 0) codes += ';4';
  if ((flags & FLAG_INVERSE) !== 0) codes += ';7';
  if (foreground !== OWN_COLOUR) codes += colourCode(foreground, exact, false);
  if (background !== OWN_COLOUR) codes += colourCode(background, exact, true);
  return `\u001b[${codes === '' ? '' : `0${codes}`}m`;
}

/** Made once for a theme. */
export function createAttributes(theme: Theme, depth: Depth): Attributes {
  const exact: string[] = [];
  const index = (colour: string | number | undefined): number => {
    if (colour === undefined || depth === '1') return OWN_COLOUR;
    if (depth !== '24-bit' || typeof colour === 'number') return reduce(colour, depth);
    if (!exact.includes(colour)) exact.push(colour);
    return FIRST_EXACT + exact.indexOf(colour);
  };
  const { text } = theme.styles;
  const ground = depth === '1' ? OWN_COLOUR : text.background === undefined ? BLACK : index(text.background);
  // What a style leaves out is as in plain text.
  const attributeOf = (style: Style): number => {
    const background = index(style.background ?? text.background);
    // With few colours a background may become the one that all is on, and would mark nothing any more.
    const lost = style.background !== undefined && style !== text && depth !== '24-bit' && depth !== '256' && background === ground;
    const foreground = index(style.foreground ?? text.foreground);
    return (flagsOf(style, style.inverse === true || lost) << 18) | ((lost ? OWN_COLOUR : foreground) << 9) | background;
  };
  const of = Object.fromEntries(Object.entries(theme.styles).map(([name, style]) => [name, attributeOf(style)])) as Record<StyleName, number>;
  const sequences = new Map<number, string>();
  return {
    of,
    sgr(attribute) {
      const known = sequences.get(attribute);
      if (known !== undefined) return known;
      const sequence = sequenceOf(attribute, exact);
      sequences.set(attribute, sequence);
      return sequence;
    },
    chartColour(style) {
      const { foreground } = theme.styles[style];
      return foreground === undefined || depth === '1' ? 'white' : reduce(foreground, depth);
    },
  };
}

/** Before anything was painted. */
export const PLAIN_ATTRIBUTES: Pick<Attributes, 'sgr'> = { sgr: (attribute) => sequenceOf(attribute, []) };
