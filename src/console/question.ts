// The question before a change, and the change once it was answered, as data.

import type { Change } from '../kinds/change.js';
import type { Instant } from '../lib/instant.js';
import type { RiskyActionId } from './actions.js';
import type { Asked, Inputs } from './acts/act.js';
import type { Fingerprint } from './fingerprint.js';
import type { Proposal } from './proposal.js';
import type { ConfirmLevel } from './settings/rows.js';

/** One rollout of those that an act is for, as it was when the key was pressed. */
export type Target = { readonly key: string; readonly saw: Fingerprint; readonly proposal: Proposal; readonly settled: Inputs };

/** Ids of the answers that the console itself asks for, beside those of the act. */
export const REASON = 'reason';
export const NAME = 'name';

export type Field = Omit<Asked, 'check'> & { readonly value: string; /** Only this answer is right. */ readonly wanted?: string };

/** A change that waits for a yes. */
export type Question = {
  readonly action: RiskyActionId;
  /** The first of `targets` again, which is the only one unless rollouts were marked. */
  readonly key: string;
  readonly saw: Fingerprint;
  readonly proposal: Proposal;
  readonly targets: readonly Target[];
  /** Marked rollouts that it can not be done to, with the reason. */
  readonly leftOut: readonly string[];
  readonly openedAt: Instant;
  readonly level: ConfirmLevel;
  readonly fields: readonly Field[];
  /** The field that takes the keys; behind the last one the question waits for its yes. */
  readonly focus: number;
  /** How the rollout has moved while the question stood there: it can no longer be answered with yes. */
  readonly moved: string | undefined;
  /** Why the last key did not count. */
  readonly hint: string | undefined;
  /** Where the changes were not made from the table, but by hand in an editor. */
  readonly edited: { readonly changes: readonly Change[]; readonly lines: readonly string[] } | undefined;
};

/** What was said yes to. */
export type Order = {
  readonly action: RiskyActionId;
  readonly inputs: Inputs;
  readonly reason: string;
  readonly targets: readonly Target[];
  readonly edited: Question['edited'];
};

/** A promotion that was said yes to and goes out in a moment, unless it is taken back. */
export type Outgoing = { readonly order: Order; readonly sendAt: Instant; readonly words: string };

export function inputsOf(fields: readonly Field[]): Inputs {
  return Object.fromEntries(fields.map(({ id, value }) => [id, value]));
}
