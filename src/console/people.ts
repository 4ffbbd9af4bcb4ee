// Acts of people: consoles and command lines leave an Event for each on the rollout, with who it was and what they asked for.

import type { KubeObject } from '../kinds/kube-object.js';
import type { Instant } from '../lib/instant.js';
import { remember } from '../lib/remember.js';
import { eventTime } from './board.js';
import { textAt } from '../lib/read.js';

export type PersonAct = { readonly at: Instant; readonly who: string; readonly what: string };

const REASON = /^Operator[A-Z]/;

/** "ana (a.k@example.org)@jump-2: promote shop/cart; reason: ..." */
const MESSAGE = /^(\S+(?: \([^)]*\))?@\S+): (.+)$/su;

/** Undefined when the Event is not about a person's act. */
export const readPersonAct = remember((event: KubeObject): PersonAct | undefined => {
  const [, who, what] = REASON.test(textAt(event, 'reason') ?? '') ? (MESSAGE.exec(textAt(event, 'message') ?? '') ?? []) : [];
  return who === undefined || what === undefined ? undefined : { at: eventTime(event), who, what };
});
