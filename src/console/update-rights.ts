// Asks what this person may do in the namespace under the cursor: once, and anew after a while, because roles change.

import type { Effect } from './effect.js';
import type { Msg } from './message.js';
import { isFresh, type Model, placeKey } from './model.js';
import { targetOf } from './target.js';

/** Answers older than this are asked for anew. */
const RIGHTS_MS = 300_000;

/** When no answer has come for so long, it is asked again. */
const UNANSWERED_MS = 30_000;

export function askRights(model: Model): readonly [Model, readonly Effect[]] {
  const target = targetOf(model);
  if (target === undefined || !isFresh(model, target.cluster)) return [model, []];
  const { cluster, namespace } = target;
  const place = placeKey(cluster, namespace);
  const known = model.rights.get(place);
  if (known !== undefined && model.now - known.askedAt < (known.known ? RIGHTS_MS : UNANSWERED_MS)) return [model, []];
  const rights = new Map([...model.rights, [place, { denied: known?.denied ?? [], askedAt: model.now, known: false }] as const]);
  return [{ ...model, rights }, [{ type: 'ask-rights', cluster, namespace }]];
}

/** The server's answer. */
export function takeRights(model: Model, { cluster, namespace, denied, now }: Msg & { readonly type: 'rights' }): Model {
  return { ...model, rights: new Map([...model.rights, [placeKey(cluster, namespace), { denied, askedAt: now, known: true }]]) };
}
