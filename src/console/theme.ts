// The schema of themes: a colour and attributes for each style. Screens never see a theme; `terminal/` turns it into cells.

import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import { describeValue, type FieldProblem, problem } from './problem.js';
import { STYLE_NAMES, type StyleName } from './style.js';

export type Style = {
  /** "#rrggbb", or one of the terminal's 256 colours; undefined leaves the terminal's own. */
  readonly foreground?: string | number;
  readonly background?: string | number;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
};

export type Theme = { readonly name: string; readonly styles: Readonly<Record<StyleName, Style>> };

const COLOURS = ['foreground', 'background'] as const;
const ATTRIBUTES = ['bold', 'underline', 'inverse'] as const;
const STYLE_FIELDS: ReadonlySet<string> = new Set([...COLOURS, ...ATTRIBUTES]);
const FIELDS: ReadonlySet<string> = new Set(['name', 'styles']);
const KNOWN_STYLES: ReadonlySet<string> = new Set(STYLE_NAMES);

function isColour(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 255;
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value);
}

function styleProblems(name: string, value: unknown): FieldProblem[] {
  const path = ['styles', name];
  if (value === null) return [];
  if (!isRecord(value)) return [problem(path, `must be a map of ${[...STYLE_FIELDS].join(', ')}, not ${describeValue(value)}`)];
  const unknown = Object.keys(value).filter((field) => !STYLE_FIELDS.has(field));
  return [
    ...unknown.map((field) => problem([...path, field], `is not known here; known are ${[...STYLE_FIELDS].join(', ')}`)),
    ...COLOURS.filter((field) => value[field] !== undefined && !isColour(value[field])).map((field) =>
      problem([...path, field], `must be a colour such as "#5fafff" (in quotes) or a number from 0 to 255, not ${describeValue(value[field])}`),
    ),
    ...ATTRIBUTES.filter((field) => value[field] !== undefined && typeof value[field] !== 'boolean').map((field) =>
      problem([...path, field], `must be true or false, not ${describeValue(value[field])}`),
    ),
  ];
}

/** Takes what a YAML parser made of a theme file. All that is wrong is told at once; every style must be there. */
export function parseTheme(value: unknown): Result<Theme, readonly FieldProblem[]> {
  if (!isRecord(value)) return err([problem([], `a theme is a map with name and styles, not ${describeValue(value)}`)]);
  const { name, styles } = value;
  const problems = Object.keys(value)
    .filter((field) => !FIELDS.has(field))
    .map((field) => problem([field], 'is not known here; known are name, styles'));
  if (typeof name !== 'string' || name === '') problems.push(problem(['name'], `must be the theme's name, not ${describeValue(name)}`));
  if (!isRecord(styles)) return err([...problems, problem(['styles'], `must be a map with every style, not ${describeValue(styles)}`)]);
  for (const [style, described] of Object.entries(styles)) {
    if (KNOWN_STYLES.has(style)) problems.push(...styleProblems(style, described));
    else problems.push(problem(['styles', style], `is no style; styles are ${STYLE_NAMES.join(', ')}`));
  }
  const missing = STYLE_NAMES.filter((style) => !(style in styles));
  if (missing.length > 0) problems.push(problem(['styles'], `must have every style; missing: ${missing.join(', ')}`));
  if (problems.length > 0 || typeof name !== 'string') return err(problems);
  const complete = Object.fromEntries(STYLE_NAMES.map((style) => [style, styles[style] ?? {}]));
  return ok({ name, styles: complete as Record<StyleName, Style> });
}
