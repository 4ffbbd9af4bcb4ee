// What keys make of the palette and of the command bar.

import { sanitise } from '../lib/text-width.js';
import { type ActionId, actionRow, isActionId } from './actions.js';
import { type KeyPress, typedCharacter } from './key.js';
import { keyText } from './keymap.js';
import { labelOf, type Model, openDetail, type Prompt } from './model.js';
import { type HotKey, type OwnCommand, ownNamed } from './own/own.js';
import { PAGE_IDS } from './page.js';
import { ACT_WORDS, readCommand } from './command-line.js';
import { commandProblem, completions, paletteEntries } from './prompt.js';
import { targetsOf } from './target.js';

const LONGEST_LINE = 200;

/** What is to be done when the prompt has been closed: an action as if its key had been pressed, or a change of the model. */
export type Chosen =
  | { readonly type: 'action'; readonly action: ActionId }
  | { readonly type: 'model'; readonly model: Model }
  | { readonly type: 'contexts'; readonly argument: string }
  /** Of the person's own: a command, or the line of a hotkey. */
  | { readonly type: 'own'; readonly own: OwnCommand | HotKey }
  | { readonly type: 'complaint'; readonly text: string };

const OTHERS: Readonly<Record<string, ActionId>> = {
  handover: 'save-all',
  refresh: 'refresh',
  help: 'help',
  quit: 'quit',
  palette: 'palette',
};

export function openPrompt(model: Model, type: Prompt['type']): Model {
  return { ...model, prompt: { type, text: '', place: 0 }, notice: undefined };
}

/** What was told of the line before is not the answer to this one. */
function edit(model: Model, prompt: Prompt, text: string): Model {
  return { ...model, notice: undefined, prompt: { ...prompt, text: text.slice(0, LONGEST_LINE), place: 0 } };
}

/** Letters, pastes, and the keys that edit. */
export function typeIntoPrompt(model: Model, prompt: Prompt, key: KeyPress, action: ActionId | undefined): Model {
  if (action === 'prompt.leave') return { ...model, prompt: undefined, notice: undefined };
  if (action === 'prompt.erase') return prompt.text === '' ? { ...model, prompt: undefined } : edit(model, prompt, prompt.text.replace(/.$/su, ''));
  if (action === 'prompt.erase-all') return edit(model, prompt, '');
  if (action === 'prompt.up' || action === 'prompt.down') {
    const count = (prompt.type === 'palette' ? paletteEntries(model, prompt.text) : completions(model, prompt.text)).length;
    const by = action === 'prompt.up' ? -1 : 1;
    return { ...model, prompt: { ...prompt, place: Math.max(0, Math.min(count - 1, prompt.place + by)) } };
  }
  if (action === 'prompt.complete') {
    if (prompt.type === 'palette') return model;
    const found = completions(model, prompt.text)[prompt.place];
    return found === undefined ? model : edit(model, prompt, ['ns', 'ctx', 'sort', 'rollout'].includes(found) ? `${found} ` : found);
  }
  const text = key.name === 'paste' ? sanitise(key.text ?? '').trim() : typedCharacter(key);
  // After a word that was no command the next one is begun as the first was.
  if (text === ':' && prompt.type === 'command' && !prompt.text.includes(' ')) return edit(model, prompt, '');
  return text === undefined || text === '' ? model : edit(model, prompt, prompt.text + text);
}

/** The rollout that a command line names: with its cluster, where there are several. */
function keyOf(model: Model, argument: string): string {
  const [only = ''] = model.clusters.keys();
  return model.clusters.size > 1 ? argument : `${only} ${argument}`;
}

/** The word of kubectl for the end of a pause by hand: the key of the pause does the opposite where there is none, and so it is not pressed there. */
function resume(model: Model): Chosen {
  const targets = targetsOf(model);
  const other = targets.find(({ held }) => !held);
  if (targets.length > 0 && other === undefined) return { type: 'action', action: 'rollout.pause' };
  if (other === undefined) return { type: 'complaint', text: 'there is no rollout under the cursor' };
  const key = keyText(model.keymap, 'rollout.promote', model.glyphs.ascii);
  const past = `it waits by itself, and ${key === undefined ? 'to promote it' : `${key} promote`} goes past that`;
  return { type: 'complaint', text: `${labelOf(model, other.key)} is not paused by hand${other.pause === undefined ? '' : `: ${past}`}` };
}

/** A line of the command bar, as it stands. */
export function runCommand(model: Model, text: string): Chosen {
  const line = readCommand(text);
  const own = ownNamed(model.own, line.verb);
  if (own !== undefined && line.argument === '') return { type: 'own', own };
  const problem = commandProblem(model, line);
  if (problem !== undefined) return { type: 'complaint', text: problem };
  const { verb, argument } = line;
  if (verb === 'resume') return resume(model);
  const action = ACT_WORDS.get(verb) ?? OTHERS[verb] ?? (PAGE_IDS.some((id) => id === verb) ? `show.${verb}` : undefined);
  if (action !== undefined && isActionId(action)) return { type: 'action', action };
  const list = { ...model, screen: 'rollouts' as const, detail: undefined, stack: [] };
  if (verb === 'rollout') return { type: 'model', model: { ...list, screen: 'rollout', detail: openDetail(keyOf(model, argument)) } };
  if (verb === 'ns') return { type: 'model', model: { ...list, list: { ...model.list, namespace: argument === 'all' ? undefined : argument } } };
  if (verb === 'ctx') return argument === '' ? { type: 'action', action: 'show.contexts' } : { type: 'contexts', argument };
  if (verb === 'sort') return { type: 'model', model: { ...list, list: { ...model.list, sort: { column: argument, descending: false } } } };
  return { type: 'model', model: { ...list, list: { ...model.list, filter: argument.replace(/^\//, '') } } };
}

/** Enter: what stands in the line; of a line that is only begun, its completion. */
export function acceptPrompt(model: Model, prompt: Prompt): { readonly model: Model; readonly chosen: Chosen } {
  const closed = { ...model, prompt: undefined };
  if (prompt.type === 'palette') {
    const entry = paletteEntries(model, prompt.text)[prompt.place];
    return { model: closed, chosen: entry === undefined ? { type: 'complaint', text: 'no action has these words' } : entry.chosen };
  }
  const found = completions(model, prompt.text)[prompt.place];
  const exact = commandProblem(model, readCommand(prompt.text)) === undefined;
  const text = exact || found === undefined ? prompt.text : found;
  return { model: closed, chosen: runCommand(closed, text) };
}

/** Actions that stand on the screen below may be chosen; whether they apply there, their row says. */
export const appliesOn = (action: ActionId, context: string): boolean => actionRow(action).contexts.some((each) => each === context);
