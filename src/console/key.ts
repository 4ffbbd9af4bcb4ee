// A key as the console knows it: one name for each, whatever bytes the terminal sent for it.

/** Names of keys that are not one printable character. */
export const KEY_NAMES = [
  'enter',
  'escape',
  'space',
  'tab',
  'backspace',
  'delete',
  'insert',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'page-up',
  'page-down',
  'f1',
  'f2',
  'f3',
  'f4',
  'f5',
  'f6',
  'f7',
  'f8',
  'f9',
  'f10',
  'f11',
  'f12',
  'paste',
] as const;

export type KeyPress = {
  /** One printable character as typed ('j', 'P', '/', 'ü'), or a name of KEY_NAMES with any of 'ctrl-', 'alt-', 'shift-' before it, in this order ('ctrl-c', 'shift-tab'). */
  readonly name: string;
  /** What was pasted; with the name 'paste' only. */
  readonly text?: string;
  /** True when other keys came in the same read, or in a paste: no hand typed them one after the other, so they confirm nothing. */
  readonly burst: boolean;
};

const NAMED: ReadonlySet<string> = new Set(KEY_NAMES);

/** Whether a keymap may name such a key. A paste is not a key to bind. */
export function isKeyName(name: string): boolean {
  const base = name.replace(/^(?:ctrl-)?(?:alt-)?(?:shift-)?(?=.)/u, '');
  if (NAMED.has(base)) return base !== 'paste';
  return /^[^\p{C}\p{Z}]$/u.test(base);
}

/** The character that the key types into a text, or undefined for all others. */
export function typedCharacter(key: KeyPress): string | undefined {
  if (key.name === 'space') return ' ';
  return /^[^\p{C}]$/u.test(key.name) ? key.name : undefined;
}
