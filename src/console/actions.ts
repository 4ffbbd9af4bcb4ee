// Everything a key can do, one row each: id, words, where it applies, its usual keys, whether it changes the cluster.
// Help, bottom line, keymaps, README and tests all read these rows.

export const CONTEXTS = ['rollouts', 'rollout', 'page', 'filter', 'prompt', 'question', 'fields', 'help', 'log'] as const;

/** Where the person is: a screen, or what lies over it and takes all keys. */
export type Context = (typeof CONTEXTS)[number];

export type ActionRow = {
  readonly id: string;
  /** For the bottom line: one or two words. */
  readonly words: string;
  /** For help: a clause. */
  readonly help: string;
  readonly contexts: readonly Context[];
  /** The keys that the default keymap gives it. */
  readonly keys: readonly string[];
  /** It changes the cluster: asks first, and is refused on stale data. */
  readonly risky: boolean;
};

const SCREENS = ['rollouts', 'rollout', 'page'] as const;
const LISTS = ['rollouts', 'rollout', 'page', 'help', 'log'] as const;
const PAGE = ['page'] as const;
const LIST = ['rollouts'] as const;
const TABLES = ['rollouts', 'page'] as const;
const PROMPT = ['prompt'] as const;

const FILTER_HELP = 'show only lines with these words (! before a word: without it; -l a=b: label; -f: letters in this order); in a text: find';

