// What a line of the command bar may begin with, and how it is read.

import { type ActionId, RISKY_ACTIONS } from './actions.js';
import { PAGE_IDS } from './page.js';

/** Every act has a word here: what stands behind the dot of its id. */
export const ACT_WORDS: ReadonlyMap<string, ActionId> = new Map(RISKY_ACTIONS.map((id) => [id.slice(id.indexOf('.') + 1), id]));

/** What a command line may begin with, beside the names of screens. */
const VERBS = ['rollouts', 'rollout', 'ns', 'ctx', 'sort', ...ACT_WORDS.keys(), 'resume', 'handover', 'refresh', 'palette', 'help', 'quit'] as const;

/** Other words for some of them that people look for; they are completed, too. */
export const SOUGHT = ['hand-over', 'snapshot', 'who', 'roll-back', 'image'] as const;

export const FIRST_WORDS: readonly string[] = [...VERBS, ...PAGE_IDS];

/** What only leads somewhere is offered before what acts. */
export const LEADS: ReadonlySet<string> = new Set([...PAGE_IDS, 'rollouts', 'rollout', 'ns', 'ctx', 'sort', 'who']);

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
  'hand-over': 'handover',
  snapshot: 'handover',
  who: 'recent',
  'roll-back': 'rollback',
  image: 'set-image',
};

export type CommandLine = { readonly verb: string; readonly argument: string };

export function readCommand(text: string): CommandLine {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return { verb: ALIASES[first] ?? first, argument: rest.join(' ') };
}
