// Favourites: rollouts that a person looks for first, on every start.

import type { Effect } from './effect.js';
import { labelOf, type Model } from './model.js';
import { targetOf } from './target.js';
import { notify } from './update-changes.js';

type Step = readonly [Model, readonly Effect[]];

/** Makes the rollout at hand a favourite, or takes that away. */
export function turnFavourite(model: Model): Step {
  const facts = targetOf(model);
  if (facts === undefined) return [notify(model, 'attention', 'There is no rollout under the cursor.'), []];
  const favourites = new Set(model.list.favourites);
  const taken = favourites.delete(facts.key);
  if (!taken) favourites.add(facts.key);
  const label = labelOf(model, facts.key);
  const words = taken ? `${label} is no favourite any more.` : `${label} is a favourite: it stands first (/+ shows only those).`;
  const next = notify({ ...model, list: { ...model.list, favourites } }, 'info', words);
  return [next, [{ type: 'keep-favourite', key: facts.key, favourite: !taken }]];
}
