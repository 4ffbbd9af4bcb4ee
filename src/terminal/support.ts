// What the terminal at hand can do, decided by us: blessed misjudges locales and half of the terminfo files on a system.

export type TerminalSupport =
  | {
      readonly type: 'ok';
      /** The packaged terminfo entry to use. */ readonly terminal: 'xterm-256color' | 'linux';
      readonly unicode: boolean;
      readonly colour: boolean;
    }
  | { readonly type: 'unusable'; readonly reason: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the locale says UTF-8. Containers often have none at all; they nearly always show UTF-8. */
export function hasUnicode(environment: Environment): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  if (locale === '') return true;
  return /utf-?8/i.test(locale);
}

export function terminalSupport(environment: Environment, isTty: boolean): TerminalSupport {
  const name = environment['TERM'] ?? '';
  if (!isTty)
    return {
      type: 'unusable',
      reason: 'standard input and output are not both a terminal: open the console in one, or use `sluice list rollouts` and `sluice get rollout NAME`',
    };
  if (name === 'dumb' || /^vt\d/.test(name))
    return {
      type: 'unusable',
      reason: `TERM=${name} can not address the screen: set TERM to what the terminal is (xterm-256color suits nearly all), or use \`sluice list rollouts\``,
    };
  const colour = (environment['NO_COLOR'] ?? '') === '';
  return { type: 'ok', terminal: name === 'linux' ? 'linux' : 'xterm-256color', unicode: hasUnicode(environment), colour };
}
