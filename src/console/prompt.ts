// The two ways to name what to do: the palette, which lists every action with its key, and the command bar, which completes words.

import { namesOf, resembling, searched } from './action-words.js';
import { ACTIONS, type ActionId, actionRow } from './actions.js';
import { contextArguments } from './contexts.js';
import { ACT_WORDS, type CommandLine, FIRST_WORDS, LEADS, readCommand, SOUGHT } from './command-line.js';
import type { Filtered } from './filter.js';
import { keyText, keyTexts } from './keymap.js';
import { type Model, screenContext } from './model.js';
import type { HotKey, OwnCommand } from './own/own.js';
import { nameOf } from './rollout-key.js';
import { SORT_COLUMNS } from './screens/rollouts/sort.js';

type PaletteChoice = { readonly type: 'action'; readonly action: ActionId } | { readonly type: 'own'; readonly own: OwnCommand | HotKey };

export type PaletteEntry = { readonly chosen: PaletteChoice; readonly words: string; readonly keys: string; readonly help: string };

/** Moving about has keys of its own; searching for them makes no sense. */
const NOT_LISTED = /^(?:move|prompt|filter|question|help\.|quit\.now|palette|command)/;

type Searched = Filtered & { readonly names: string; readonly entry: PaletteEntry };

/** All that can be done on the screen below, narrowed by what is typed. */
export function paletteEntries(model: Model, text: string): readonly PaletteEntry[] {
  const context = screenContext(model);
  const actions = ACTIONS.filter(({ id, contexts }) => contexts.some((each) => each === context) && !NOT_LISTED.test(id)).map(({ id, words, help }) => ({
    entry: { chosen: { type: 'action' as const, action: id }, words, keys: keyTexts(model.keymap, id, model.glyphs.ascii).join(' '), help },
    names: namesOf(id),
    text: `${namesOf(id)} ${help}`,
  }));
  const own = [...model.own.commands, ...model.own.hotKeys].map((each) => ({
    entry: { chosen: { type: 'own' as const, own: each }, words: each.name, keys: each.shortCut ?? '', help: each.description },
    names: each.name,
    text: `${each.name} ${each.description}`,
  }));
  return searched<Searched>([...actions, ...own], text).map(({ entry }) => entry);
}

const PODS = 'pods have no list of their own: each rollout shows its own, :logs what they write';

/** Words of other consoles. */
const ELSEWHERE: Readonly<Record<string, string>> = { po: PODS, pod: PODS, pods: PODS };

const LISTED_ARGUMENTS = 12;

/** Keys that a word that is none is answered with. */
const MOST_NEAR = 3;

function argumentsOf(model: Model, verb: string): readonly string[] {
  switch (verb) {
    case 'ns':
      return ['all', ...new Set(model.board.all.map(({ namespace }) => namespace))].sort();
    case 'rollout':
      return model.board.all.map(({ key }) => (model.clusters.size > 1 ? key : nameOf(key)));
    case 'sort':
      return SORT_COLUMNS.map(({ id }) => id);
    case 'ctx':
      return contextArguments(model);
    default:
      return [];
  }
}

const ownNames = ({ own }: Model): readonly string[] => [...own.commands, ...own.hotKeys].map(({ name }) => name);

/** Whole lines that begin with what is typed. */
export function completions(model: Model, text: string): readonly string[] {
  if (!/\s/.test(text.trimStart())) {
    const found = [...FIRST_WORDS, ...SOUGHT, ...ownNames(model)].filter((word) => word.startsWith(text.trimStart())).toSorted();
    return [...found.filter((word) => LEADS.has(word)), ...found.filter((word) => !LEADS.has(word))];
  }
  const { verb, argument } = readCommand(text);
  return argumentsOf(model, verb)
    .filter((each) => each.startsWith(argument) || each.slice(each.lastIndexOf('/') + 1).startsWith(argument))
    .map((each) => `${verb} ${each}`);
}

/** Which key does what was meant, as far as the word tells it. */
function nearWords(model: Model, verb: string): string {
  const context = screenContext(model);
  const near = resembling(verb).flatMap((id) => {
    const key = keyText(model.keymap, id, model.glyphs.ascii);
    const here = actionRow(id).contexts.some((each) => each === context) && !NOT_LISTED.test(id);
    return key === undefined || !here ? [] : [`${key} ${actionRow(id).words}`];
  });
  return near.length === 0 ? 'tab shows those that there are' : `there is the key ${near.slice(0, MOST_NEAR).join(', ')}`;
}

/** Why the line can not be done; undefined when it can. */
export function commandProblem(model: Model, { verb, argument }: CommandLine): string | undefined {
  if (Object.hasOwn(ELSEWHERE, verb)) return ELSEWHERE[verb];
  if (ownNames(model).includes(verb)) return argument === '' ? undefined : `${verb} takes nothing behind it: it asks for what it needs`;
  if (!FIRST_WORDS.includes(verb)) return verb === '' ? 'type a command' : `"${verb}" is no command: ${nearWords(model, verb)}`;
  if (verb === 'handover' && argument !== '') return 'a hand-over note is of all rollouts: nothing stands behind it (the key for a snapshot writes of one)';
  if ((ACT_WORDS.has(verb) || verb === 'resume') && argument !== '')
    return `${verb} takes nothing behind it: it is for the rollout under the cursor, or those that are marked`;
  const known = argumentsOf(model, verb);
  if (['ns', 'rollout', 'sort'].includes(verb) && argument === '')
    return `${verb} what? ${known.slice(0, LISTED_ARGUMENTS).join(', ')}${known.length > LISTED_ARGUMENTS ? ', … (tab shows the others)' : ''}`;
  if (known.length > 0 && argument !== '' && !known.includes(argument)) return `there is no ${verb} "${argument}"`;
  return undefined;
}
