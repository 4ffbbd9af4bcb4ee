// The themes that come along: each is whole, and each colour can be read on what lies behind it (contrast as WCAG 2 computes it).

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { STYLE_NAMES, type StyleName } from '../../src/console/style.js';
import { parseTheme, type Theme } from '../../src/console/theme.js';
import { createAttributes } from '../../src/terminal/attributes.js';
import { DEPTHS, parseRgb, rgbOf } from '../../src/terminal/colours.js';

const folder = path.join(process.env['SLUICE_ROOT'] ?? '.', 'themes');
const NAMES = ['default', 'high-contrast', 'mono', 'light', 'deuteranopia', 'solarized-dark'] as const;

function read(name: string): Theme {
  const parsed = parseTheme(parse(readFileSync(path.join(folder, `${name}.yaml`), 'utf8')));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

type Rgb = readonly [number, number, number];

const rgb = (colour: string | number): Rgb => (typeof colour === 'number' ? rgbOf(colour) : parseRgb(colour));

/** Relative luminance. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => (value / 255 <= 0.040_45 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Lines and the empty part of a gauge are not read. */
const ORNAMENTS: ReadonlySet<StyleName> = new Set(['rule', 'gauge-rest']);
const LEAST_ORNAMENT = 2;
/** A theme that paints its ground is held to WCAG AA; one that leaves the terminal's must do on black and on white. */
const LEAST_PAINTED = 4.5;
const LEAST_ANYWHERE = 3;
const LEAST_HIGH = 7;

const leastOf = (name: string, painted: boolean): number => (name === 'high-contrast' ? LEAST_HIGH : painted ? LEAST_PAINTED : LEAST_ANYWHERE);

test('the formula is that of WCAG: black on white is 21, a middle grey 3.95', () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.equal(contrast([128, 128, 128], [255, 255, 255]).toFixed(2), '3.95');
});

test('those that the README names are there, and no others', () => {
  assert.deepEqual(readdirSync(folder).map((file) => file.replace('.yaml', '')).toSorted(), NAMES.toSorted());
});

for (const name of NAMES) {
  test(`${name}: every colour can be read where it stands, on the cursor's line too`, () => {
    const { styles } = read(name);
    const { text, selected } = styles;
    const grounds: readonly (string | number)[] = text.background === undefined ? ['#000000', '#ffffff'] : [text.background];
    const poor: string[] = [];
    const look = (style: StyleName, foreground: string | number | undefined, background: string | number, least: number): void => {
      if (foreground === undefined) return;
      const ratio = contrast(rgb(foreground), rgb(background));
      if (ratio < least) poor.push(`${style}: ${foreground} on ${background} is ${ratio.toFixed(2)}, not ${least}`);
    };
    for (const style of STYLE_NAMES) {
      const { foreground = text.foreground, background } = styles[style];
      const least = ORNAMENTS.has(style) ? LEAST_ORNAMENT : leastOf(name, text.background !== undefined || background !== undefined);
      for (const ground of background === undefined ? grounds : [background]) look(style, foreground, ground, least);
      if (selected.background !== undefined && background === undefined) look(style, foreground, selected.background, ORNAMENTS.has(style) ? 1.5 : LEAST_ANYWHERE);
    }
    assert.deepEqual(poor, []);
  });

  test(`${name}: what marks, marks at every depth of colour, and without colour nothing is coloured`, () => {
    const theme = read(name);
    for (const depth of DEPTHS) {
      const attributes = createAttributes(theme, depth);
      for (const style of ['selected', 'banner'] as const) assert.notEqual(attributes.of[style], attributes.of.text, `${style} at ${depth}`);
      if (depth !== '1') continue;
      for (const style of STYLE_NAMES) assert.doesNotMatch(attributes.sgr(attributes.of[style]), /[34]\d/, style);
    }
  });
}

test('each depth says colours in its own way', () => {
  const theme = read('default');
  const good = (depth: (typeof DEPTHS)[number]): string => {
    const attributes = createAttributes(theme, depth);
    return attributes.sgr(attributes.of.good).replace('\u001b', '');
  };
  assert.deepEqual(DEPTHS.map(good), ['[0;38;2;47;143;208m', '[0;38;5;32m', '[0;94m', '[0;36m', '[m']);
});
