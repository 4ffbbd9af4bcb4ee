// The signs that repeat every state beside its word: one set for terminals with Unicode, one for those without.

export type Glyphs = {
  readonly ascii: boolean;
  readonly good: string;
  readonly progress: string;
  readonly paused: string;
  readonly bad: string;
  readonly warning: string;
  readonly unknown: string;
  readonly waiting: string;
  readonly neutral: string;
  readonly replicaSet: string;
  readonly pod: string;
  readonly analysis: string;
  readonly revision: string;
  readonly experiment: string;
  readonly autoscaler: string;
  readonly budget: string;
  readonly service: string;
  readonly route: string;
  readonly open: string;
  readonly closed: string;
  readonly cursor: string;
  readonly mark: string;
  readonly favourite: string;
  readonly here: string;
  readonly rule: string;
  readonly bar: string;
  readonly tee: string;
  readonly foot: string;
  readonly cross: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly fill: string;
  readonly rest: string;
  readonly levels: readonly string[];
  readonly gap: string;
  readonly live: string;
  readonly arrow: string;
  readonly more: string;
  readonly none: string;
  readonly differs: string;
  readonly atLeast: string;
  readonly atMost: string;
  readonly separator: string;
  readonly up: string;
  readonly down: string;
};

export const UNICODE_GLYPHS: Glyphs = {
  ascii: false,
  good: '✔',
  progress: '◌',
  paused: '‖',
  bad: '✖',
  warning: '⚠',
  unknown: '?',
  waiting: '◷',
  neutral: '•',
  replicaSet: '⧉',
  pod: '□',
  analysis: 'α',
  revision: '#',
  experiment: 'Σ',
  autoscaler: '↕',
  budget: '≥',
  service: '◇',
  route: '⇄',
  open: '▾',
  closed: '▸',
  cursor: '▌',
  mark: '*',
  favourite: '◆',
  here: '▶',
  rule: '─',
  bar: '│',
  tee: '┬',
  foot: '┴',
  cross: '┼',
  topLeft: '┌',
  topRight: '┐',
  bottomLeft: '└',
  bottomRight: '┘',
  fill: '█',
  rest: '░',
  levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  gap: '·',
  live: '●',
  arrow: '→',
  more: '…',
  none: '–',
  differs: '≠',
  atLeast: '≥',
  atMost: '≤',
  separator: '·',
  up: '↑',
  down: '↓',
};

export const ASCII_GLYPHS: Glyphs = {
  ascii: true,
  good: 'OK',
  progress: '..',
  paused: '||',
  bad: 'XX',
  warning: '!!',
  unknown: '??',
  waiting: '--',
  neutral: ' *',
  replicaSet: 'rs',
  pod: 'po',
  analysis: 'ar',
  revision: '#',
  experiment: 'ex',
  autoscaler: 'hp',
  budget: 'pd',
  service: 'sv',
  route: 'rt',
  open: '-',
  closed: '+',
  cursor: '>',
  mark: '*',
  favourite: '+',
  here: '>',
  rule: '-',
  bar: '|',
  tee: '+',
  foot: '+',
  cross: '+',
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  fill: '#',
  rest: '.',
  levels: ['_', '.', '-', '=', '#'],
  gap: ' ',
  live: '*',
  arrow: '->',
  more: '...',
  none: '-',
  differs: '!=',
  atLeast: '>=',
  atMost: '<=',
  separator: '|',
  up: '^',
  down: 'v',
};

/** Columns that a state's sign takes, so that signs of one and two characters stand in one column. */
export function signWidth(glyphs: Glyphs): number {
  return glyphs.ascii ? 2 : 1;
}
