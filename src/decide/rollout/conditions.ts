// The list of conditions in a rollout's status: putting one in, finding one. The rules are Argo's, so that times mean the same.

import type { RolloutCondition } from '../../kinds/rollout.js';
import { formatTime } from '../../lib/instant.js';
import type { Instant } from '../../lib/instant.js';

export type Conditions = readonly RolloutCondition[];

export type ConditionWords = { readonly type: string; readonly status: RolloutCondition['status']; readonly reason: string; readonly message: string };

export function findCondition(conditions: Conditions | undefined, type: string): RolloutCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function withoutCondition(conditions: Conditions, type: string): Conditions {
  return conditions.filter((condition) => condition.type !== type);
}

/** The same status for the same reason is no news, whatever the message; anything else takes the last place. */
export function putCondition(conditions: Conditions, words: ConditionWords, now: Instant): Conditions {
  const present = findCondition(conditions, words.type);
  if (present !== undefined && present.status === words.status && present.reason === words.reason) return conditions;
  return replaceCondition(conditions, words, now);
}

/** Puts the condition in anew, with a fresh update time. The time of transition only moves with the status. */
export function replaceCondition(conditions: Conditions, words: ConditionWords, now: Instant): Conditions {
  const present = findCondition(conditions, words.type);
  const time = formatTime(now);
  const lastTransitionTime = present !== undefined && present.status === words.status ? present.lastTransitionTime : time;
  const { type, status, reason, message } = words;
  return [...withoutCondition(conditions, type), { type, status, lastUpdateTime: time, lastTransitionTime, reason, message }];
}
