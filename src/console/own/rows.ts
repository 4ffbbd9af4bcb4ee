// Every field that commands.yaml may have, one row each: the parser and the published JSON Schema both read these rows.

import { INPUT_TYPES, SCOPE_WORDS } from './own.js';

export type FieldKind =
  | { readonly type: 'text' }
  | { readonly type: 'flag' }
  | { readonly type: 'key' }
  /** A word that a line of the shell or the command bar can hold. */
  | { readonly type: 'identifier' }
  /** A text, a number, or true and false; kept as text. */
  | { readonly type: 'plain' }
  | { readonly type: 'word'; readonly words: readonly string[] }
  | { readonly type: 'words'; readonly words: readonly string[] }
  | { readonly type: 'plain-list'; readonly most: number }
  | { readonly type: 'maps'; readonly most: number; readonly rows: readonly FieldRow[] };

export type FieldRow = { readonly name: string; readonly kind: FieldKind; readonly required: boolean; readonly help: string };

const MOST_ARGS = 100;

/** More would not fit into a question of 24 lines. */
const MOST_INPUTS = 5;

const MOST_OPTIONS = 100;

const row = (name: string, kind: FieldKind, help: string, required = false): FieldRow => ({ name, kind, help, required });

const TEXT = { type: 'text' } as const;
const FLAG = { type: 'flag' } as const;

const KEYED = [
  row('description', TEXT, 'for help and the palette', true),
  row('override', FLAG, 'take the key from a built-in action; never from one that changes a cluster or leads out'),
];

const INPUT_ROWS: readonly FieldRow[] = [
  row('name', { type: 'identifier' }, '$INPUT_NAME stands for the answer', true),
  row('label', TEXT, 'what is asked (default: the name)'),
  // `dropdown` is the word of k9s.
  row('type', { type: 'word', words: [...INPUT_TYPES, 'dropdown'] }, 'a secret goes into the environment only', true),
  row('required', FLAG, 'it may not be left empty'),
  row('default', { type: 'plain' }, 'the answer that stands there at first'),
  row('options', { type: 'plain-list', most: MOST_OPTIONS }, 'of a choice'),
];

export const COMMAND_ROWS: readonly FieldRow[] = [
  row('shortCut', { type: 'key' }, 'as in a keymap: one character, or a name such as f5, ctrl-l; absent: by :NAME and the palette only'),
  ...KEYED,
  row('scopes', { type: 'words', words: SCOPE_WORDS }, 'what it is for; all: whatever is under the cursor', true),
  row('command', TEXT, 'the program; no shell reads it', true),
  row('args', { type: 'plain-list', most: MOST_ARGS }, 'one word each; $NAME, $NAMESPACE and the like are put in'),
  row('background', FLAG, 'beside the screen, its output kept (:output shows it); else it has the terminal'),
  row('readOnly', FLAG, 'it changes nothing: it may run where nothing may be written, and is not asked about'),
  row('confirm', FLAG, 'ask first also where the settings ask nothing, and of what is readOnly'),
  row('dangerous', FLAG, 'always asks for name and reason'),
  row('inputs', { type: 'maps', most: MOST_INPUTS, rows: INPUT_ROWS }, 'asked for one after the other'),
];

export const HOT_KEY_ROWS: readonly FieldRow[] = [
  row('shortCut', { type: 'key' }, 'as in a keymap: one character, or a name such as f5, ctrl-l', true),
  ...KEYED,
  row('command', TEXT, 'a line of the command bar: ctx prod-eu, rollouts /checkout, logs', true),
];

/** A name that `:` takes. */
export const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$';

/** A name that a variable can have behind INPUT_. */
export const IDENTIFIER_PATTERN = '^[A-Za-z_][A-Za-z0-9_]{0,39}$';

export const LONGEST_TEXT = 4000;

export const MOST_ENTRIES = 100;
