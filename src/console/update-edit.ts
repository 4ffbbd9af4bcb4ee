// What comes back from the editor: nothing, a complaint, or a spec that is shown and asked about before it is sent.

import type { Instant } from '../lib/instant.js';
import type { Result } from '../lib/result.js';
import type { Effect } from './effect.js';
import type { Edited } from './message.js';
import { labelOf, type Model } from './model.js';
import { targetOf } from './target.js';
import { notify } from './update-changes.js';
import { ask } from './update-question.js';

export function takeEdited(model: Model, key: string, result: Result<Edited, string>, now: Instant): readonly [Model, readonly Effect[]] {
  if (!result.ok) return [notify(model, 'attention', `${labelOf(model, key)}: ${result.error}`, now), []];
  if (targetOf(model)?.key !== key) return [notify(model, 'attention', `${labelOf(model, key)} is no longer under the cursor: nothing was sent.`, now), []];
  return ask(model, 'rollout.edit', now, result.value);
}
