// A message for the desktop, through the terminal (OSC 9): that works over SSH too. The bell rings besides: tmux, screen and
// terminals without this watch for it.

import { cut, sanitise } from '../lib/text-width.js';

type Environment = Readonly<Record<string, string | undefined>>;

const LONGEST = 160;

/** tmux passes on only what is wrapped, with each escape doubled (and `allow-passthrough on`); GNU screen has its own wrapper. */
export function passThrough(sequence: string, environment: Environment): string {
  if ((environment['TMUX'] ?? '') !== '') return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  return (environment['STY'] ?? '') === '' ? sequence : `\u001bP${sequence}\u001b\\`;
}

/** Names come from the cluster: nothing in them may end the sequence, or be obeyed. */
export function osc9(text: string, environment: Environment): string {
  return passThrough(`\u001b]9;${cut(sanitise(text), LONGEST, '...')}\u0007`, environment);
}
