// The question before a change, and the change once it was answered, as data.

import type { Change } from '../kinds/change.js';
import type { Instant } from '../lib/instant.js';
import type { RiskyActionId } from './actions.js';
import type { Asked, Inputs } from './acts/act.js';
import type { Fingerprint } from './fingerprint.js';
import type { OwnCommand } from './own/own.js';
import type { OwnSubject } from './own/subject.js';
import type { Proposal } from './proposal.js';
import type { ConfirmLevel } from './settings/rows.js';

/** One rollout of those that an act is for, as it was when the key was pressed. */
export type Target = { readonly key: string; readonly saw: Fingerprint; readonly proposal: Proposal; readonly settled: Inputs };

/** A yes sooner after the question than this was typed before it could be read. */
export const READING_MS = 500;

/** Ids of the answers that the console itself asks for, beside those of the act. */
export const REASON = 'reason';
export const NAME = 'name';

export type Field = Omit<Asked, 'check'> & {
  readonly value: string;
  /** Only this answer is right. */
  readonly wanted?: string;
  /** It is not shown. */
  readonly secret?: true;
};

/** What every question has: what would be done, what must be said first, and how far the person is with that. */
type Form = {
  /** The rollout that it is about. */
  readonly key: string;
  readonly proposal: Proposal;
  /** A yes before that does not count: the question has not been read, or keys are being typed that are meant for something else. */
  readonly yesFrom: Instant;
  readonly level: ConfirmLevel;
  readonly fields: readonly Field[];
  /** The field that takes the keys; behind the last one the question waits for its yes. */
  readonly focus: number;
  /** How the rollout has moved while the question stood there: it can no longer be answered with yes. */
  readonly moved: string | undefined;
  /** The first line that is shown, where not all have room. */
  readonly first: number;
  /** All that tells of the act was shown. */
  readonly read: boolean;
  /** Why the last key did not count. */
  readonly hint: string | undefined;
};

/** A change that waits for a yes. `key` and `saw` are those of the first of `targets`, which is the only one unless rollouts were marked. */
export type ActQuestion = Form & {
  readonly type: 'act';
  readonly action: RiskyActionId;
  readonly saw: Fingerprint;
  readonly targets: readonly Target[];
  /** Marked rollouts that it can not be done to, with the reason. */
  readonly leftOut: readonly string[];
  /** Where the changes were not made from the table, but by hand in an editor. */
  readonly edited: { readonly changes: readonly Change[]; readonly lines: readonly string[] } | undefined;
};

/** A command of the person's own that waits for its answers, and for a yes where it takes one. Its fields are those that were seen when it was asked. */
export type OwnQuestion = Form & { readonly type: 'own'; readonly command: OwnCommand; readonly on: OwnSubject };

export type Question = ActQuestion | OwnQuestion;

/** Whether letters belong to the question: also when it can no longer be answered, what is being typed must not become keys. */
export const takesText = ({ fields, focus, moved }: Question): boolean =>
  (focus < fields.length && moved === undefined) || (moved !== undefined && fields.some(({ rows }) => rows === undefined));

/** When the yes that a question waits for will count; undefined where it waits for none, or counts now. */
export function yesAwaitedFrom(question: Question | undefined, now: Instant): Instant | undefined {
  if (question === undefined || question.moved !== undefined || question.focus < question.fields.length) return undefined;
  return now < question.yesFrom ? question.yesFrom : undefined;
}

/** The rollouts that a question is about. */
export function keysAsked(question: Question | undefined): readonly string[] {
  if (question === undefined) return [];
  return question.type === 'act' ? question.targets.map(({ key }) => key) : [question.key];
}

/** What was said yes to. */
export type Order = {
  readonly action: RiskyActionId;
  readonly inputs: Inputs;
  readonly reason: string;
  readonly targets: readonly Target[];
  readonly edited: ActQuestion['edited'];
};

/** A promotion that was said yes to and goes out in a moment, unless it is taken back. */
export type Outgoing = { readonly order: Order; readonly sendAt: Instant; readonly words: string };

/** The last promotion that can no longer be taken back. */
export type GoneOut = { readonly targets: readonly Target[]; readonly at: Instant; readonly words: string };

export function inputsOf(fields: readonly Field[]): Inputs {
  return Object.fromEntries(fields.map(({ id, value }) => [id, value]));
}

const NEEDS_REASON: ReadonlySet<ConfirmLevel> = new Set(['type-name-and-reason']);
const NEEDS_NAME: ReadonlySet<ConfirmLevel> = new Set(['type-name', 'type-name-and-reason']);

/** What the level asks behind the answers of the act: a reason, and the name typed. */
export function confirmFields(level: ConfirmLevel, withReason: boolean, name: { readonly label: string; readonly wanted: string }): readonly Field[] {
  return [
    ...(withReason || NEEDS_REASON.has(level) ? [{ id: REASON, label: 'reason', initial: '', value: '' }] : []),
    ...(NEEDS_NAME.has(level) ? [{ id: NAME, label: name.label, initial: '', value: '', wanted: name.wanted }] : []),
  ];
}
