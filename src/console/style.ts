// The names of all styles. Screens use names; a theme gives each its colours, `terminal/` turns them into attributes.

export const STYLE_NAMES = [
  'text',
  'muted',
  'strong',
  'title',
  'rule',
  'banner',
  'banner-attention',
  'banner-alarm',
  'key',
  'key-off',
  'selected',
  'stale',
  'good',
  'progress',
  'attention',
  'bad',
  'unknown',
  'canary',
  'stable',
  'limit',
  'gauge-fill',
  'gauge-rest',
  'question',
  'input',
] as const;

export type StyleName = (typeof STYLE_NAMES)[number];
