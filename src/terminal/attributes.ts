// A theme's styles as blessed's cell attributes: one number for flags, foreground and background.

import type { Style, Theme } from '../console/theme.js';
import type { StyleName } from '../console/style.js';

const OWN_COLOUR = 0x1ff;

const FLAG_BOLD = 1;
const FLAG_UNDERLINE = 2;
const FLAG_INVERSE = 8;

/** The nearest of the 256 colours; the terminal's own when the theme names none. */
function colourIndex(colour: string | number | undefined, nearest: (colour: string) => number): number {
  if (colour === undefined) return OWN_COLOUR;
  const index = typeof colour === 'number' ? colour : nearest(colour);
  return index < 0 ? OWN_COLOUR : index;
}

function attributesOf(style: Style, nearest: (colour: string) => number): number {
  const flags = (style.bold === true ? FLAG_BOLD : 0) | (style.underline === true ? FLAG_UNDERLINE : 0) | (style.inverse === true ? FLAG_INVERSE : 0);
  return (flags << 18) | (colourIndex(style.foreground, nearest) << 9) | colourIndex(style.background, nearest);
}

export type Attributes = Readonly<Record<StyleName, number>>;

/** Made once for a theme. */
export function createAttributes(theme: Theme, nearest: (colour: string) => number): Attributes {
  return Object.fromEntries(Object.entries(theme.styles).map(([name, style]) => [name, attributesOf(style, nearest)])) as Attributes;
}

/** The foreground as a blessed-contrib colour: an index of the 256, or "white" for the terminal's own. */
export function chartColour(attributes: number): string | number {
  const foreground = (attributes >> 9) & OWN_COLOUR;
  return foreground === OWN_COLOUR ? 'white' : foreground;
}
