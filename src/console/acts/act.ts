// What an act on a rollout is: one row of the table in table.ts. What the key does to this rollout now, why it can not,
// what a person must say first, which rights it takes, what is written, and how the cluster shows that it was done.

import type { Change, Refusal } from '../../kinds/change.js';
import type { KubeObject } from '../../kinds/kube-object.js';
import type { Instant } from '../../lib/instant.js';
import type { ActionId, RiskyActionId } from '../actions.js';
import type { ClusterIndex } from '../board.js';
import type { RolloutFacts } from '../facts.js';
import type { Basis, Fingerprint } from '../fingerprint.js';

/** What an act may read. */
export type ActSight = {
  readonly facts: RolloutFacts;
  readonly index: ClusterIndex;
  readonly now: Instant;
  readonly utcOffsetMinutes: number;
  /** Who acts, for what others will read: "ana@jump-2". */
  readonly who: string;
  /** Events of the rollout itself, as far as they are remembered. */
  events(): readonly KubeObject[];
  /** The name of the object under the cursor, if any: the default of a choice. */
  readonly under?: string;
};

/** What the person has said, by the id of the field. */
export type Inputs = Readonly<Record<string, string>>;

/** `short` stands beside the key, `long` is the sentence when it is pressed. */
export type Obstacle = {
  readonly short: string;
  readonly long: string;
  /** Keys that help here, each with what it does: "H ends the hold". */
  readonly ways?: readonly { readonly action: ActionId; readonly words: string }[];
};

export const obstacle = (short: string, long: string): Obstacle => ({ short, long });

export type Telling = {
  /** For the bottom line: "20 % → 40 %". */
  readonly effect: string;
  /** "step 3 to 4, 20 % to 40 %; skips analysis success-rate" */
  readonly effectWords: string;
  /** What it leads to, where the verb does not tell it: "to revision 6". */
  readonly goal?: string;
  readonly notes: readonly string[];
};

/** What the person must say before the question can be answered: a text, or one of a few rows. */
export type Asked = {
  readonly id: string;
  readonly label: string;
  readonly initial: string;
  /** What may be written, shown as long as nothing is. */
  readonly hint?: string;
  readonly rows?: readonly { readonly value: string; readonly text: string }[];
  /** What is wrong with the answer, as a clause. */
  check?(value: string, inputs: Inputs): string | undefined;
};

export type Right = { readonly verb: 'patch' | 'create'; readonly group: string; readonly resource: string; readonly subresource?: string };

export type Act = {
  readonly id: RiskyActionId;
  /** "Promote" */
  readonly verb: string;
  /** Where the same key does the opposite now. */
  verbNow?(sight: ActSight): string;
  /** `back` makes things safe again and is never delayed; `on` exposes more users; `other` changes what runs or how it is described. */
  readonly risk: 'back' | 'on' | 'other';
  /** May be done to several rollouts with one question. */
  readonly inGroups: boolean;
  /** What must stand as it stood when it was asked; all that is seen of it, where nothing is said. */
  readonly basis?: Basis;
  rights(sight: ActSight): readonly Right[];
  refuse(sight: ActSight): Obstacle | undefined;
  /** Where the bottom line has it: among those that it suggests, behind the keys that read, or not at all though its key works. */
  offer?(sight: ActSight): 'first' | 'late' | 'never' | undefined;
  /** What its key is called there, where that is not the usual word; "" where what it comes to says it all. */
  keyWords?(sight: ActSight): string | undefined;
  asks?(sight: ActSight): readonly Asked[];
  /** What is settled the moment the key is pressed, beside what the person says. */
  settled?(sight: ActSight): Inputs;
  tell(sight: ActSight, inputs: Inputs): Telling;
  /** What makes it so grave that a reason is asked for: whole clauses. */
  warns?(sight: ActSight, inputs: Inputs): readonly string[];
  /** It undoes what another person has asked for, and still stands by: it is confirmed one level higher. */
  crosses?(sight: ActSight): boolean;
  changes(sight: ActSight, inputs: Inputs): readonly Change[] | Refusal;
  /** Whether the cluster shows that the engine (not only the server) has acted on it. */
  isObserved(sight: ActSight, before: Fingerprint, inputs: Inputs): boolean;
};

export const PATCH_ROLLOUT: Right = { verb: 'patch', group: 'argoproj.io', resource: 'rollouts' };
export const PATCH_STATUS: Right = { verb: 'patch', group: 'argoproj.io', resource: 'rollouts', subresource: 'status' };
export const PATCH_RUN: Right = { verb: 'patch', group: 'argoproj.io', resource: 'analysisruns' };
export const PATCH_DEPLOYMENT: Right = { verb: 'patch', group: 'apps', resource: 'deployments' };

/** All that any act can need: what a console asks the server about. */
export const RIGHTS: readonly Right[] = [PATCH_ROLLOUT, PATCH_STATUS, PATCH_RUN, PATCH_DEPLOYMENT];

/** "patch rollouts/status" */
export function rightText({ verb, resource, subresource }: Right): string {
  return `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
}

export const percent = (value: number): string => `${Math.round(value)} %`;
