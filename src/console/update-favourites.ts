// Favourites: rollouts that a person looks for first, on every start.

import type { Effect } from './effect.js';
import type { Model } from './model.js';
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
  const words = taken ? `${facts.key} is no favourite any more.` : `${facts.key} is a favourite: it stands first (/+ shows only those).`;
  const next = notify({ ...model, list: { ...model.list, favourites } }, 'info', words);
  return [next, [{ type: 'keep-favourites', keys: [...favourites].toSorted() }]];
}
