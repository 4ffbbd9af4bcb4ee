// What one evaluation may use, so that no condition eats the program, and the shape of a builtin.

import { runtimeError } from './failure.js';
import type { GoTime, GoValue } from './go-value.js';

/** Elements made so far (the original's own limit) and steps taken (ours: the original would run for hours). */
export type Budget = { elements: number; steps: number };

export type Call = { readonly now: GoTime; readonly budget: Budget };

export type Builtin = (args: readonly GoValue[], call: Call) => GoValue;

const MAX_ELEMENTS = 1_000_000;
const MAX_STEPS = 20_000_000;

export const freshBudget = (): Budget => ({ elements: 0, steps: 0 });

export function grow(budget: Budget, elements: number): void {
  budget.elements += elements;
  if (budget.elements >= MAX_ELEMENTS) throw runtimeError('memory budget exceeded');
}

export function spend(budget: Budget): void {
  budget.steps += 1;
  if (budget.steps > MAX_STEPS) throw runtimeError(`gave up after ${MAX_STEPS} steps`);
}
