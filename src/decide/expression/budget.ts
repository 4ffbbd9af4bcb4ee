// What one evaluation may use, so that no condition eats the program, and the shape of a builtin.

import { runtimeError } from './failure.js';
import { type GoTime, type GoValue, isObject } from './go-value.js';

/** Steps taken, of those that may be. */
export type Steps = { steps: number; readonly most: number };

/** Elements made so far (the original's own limit) and steps taken (ours: the original would run for hours). */
export type Budget = Steps & { elements: number };

export type Call = { readonly now: GoTime; readonly budget: Budget };

export type Builtin = (args: readonly GoValue[], call: Call) => GoValue;

const MAX_ELEMENTS = 1_000_000;
const MAX_STEPS = 20_000_000;

export const freshBudget = (): Budget => ({ elements: 0, steps: 0, most: MAX_STEPS });

export function grow(budget: Budget, elements: number): void {
  budget.elements += elements;
  if (budget.elements >= MAX_ELEMENTS) throw runtimeError('memory budget exceeded');
}

export function spend(budget: Steps, steps = 1): void {
  budget.steps += steps;
  if (budget.steps > budget.most) throw runtimeError(`gave up after ${budget.most} steps`);
}

// Text is looked through many characters at a time.
const CHARACTERS_PER_STEP = 64;

/** Steps for looking through a whole value once, so that long lists in loops count for what they cost. */
export function spendOn(budget: Steps, value: GoValue): void {
  if (typeof value === 'string') spend(budget, Math.floor(value.length / CHARACTERS_PER_STEP));
  else if (isObject(value) && value.kind === 'slice') spend(budget, value.items.length);
  else if (isObject(value) && value.kind === 'map') spend(budget, value.entries.size);
}
