// What the terminal at hand can do, decided by us: blessed misjudges locales and half of the terminfo files on a system.

import type { Depth } from './colours.js';

export type TerminalSupport =
  | {
      readonly type: 'ok';
      /** The packaged terminfo entry to use. */ readonly terminal: 'xterm-256color' | 'linux';
      readonly unicode: boolean;
      readonly depth: Depth;
      /** Whether it may be asked what it can do without writing the question on the screen. */ readonly answers: boolean;
      /** Whether it is not known to fail at hyperlinks. */ readonly hyperlinks: boolean;
    }
  | { readonly type: 'unusable'; readonly reason: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the locale says UTF-8. Containers often have none at all; they nearly always show UTF-8. */
export function hasUnicode(environment: Environment): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  if (locale === '') return true;
  return /utf-?8/i.test(locale);
}

/** The first that matches the terminal's name. Others are taken for 256 colours, as nearly all are. */
const DEPTH_OF_NAME: readonly (readonly [RegExp, Depth])[] = [
  [/-m(?:ono)?$/, '1'],
  [/-direct|kitty|alacritty|foot|wezterm|ghostty/, '24-bit'],
  [/256color/, '256'],
  [/16color|^xterm$/, '16'],
  [/^(?:linux|screen|tmux|rxvt|ansi|cygwin)/, '8'],
];

export function colourDepth(environment: Environment): Depth {
  if ((environment['NO_COLOR'] ?? '') !== '') return '1';
  if (/^(?:truecolor|24bit)$/i.test(environment['COLORTERM'] ?? '')) return '24-bit';
  const name = environment['TERM'] ?? '';
  return DEPTH_OF_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? '256';
}

export function terminalSupport(environment: Environment, isTty: boolean): TerminalSupport {
  const name = environment['TERM'] ?? '';
  if (!isTty)
    return {
      type: 'unusable',
      reason: 'standard input and output are not both a terminal: open the console in one; until then, lines as of `sluice list rollouts -w`',
    };
  if (name === 'dumb' || /^vt\d/.test(name))
    return {
      type: 'unusable',
      reason: `TERM=${name} can not address the screen: set TERM to what the terminal is (xterm-256color suits nearly all), or use \`sluice list rollouts\``,
    };
  const terminal = name === 'linux' ? 'linux' : 'xterm-256color';
  return {
    type: 'ok',
    terminal,
    unicode: hasUnicode(environment),
    depth: colourDepth(environment),
    answers: terminal !== 'linux',
    hyperlinks: terminal !== 'linux' && (environment['STY'] ?? '') === '',
  };
}
