// The two ways to name what to do: the palette, which lists every action with its key, and the command bar, which completes words.

import { ACTIONS, type ActionId } from './actions.js';
import { contextArguments } from './contexts.js';
import { createFilter } from './filter.js';
import { keyTexts } from './keymap.js';
import { type Model, screenContext } from './model.js';
import { PAGE_IDS } from './page.js';
import { nameOf } from './rollout-key.js';
import { SORT_COLUMNS } from './screens/rollouts/sort.js';

export type PaletteEntry = { readonly action: ActionId; readonly words: string; readonly keys: string; readonly help: string };

/** Moving about has keys of its own; searching for them makes no sense. */
const NOT_LISTED = /^(?:move|prompt|filter|question|help\.|quit\.now|palette|command)/;

/** All that can be done on the screen below, narrowed by what is typed. */
export function paletteEntries(model: Model, text: string): readonly PaletteEntry[] {
  const context = screenContext(model);
  const matches = createFilter(text);
  return ACTIONS.filter(({ id, contexts }) => contexts.some((each) => each === context) && !NOT_LISTED.test(id))
    .map(({ id, words, help }) => ({ action: id, words, keys: keyTexts(model.keymap, id, model.glyphs.ascii).join(' '), help }))
    .filter(({ action, words, help }) => matches({ text: `${words} ${help} ${action}` }));
}

/** What a command line may begin with, beside the names of screens. */
const VERBS = ['rollouts', 'rollout', 'ns', 'ctx', 'sort', 'promote', 'promote-full', 'abort', 'retry', 'refresh', 'palette', 'help', 'quit'] as const;

const FIRST_WORDS: readonly string[] = [...VERBS, ...PAGE_IDS];

/** What only leads somewhere is offered before what acts. */
const LEADS: ReadonlySet<string> = new Set([...PAGE_IDS, 'rollouts', 'rollout', 'ns', 'ctx', 'sort']);

const PODS = 'pods have no list of their own: each rollout shows its own, :logs what they write';

/** Words of other consoles. */
const ELSEWHERE: Readonly<Record<string, string>> = { po: PODS, pod: PODS, pods: PODS };

const LISTED_ARGUMENTS = 12;

const ALIASES: Readonly<Record<string, string>> = {
  ro: 'rollouts',
  q: 'quit',
  'q!': 'quit',
  ev: 'events',
  log: 'logs',
  namespace: 'ns',
  context: 'ctx',
  '?': 'help',
  w: 'why',
  explain: 'why',
};

export type CommandLine = { readonly verb: string; readonly argument: string };

export function readCommand(text: string): CommandLine {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return { verb: ALIASES[first] ?? first, argument: rest.join(' ') };
}

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

/** Whole lines that begin with what is typed. */
export function completions(model: Model, text: string): readonly string[] {
  if (!/\s/.test(text.trimStart())) {
    const found = FIRST_WORDS.filter((word) => word.startsWith(text.trimStart())).toSorted();
    return [...found.filter((word) => LEADS.has(word)), ...found.filter((word) => !LEADS.has(word))];
  }
  const { verb, argument } = readCommand(text);
  return argumentsOf(model, verb)
    .filter((each) => each.startsWith(argument) || each.slice(each.lastIndexOf('/') + 1).startsWith(argument))
    .map((each) => `${verb} ${each}`);
}

/** Why the line can not be done; undefined when it can. */
export function commandProblem(model: Model, { verb, argument }: CommandLine): string | undefined {
  if (Object.hasOwn(ELSEWHERE, verb)) return ELSEWHERE[verb];
  if (!FIRST_WORDS.includes(verb)) return verb === '' ? 'type a command' : `"${verb}" is no command: tab shows those that there are`;
  const known = argumentsOf(model, verb);
  if (['ns', 'rollout', 'sort'].includes(verb) && argument === '')
    return `${verb} what? ${known.slice(0, LISTED_ARGUMENTS).join(', ')}${known.length > LISTED_ARGUMENTS ? ', … (tab shows the others)' : ''}`;
  if (known.length > 0 && argument !== '' && !known.includes(argument)) return `there is no ${verb} "${argument}"`;
  return undefined;
}
