// A key as the console knows it: one name for each, whatever bytes the terminal sent for it.

import type { Instant } from '../lib/instant.js';

/** Names of keys that are not one printable character. */
export const KEY_NAMES = [
  'enter', 'escape', 'space', 'tab', 'backtab', 'backspace', 'delete', 'insert',
  'up', 'down', 'left', 'right', 'home', 'end', 'pageup', 'pagedown',
  'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8', 'f9', 'f10', 'f11', 'f12',
  'paste',
] as const;

export type KeyPress = {
  /** One printable character as typed ('j', 'P', '/', 'ü'), a name of KEY_NAMES, or 'ctrl-' or 'alt-' before either ('ctrl-c', 'alt-x'). */
  readonly name: string;
  /** What was pasted; with the name 'paste' only. */
  readonly text?: string;
  /** Keys that came in one read from the terminal share this number; it grows with each read. */
  readonly burst: number;
  /** When it was read. */
  readonly at: Instant;
};

const NAMED: ReadonlySet<string> = new Set(KEY_NAMES);

/** Whether a keymap may name such a key. A paste is not a key to bind. */
export function isKeyName(name: string): boolean {
  const base = name.replace(/^(?:ctrl-|alt-)/, '');
  if (NAMED.has(base)) return base !== 'paste';
  return /^[^\p{C}\p{Z}]$/u.test(base);
}

/** The character that the key types into a text, or undefined for all others. */
export function typedCharacter(key: KeyPress): string | undefined {
  if (key.name === 'space') return ' ';
  return /^[^\p{C}]$/u.test(key.name) ? key.name : undefined;
}
