// What the conditions of a rollout's triggers have to tell as it is now, and what it has been told of already.

import { CONFIG_MAP_NAME } from './names.js';
import type { Destination } from './service.js';
import type { Settings } from './settings.js';
import type { Subscribed } from './subscriptions.js';
import { type Told, toldKey, toldOf } from './told.js';
import { type Condition, holds, occasionOf, type Subject, variablesOf } from './triggers.js';

export type Message = { readonly trigger: string; readonly templates: readonly string[]; readonly destination: Destination; readonly subject: Subject };

export type Asked<T> = { readonly found: T; readonly problems: readonly string[] };

export type ConditionReport = {
  /** Not told yet; `key` is what is remembered once it is. */
  readonly due: readonly { readonly key: string; readonly message: Message }[];
  /** What has been told, without what no longer holds. */
  readonly told: Told;
  readonly changed: boolean;
};

export function told(subject: Subject, { byTrigger, problems }: Subscribed, settings: Settings): Asked<ConditionReport> {
  const before = toldOf(subject.rollout);
  const kept = new Map(before);
  const due: { key: string; message: Message }[] = [];
  const wrong = [...problems];
  let variables: ReturnType<typeof variablesOf> | undefined;
  const ask = (trigger: string, condition: Condition): void => {
    variables ??= variablesOf(subject);
    const held = holds(condition, variables, subject.now);
    // Before its first pass a rollout has no status, and there is nothing wrong with a condition over it.
    if (!held.ok && subject.rollout['status'] !== undefined) wrong.push(`trigger.${trigger}: ${held.error}`);
    const holding = held.ok && held.value;
    // What it is told once per is only known while it holds.
    const occasion = holding ? occasionOf(condition, variables, subject.now) : undefined;
    if (occasion?.ok === false) {
      wrong.push(`trigger.${trigger}: oncePer: ${occasion.error}`);
      return;
    }
    for (const destination of byTrigger.get(trigger) ?? []) {
      const key = toldKey(trigger, condition, occasion?.value ?? '', destination);
      if (!holding) kept.delete(key);
      else if (!before.has(key)) due.push({ key, message: { trigger, templates: condition.send, destination, subject } });
    }
  };
  for (const trigger of byTrigger.keys()) {
    const conditions = settings.triggers.get(trigger);
    if (conditions === undefined) wrong.push(notThere(trigger));
    for (const condition of conditions?.ok === true ? conditions.value : []) if (condition.when !== '') ask(trigger, condition);
  }
  return { found: { due, told: kept, changed: kept.size !== before.size }, problems: wrong };
}

export const notThere = (trigger: string): string => `the trigger ${trigger} is subscribed, and the ConfigMap ${CONFIG_MAP_NAME} has no trigger.${trigger}`;
