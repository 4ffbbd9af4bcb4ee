// The schema of keymaps: which keys do which action. A key means one thing in a context; nothing but a typed letter confirms.

import { isRecord } from '../lib/deep.js';
import { err, ok, type Result } from '../lib/result.js';
import { ACTIONS, type ActionId, actionRow, CONTEXTS, type Context, isActionId } from './actions.js';
import { isKeyName } from './key.js';
import { describeValue, type FieldProblem, problem } from './problem.js';

export type Keymap = {
  readonly name: string;
  /** An empty list: the action has no key, on purpose. */
  readonly bindings: Readonly<Record<ActionId, readonly string[]>>;
};

/** Keys that a hand presses without reading: none of them may say yes to a change. */
const NEVER_YES: ReadonlySet<string> = new Set(['enter', 'space', 'escape', 'tab']);

const FIELDS: ReadonlySet<string> = new Set(['name', 'bindings']);

export const DEFAULT_KEYMAP: Keymap = {
  name: 'built-in',
  bindings: Object.fromEntries(ACTIONS.map(({ id, keys }) => [id, keys])) as unknown as Record<ActionId, readonly string[]>,
};

function bindingProblems(id: string, keys: unknown): FieldProblem[] {
  const path = ['bindings', id];
  if (!isActionId(id)) return [problem(path, `is no action; actions are ${ACTIONS.map((action) => action.id).join(', ')}`)];
  if (!Array.isArray(keys)) return [problem(path, `must be a list of keys such as [j, down], or [] for none, not ${describeValue(keys)}`)];
  const problems = keys
    .filter((key) => typeof key !== 'string' || !isKeyName(key))
    .map((key) => problem(path, `${describeValue(key)} is no key: write one character, or a name such as enter, page-up, ctrl-f (quote digits)`));
  const tooEasy = id === 'question.yes' ? keys.filter((key): key is string => typeof key === 'string' && NEVER_YES.has(key)) : [];
  problems.push(...tooEasy.map((key) => problem(path, `${key} may not confirm a change: it is pressed too easily`)));
  if (id === 'quit.now' && keys.length === 0) problems.push(problem(path, 'must have a key: the program must end from anywhere'));
  return problems;
}

function conflicts(bindings: Keymap['bindings']): FieldProblem[] {
  return CONTEXTS.flatMap((context) => {
    const taken = new Map<string, string>();
    return ACTIONS.filter(({ contexts }) => contexts.some((each) => each === context)).flatMap(({ id }) =>
      bindings[id].flatMap((key) => {
        const other = taken.get(key);
        taken.set(key, id);
        return other === undefined ? [] : [problem(['bindings', id], `${key} already does ${other} in ${context}`)];
      }),
    );
  });
}

/** Takes what a YAML parser made of a keymap file. Actions that are not named keep their usual keys. */
export function parseKeymap(value: unknown): Result<Keymap, readonly FieldProblem[]> {
  if (!isRecord(value)) return err([problem([], `a keymap is a map with name and bindings, not ${describeValue(value)}`)]);
  const { name, bindings } = value;
  const problems = Object.keys(value)
    .filter((field) => !FIELDS.has(field))
    .map((field) => problem([field], 'is not known here; known are name, bindings'));
  if (typeof name !== 'string' || name === '') problems.push(problem(['name'], `must be the keymap's name, not ${describeValue(name)}`));
  if (!isRecord(bindings)) return err([...problems, problem(['bindings'], `must be a map from actions to lists of keys, not ${describeValue(bindings)}`)]);
  for (const [id, keys] of Object.entries(bindings)) problems.push(...bindingProblems(id, keys));
  if (problems.length > 0 || typeof name !== 'string') return err(problems);
  const complete = { ...DEFAULT_KEYMAP.bindings, ...(bindings as Record<string, readonly string[]>) };
  const clashes = conflicts(complete);
  return clashes.length > 0 ? err(clashes) : ok({ name, bindings: complete });
}

/** Keys for letters typed into a filter are no commands: only these named ones are looked up there. */
export function findAction(keymap: Keymap, context: Context, key: string): ActionId | undefined {
  return ACTIONS.find(({ id, contexts }) => contexts.some((each) => each === context) && keymap.bindings[id].includes(key))?.id;
}

const SHORT: Readonly<Record<string, string>> = { escape: 'esc', 'page-up': 'pgup', 'page-down': 'pgdn', up: '↑', down: '↓', left: '←', right: '→' };
const SHORT_ASCII: Readonly<Record<string, string>> = { ...SHORT, up: 'up', down: 'down', left: 'left', right: 'right' };

/** The keys of an action as the screen writes them. */
export function keyTexts(keymap: Keymap, id: ActionId, ascii: boolean): readonly string[] {
  return keymap.bindings[id].map((key) => (ascii ? SHORT_ASCII : SHORT)[key] ?? key);
}

/** The first of them; undefined when there is none. */
export function keyText(keymap: Keymap, id: ActionId, ascii: boolean): string | undefined {
  return keyTexts(keymap, id, ascii)[0];
}

/** What ends the program: of these one always has a key. */
export function quitKeyText(keymap: Keymap, ascii: boolean): string {
  return keyText(keymap, 'quit', ascii) ?? keyText(keymap, 'quit.now', ascii) ?? '';
}

/** Words for the help page, in the order of the table. */
export function helpRows(keymap: Keymap, context: Context, ascii: boolean): { readonly id: ActionId; readonly keys: string; readonly help: string }[] {
  return ACTIONS.filter(({ contexts }) => contexts.some((each) => each === context)).map(({ id }) => ({
    id,
    keys: keyTexts(keymap, id, ascii).join(' '),
    help: actionRow(id).help,
  }));
}
