// Which keys a person may give to commands of their own, and which of them one is. Whatever files and keymaps say, a key that
// changes a cluster or leads out of a screen stays what it is.

import { type ActionId, actionRow, isRisky } from '../actions.js';
import { findAction, type Keymap } from '../keymap.js';
import type { HotKey, Own, OwnCommand } from './own.js';

/** Where keys of one's own count: not while something is typed or asked. */
export const OWN_CONTEXTS = ['rollouts', 'rollout', 'page'] as const;

export type OwnContext = (typeof OWN_CONTEXTS)[number];

/** The ways out, back and to help, and what ends an act: they are pressed without looking. */
const FIXED: ReadonlySet<ActionId> = new Set(['quit', 'quit.now', 'back', 'help', 'suspend', 'take-back', 'palette', 'command']);

const mayGive = (action: ActionId): boolean => !isRisky(action) && !FIXED.has(action);

/** Why this can not be the key, as a clause. */
export function keyClash(keymap: Keymap, key: string, override: boolean): string | undefined {
  const taken = OWN_CONTEXTS.map((context) => findAction(keymap, context, key)).filter((action) => action !== undefined);
  const fixed = taken.find((action) => !mayGive(action));
  const [first] = taken;
  if (first === undefined || (fixed === undefined && override)) return undefined;
  const does = `${key} already does ${fixed ?? first} (${actionRow(fixed ?? first).words})`;
  if (fixed !== undefined) return `${does}, and may not do anything else${override ? ', whatever override says' : ''}`;
  return `${does}: choose another key, or write override: true`;
}

/** What the key means of a person's own; undefined when it means something built in. The keymap may be newer than the file. */
export function findOwn(own: Own, keymap: Keymap, context: OwnContext, key: string): OwnCommand | HotKey | undefined {
  const found = [...own.commands, ...own.hotKeys].find(({ shortCut }) => shortCut === key);
  if (found === undefined) return undefined;
  const action = findAction(keymap, context, key);
  return action === undefined || (found.override && mayGive(action)) ? found : undefined;
}
