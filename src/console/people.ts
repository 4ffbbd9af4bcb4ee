// Acts of people: consoles and command lines leave an Event for each on the rollout, with who it was and what they asked for.

import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';
import { remember } from '../lib/remember.js';
import { eventTime } from './board.js';
import { textAt } from '../lib/read.js';

/** `kind`: which act it was, the reason of the Event. */
export type PersonAct = { readonly at: Instant; readonly who: string; readonly what: string; readonly kind: string };

const REASON = /^Operator[A-Z]/;

/** "ana (a.k@example.org)@jump-2: promote shop/cart; reason: ..." */
const MESSAGE = /^(\S+(?: \([^)]*\))?@\S+): (.+)$/su;

/** Undefined when the Event is not about a person's act. */
export const readPersonAct = remember((event: KubeObject): PersonAct | undefined => {
  const kind = textAt(event, 'reason') ?? '';
  const [, who, what] = REASON.test(kind) ? (MESSAGE.exec(textAt(event, 'message') ?? '') ?? []) : [];
  return who === undefined || what === undefined ? undefined : { at: eventTime(event), who, what, kind };
});

/** "roll back shop/cart: to revision 5 (done: revision 5 serves everything)" */
const ENDED = /^(.+) \((?:done|stopped): .*\)$/su;

/** An act of several sendings leaves an Event for each, and one for its end, which tells it whole: the Events before that one. */
export function toldByTheirEnd(acts: readonly PersonAct[]): ReadonlySet<PersonAct> {
  const told = new Set<PersonAct>();
  for (const end of acts) {
    const [, words] = ENDED.exec(end.what) ?? [];
    const before = acts.filter(({ at, who, kind }) => at <= end.at && who === end.who && kind === end.kind);
    const began = Math.max(...before.filter(({ what }) => what === words).map(({ at }) => at));
    if (!Number.isFinite(began)) continue;
    for (const act of before) if (act !== end && act.at >= began && !ENDED.test(act.what)) told.add(act);
  }
  return told;
}