export const ACTIONS = [
  { id: 'move.up', words: 'up', help: 'to the line above', contexts: LISTS, keys: ['up', 'k'], risky: false },
  { id: 'move.down', words: 'down', help: 'to the line below', contexts: LISTS, keys: ['down', 'j'], risky: false },
  { id: 'move.page-up', words: 'page up', help: 'a page up', contexts: LISTS, keys: ['page-up', 'ctrl-b'], risky: false },
  { id: 'move.page-down', words: 'page down', help: 'a page down', contexts: LISTS, keys: ['page-down', 'ctrl-f'], risky: false },
  { id: 'move.first', words: 'first', help: 'to the first line', contexts: LISTS, keys: ['g', 'home'], risky: false },
  { id: 'move.last', words: 'last', help: 'to the last line', contexts: LISTS, keys: ['G', 'end'], risky: false },
  { id: 'open', words: 'open', help: 'open the rollout under the cursor', contexts: ['rollouts'], keys: ['enter'], risky: false },
  { id: 'filter', words: 'filter', help: FILTER_HELP, contexts: ['rollouts', 'page', 'help'], keys: ['/'], risky: false },
  { id: 'mark', words: 'mark', help: 'mark the rollout, for acts on several', contexts: LIST, keys: ['space'], risky: false },
  {
    id: 'favourite',
    words: 'favourite',
    help: 'make it a favourite, or no more: they stand first; filter + shows only them',
    contexts: SCREENS,
    keys: ['+'],
    risky: false,
  },
  { id: 'all-namespaces', words: 'all', help: 'show all namespaces again', contexts: LIST, keys: ['0'], risky: false },
  {
    id: 'recent-namespace',
    words: 'recent',
    help: 'only one of the namespaces that :ns chose lately: the title of the list has them',
    contexts: LIST,
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    risky: false,
  },
  { id: 'unmark-all', words: 'unmark', help: 'take all marks away', contexts: LIST, keys: ['U'], risky: false },
  { id: 'sort.name', words: 'by name', help: 'sort by name; again: the other way round', contexts: LIST, keys: ['N'], risky: false },
  { id: 'sort.age', words: 'by age', help: 'sort by age; again: the other way round', contexts: TABLES, keys: ['A'], risky: false },
  { id: 'sort.next', words: 'next column', help: 'sort by the next column', contexts: TABLES, keys: ['shift-right'], risky: false },
  { id: 'sort.previous', words: 'column before', help: 'sort by the column before', contexts: TABLES, keys: ['shift-left'], risky: false },
  { id: 'sort.turn', words: 'turn', help: 'turn the order round', contexts: TABLES, keys: ['O'], risky: false },
  { id: 'palette', words: 'actions', help: 'all actions, searched by their words', contexts: SCREENS, keys: ['ctrl-p'], risky: false },
  {
    id: 'command',
    words: 'command',
    help: 'a command line: screens, :ns, :ctx, :sort, :rollout, :handover (it completes words)',
    contexts: SCREENS,
    keys: [':'],
    risky: false,
  },
  { id: 'tree.toggle', words: 'fold', help: 'fold or unfold the branch; open what has none', contexts: ['rollout'], keys: ['enter', 'space'], risky: false },
  { id: 'tree.close', words: 'fold', help: 'fold the branch, or go to its parent', contexts: ['rollout'], keys: ['left'], risky: false },
  { id: 'tree.open', words: 'unfold', help: 'unfold the branch', contexts: ['rollout'], keys: ['right'], risky: false },
  { id: 'section.next', words: 'section', help: 'to the next section: revisions, steps, metrics', contexts: ['rollout'], keys: ['tab'], risky: false },
  { id: 'section.previous', words: 'section', help: 'to the section before', contexts: ['rollout'], keys: ['shift-tab'], risky: false },
  { id: 'page.open', words: 'open', help: 'open what is under the cursor', contexts: PAGE, keys: ['enter'], risky: false },
  { id: 'page.left', words: 'left', help: 'long lines to the right end and back', contexts: PAGE, keys: ['left'], risky: false },
  { id: 'page.right', words: 'right', help: 'the end of long lines', contexts: PAGE, keys: ['right'], risky: false },
  { id: 'page.next-match', words: 'next', help: 'to the next place found', contexts: PAGE, keys: ['n'], risky: false },
  { id: 'page.previous-match', words: 'previous', help: 'to the place found before', contexts: PAGE, keys: ['N'], risky: false },
  { id: 'page.follow', words: 'follow', help: 'stay at the end as lines come in, or stay here', contexts: PAGE, keys: ['f'], risky: false },
  {
    id: 'page.download',
    words: 'download',
    help: 'write the whole logs of these containers to files',
    contexts: PAGE,
    keys: ['ctrl-s'],
    risky: false,
  },
  { id: 'show.why', words: 'why', help: 'why it is where it is: the cause, the evidence, the next safe act', contexts: SCREENS, keys: ['w'], risky: false },
  { id: 'show.events', words: 'events', help: 'events of the rollout, or of the object under the cursor', contexts: SCREENS, keys: ['e'], risky: false },
  { id: 'show.yaml', words: 'yaml', help: 'the object as it is stored, secrets masked', contexts: SCREENS, keys: ['y'], risky: false },
  { id: 'show.describe', words: 'describe', help: 'the object in words, with its conditions and events', contexts: SCREENS, keys: ['d'], risky: false },
  { id: 'show.logs', words: 'logs', help: 'what the pods write: canary and stable, or those under the cursor', contexts: SCREENS, keys: ['l'], risky: false },
  { id: 'show.analysis', words: 'analysis', help: 'the analysis: each metric, its condition, its measurements', contexts: SCREENS, keys: ['m'], risky: false },
  { id: 'show.experiment', words: 'experiment', help: 'the experiment: templates, traffic, analyses', contexts: SCREENS, keys: ['M'], risky: false },
  { id: 'show.revisions', words: 'revisions', help: 'all revisions with image and verdict', contexts: SCREENS, keys: ['v'], risky: false },
  { id: 'show.diff', words: 'diff', help: 'what the new pod template changes, secrets masked', contexts: SCREENS, keys: ['D'], risky: false },
  { id: 'show.timeline', words: 'timeline', help: 'every change with time, who and why', contexts: SCREENS, keys: ['T'], risky: false },
  {
    id: 'show.recent',
    words: 'recent',
    help: 'who did what lately on all rollouts, and what became of it',
    contexts: SCREENS,
    keys: ['W'],
    risky: false,
  },
  {
    id: 'show.contexts',
    words: 'contexts',
    help: 'the clusters: how each is, which more there are; opened, one is watched or left',
    contexts: SCREENS,
    keys: ['c'],
    risky: false,
  },
  { id: 'show.history', words: 'history', help: 'past releases: when, how long, how they ended', contexts: SCREENS, keys: ['h'], risky: false },
  {
    id: 'show.links',
    words: 'links',
    help: 'where other tools show it (links in the settings); opened, one is copied',
    contexts: SCREENS,
    keys: ['L'],
    risky: false,
  },
  { id: 'show.output', words: 'output', help: 'what commands of your own have written beside the screen', contexts: SCREENS, keys: ['o'], risky: false },
  {
    id: 'rollout.promote',
    words: 'promote',
    help: 'promote: end the pause or skip the current step (asks first)',
    contexts: SCREENS,
    keys: ['p'],
    risky: true,
  },
  { id: 'rollout.promote-full', words: 'full', help: 'promote fully: skip all steps and analyses (asks first)', contexts: SCREENS, keys: ['P'], risky: true },
  { id: 'rollout.abort', words: 'abort', help: 'abort: all traffic back to the stable revision (asks first)', contexts: SCREENS, keys: ['a'], risky: true },
  { id: 'rollout.retry', words: 'retry', help: 'retry an aborted rollout from its first step (asks first)', contexts: SCREENS, keys: ['r'], risky: true },
  { id: 'rollout.pause', words: 'pause', help: 'pause it where it is, or end a pause by hand (asks first)', contexts: SCREENS, keys: ['z'], risky: true },
  { id: 'rollout.hold', words: 'hold', help: 'hold it with a reason that all see, or end the hold (asks first)', contexts: SCREENS, keys: ['H'], risky: true },
  { id: 'rollout.undo', words: 'undo', help: 'bring back a chosen revision as a new release (asks first)', contexts: SCREENS, keys: ['u'], risky: true },
  {
    id: 'rollout.rollback',
    words: 'roll back',
    help: 'roll back now: undo, wait for its pods, promote fully, look at the route (asks first)',
    contexts: SCREENS,
    keys: ['X'],
    risky: true,
  },
  { id: 'rollout.set-image', words: 'image', help: 'set the image of a container (asks first)', contexts: SCREENS, keys: ['i'], risky: true },
  {
    id: 'rollout.edit',
    words: 'edit',
    help: 'edit it in $EDITOR; it is checked, shown and asked before it is sent',
    contexts: SCREENS,
    keys: ['E'],
    risky: true,
  },
  { id: 'rollout.restart', words: 'restart', help: 'replace its pods, a few at a time (asks first)', contexts: SCREENS, keys: ['R'], risky: true },
  {
    id: 'run.terminate',
    words: 'end analysis',
    help: 'end a running analysis; what it has measured counts (asks first)',
    contexts: SCREENS,
    keys: ['t'],
    risky: true,
  },
  {
    id: 'take-back',
    words: 'take back',
    help: 'take back a promotion that has not gone out yet; leave a rollback where it is',
    contexts: SCREENS,
    keys: ['x'],
    risky: false,
  },
  {
    id: 'copy',
    words: 'copy',
    help: 'copy the kubectl line of the change that is asked about, or of the last one',
    contexts: [...SCREENS, 'question', 'log'],
    keys: ['C'],
    risky: false,
  },
  {
    id: 'log-in',
    words: 'log in',
    help: 'get credentials anew: runs the log-in plugin of the kubeconfig, with the terminal if it asks',
    contexts: SCREENS,
    keys: ['I'],
    risky: false,
  },
  { id: 'save', words: 'snapshot', help: 'write a snapshot of the rollout for a chat, and copy it', contexts: SCREENS, keys: ['S'], risky: false },
  {
    id: 'save-all',
    words: 'hand-over',
    help: 'write a hand-over note of all rollouts, and copy it: what waits, what moves, who did what (:handover)',
    contexts: SCREENS,
    keys: ['alt-s'],
    risky: false,
  },
  { id: 'log', words: 'log', help: 'the changes asked for from here, as commands', contexts: SCREENS, keys: ['@'], risky: false },
  { id: 'time', words: 'utc or local', help: 'clock times in UTC, or in the zone of this terminal', contexts: SCREENS, keys: ['Z'], risky: false },
  { id: 'refresh', words: 'refresh', help: 'read the cluster anew', contexts: SCREENS, keys: ['ctrl-r'], risky: false },
  { id: 'back', words: 'back', help: 'leave the screen, the filter or the notice; stop what is under way', contexts: SCREENS, keys: ['escape'], risky: false },
  { id: 'help', words: 'help', help: 'this page', contexts: SCREENS, keys: ['?'], risky: false },
  { id: 'quit', words: 'quit', help: 'leave the screen over the list; from there end the program', contexts: SCREENS, keys: ['q'], risky: false },
  { id: 'suspend', words: 'suspend', help: 'refused: says why (an engine that sleeps loses its Lease)', contexts: SCREENS, keys: ['ctrl-z'], risky: false },
  {
    id: 'quit.now',
    words: 'quit',
    help: 'end the program from anywhere; twice when something would be lost',
    contexts: CONTEXTS,
    keys: ['ctrl-c'],
    risky: false,
  },
  { id: 'filter.accept', words: 'keep', help: 'keep the filter', contexts: ['filter'], keys: ['enter'], risky: false },
  { id: 'filter.leave', words: 'clear', help: 'clear the filter', contexts: ['filter'], keys: ['escape'], risky: false },
  { id: 'filter.erase', words: 'erase', help: 'erase the last character', contexts: ['filter'], keys: ['backspace'], risky: false },
  { id: 'filter.erase-all', words: 'erase all', help: 'erase the filter', contexts: ['filter'], keys: ['ctrl-u'], risky: false },
  { id: 'prompt.accept', words: 'do', help: 'do what stands in the line', contexts: PROMPT, keys: ['enter'], risky: false },
  { id: 'prompt.leave', words: 'leave', help: 'leave the line', contexts: PROMPT, keys: ['escape'], risky: false },
  { id: 'prompt.complete', words: 'complete', help: 'complete the word', contexts: PROMPT, keys: ['tab', 'right'], risky: false },
  { id: 'prompt.up', words: 'up', help: 'the completion before', contexts: PROMPT, keys: ['up'], risky: false },
  { id: 'prompt.down', words: 'down', help: 'the next completion', contexts: PROMPT, keys: ['down'], risky: false },
  { id: 'prompt.erase', words: 'erase', help: 'erase the last character', contexts: PROMPT, keys: ['backspace'], risky: false },
  { id: 'prompt.erase-all', words: 'erase all', help: 'erase the line', contexts: PROMPT, keys: ['ctrl-u'], risky: false },
  { id: 'question.yes', words: 'yes', help: 'do it', contexts: ['question'], keys: ['y'], risky: false },
  { id: 'question.no', words: 'leave', help: 'leave the question, change nothing', contexts: ['question'], keys: ['n', 'escape', 'q'], risky: false },
  { id: 'question.up', words: 'up', help: 'to the line above, where not all has room', contexts: ['question'], keys: ['up'], risky: false },
  { id: 'question.down', words: 'down', help: 'to the line below, where not all has room', contexts: ['question'], keys: ['down'], risky: false },
  { id: 'question.page-up', words: 'page up', help: 'what the question says above', contexts: ['question', 'fields'], keys: ['page-up'], risky: false },
  { id: 'question.page-down', words: 'page down', help: 'what the question says below', contexts: ['question', 'fields'], keys: ['page-down'], risky: false },
  { id: 'fields.next', words: 'next', help: 'to the next answer; behind the last, do it', contexts: ['fields'], keys: ['enter'], risky: false },
  { id: 'fields.leave', words: 'leave', help: 'leave the question, change nothing', contexts: ['fields'], keys: ['escape'], risky: false },
  { id: 'fields.up', words: 'up', help: 'to the choice above, or the answer before', contexts: ['fields'], keys: ['up'], risky: false },
  { id: 'fields.down', words: 'down', help: 'to the choice below', contexts: ['fields'], keys: ['down'], risky: false },
  { id: 'fields.erase', words: 'erase', help: 'erase the last character', contexts: ['fields'], keys: ['backspace'], risky: false },
  { id: 'fields.erase-all', words: 'erase all', help: 'erase the answer', contexts: ['fields'], keys: ['ctrl-u'], risky: false },
  { id: 'log.close', words: 'close', help: 'close the log of commands', contexts: ['log'], keys: ['escape', '@', 'q', 'enter'], risky: false },
  { id: 'help.close', words: 'close', help: 'close help', contexts: ['help'], keys: ['escape', '?', 'q', 'enter'], risky: false },
] as const satisfies readonly ActionRow[];

export type ActionId = (typeof ACTIONS)[number]['id'];

export type RiskyActionId = Extract<(typeof ACTIONS)[number], { readonly risky: true }>['id'];

export const RISKY_ACTIONS = [
  'rollout.promote',
  'rollout.promote-full',
  'rollout.abort',
  'rollout.retry',
  'rollout.pause',
  'rollout.hold',
  'rollout.undo',
  'rollout.rollback',
  'rollout.set-image',
  'rollout.edit',
  'rollout.restart',
  'run.terminate',
] as const satisfies readonly RiskyActionId[];

export function isRisky(id: ActionId): id is RiskyActionId {
  return RISKY_ACTIONS.some((risky) => risky === id);
}

const BY_ID: ReadonlyMap<string, ActionRow & { readonly id: ActionId }> = new Map(ACTIONS.map((action) => [action.id, action]));

export function actionRow(id: ActionId): ActionRow {
  const row = BY_ID.get(id);
  if (row === undefined) throw new Error(`no action ${id}`);
  return row;
}

export function isActionId(id: string): id is ActionId {
  return BY_ID.has(id);
}
