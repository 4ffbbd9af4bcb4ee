// Namespaces that a person has looked at lately, each under a digit. A digit stays with its namespace until there are more than digits.

import type { ActionId } from './actions.js';
import type { Effect } from './effect.js';
import { keyText } from './keymap.js';
import type { Model } from './model.js';
import { notify } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

/** As many as there are digits beside the one for all. */
export const MOST_RECENT = 9;

/** The newest last; one that is there already keeps its place. */
export const withNamespace = (known: readonly string[], namespace: string): readonly string[] =>
  known.includes(namespace) ? known : [...known, namespace].slice(-MOST_RECENT);

const contextsOf = ({ list, clusters }: Model): readonly string[] => (list.context === undefined ? [...clusters.keys()] : [list.context]);

/** Of the contexts that are listed. */
export function recentNamespaces(model: Model): readonly string[] {
  return [...new Set(contextsOf(model).flatMap((context) => model.recentNamespaces.get(context) ?? []))].slice(0, MOST_RECENT);
}

/** After a command has narrowed the list to a namespace that has rollouts. */
export function rememberNamespace(model: Model): Step {
  const { namespace } = model.list;
  if (namespace === undefined || !model.board.all.some((facts) => facts.namespace === namespace)) return [model, []];
  const contexts = contextsOf(model);
  const news = contexts.map((context) => [context, withNamespace(model.recentNamespaces.get(context) ?? [], namespace)] as const);
  return [{ ...model, recentNamespaces: new Map([...model.recentNamespaces, ...news]) }, [{ type: 'keep-namespace', contexts, namespace }]];
}

/** The digits in the order in which the keymap has them; a word of the palette means the first. */
export function goToNamespace(model: Model, key: string | undefined): Model {
  const action: ActionId = 'recent-namespace';
  const place = Math.max(0, key === undefined ? 0 : model.keymap.bindings[action].indexOf(key));
  const known = recentNamespaces(model);
  const namespace = known[place];
  if (namespace !== undefined) return { ...model, list: { ...model.list, namespace } };
  const all = keyText(model.keymap, 'all-namespaces', model.glyphs.ascii) ?? ':ns all';
  const words = known.length === 0 ? 'none yet' : known.map((each, number) => `${model.keymap.bindings[action][number] ?? ''} ${each}`).join(', ');
  return notify(model, 'attention', `There is no namespace under that key: ${words}. :ns NAME gives one a key; ${all} shows all.`);
}
