// All that the screens which are open need: the list that the app keeps reading.

import { type Model, settingsFor } from './model.js';
import type { Need } from './need.js';
import { readKey } from './rollout-key.js';
import { EXPERIMENT, HORIZONTAL_POD_AUTOSCALER, POD_DISRUPTION_BUDGET } from '../kinds/resource-type.js';
import { pageScreen } from './screens/pages.js';

/** The tree of a rollout shows these, too. */
const TREE = [EXPERIMENT, HORIZONTAL_POD_AUTOSCALER, POD_DISRUPTION_BUDGET] as const;

/** Where the settings say so, and something may be written at all. */
function presenceOf(model: Model): readonly Need[] {
  const facts = model.detail === undefined ? undefined : model.board.byKey.get(model.detail.key);
  if (facts === undefined || facts.uid === '') return [];
  const { presence, readOnly } = settingsFor(model, facts.cluster, facts.namespace);
  const { cluster, namespace, name, uid } = facts;
  return presence && !readOnly ? [{ type: 'presence', cluster, namespace, name, uid }] : [];
}

export function needsOf(model: Model): readonly Need[] {
  const open = model.detail === undefined ? undefined : readKey(model.detail.key);
  const tree = open === undefined ? [] : TREE.map((resource): Need => ({ type: 'objects', cluster: open.cluster, resource, namespace: open.namespace }));
  return [...tree, ...presenceOf(model), ...model.stack.flatMap((page) => pageScreen(page.screen).needs?.(model, page) ?? [])];
}
