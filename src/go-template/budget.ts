// What one rendering may use, so that no template eats the program, and the shape of a function of the language.

import { runtimeError } from '../decide/expression/failure.js';
import { type GoTime, type GoValue, isObject } from '../decide/expression/go-value.js';

/** Actions, turns of loops and calls of functions. */
const MOST_STEPS = 200_000;
/** Bytes of a rendered text, and of any text on the way to it. A message is a few kilobytes; services refuse far less than this. */
export const MOST_BYTES = 256 * 1024;
/** Items of a list that a function makes. */
const MOST_ITEMS = 10_000;
/** Templates that use templates. */
export const DEEPEST_TEMPLATES = 50;

export type Budget = { steps: number };

export type Call = { readonly now: GoTime; readonly budget: Budget };

export type TemplateFunction = {
  readonly least: number;
  /** Absent: as many as one likes. */
  readonly most?: number;
  readonly call: (args: readonly GoValue[], call: Call) => GoValue;
};

export function spend(budget: Budget, steps = 1): void {
  budget.steps += steps;
  if (budget.steps > MOST_STEPS) throw runtimeError(`gave up after ${MOST_STEPS} steps`);
}

const CHARACTERS_PER_STEP = 64;

/** Steps for looking through a whole value once, so that long texts and lists in loops count for what they cost. */
export function spendOn(budget: Budget, value: GoValue): void {
  if (typeof value === 'string') spend(budget, Math.floor(value.length / CHARACTERS_PER_STEP));
  else if (isObject(value) && value.kind === 'slice') spend(budget, value.items.length);
  else if (isObject(value) && value.kind === 'map') spend(budget, value.entries.size);
}

/** Asked before a text of that many bytes is made. */
export function allowBytes(bytes: number): void {
  if (bytes > MOST_BYTES) throw runtimeError(`a text would be longer than ${MOST_BYTES} bytes`);
}

export function allowItems(items: number): void {
  if (items > MOST_ITEMS) throw runtimeError(`a list would have more than ${MOST_ITEMS} items`);
}

/** With exactly so many arguments, or from `least` to `most`. */
export const fn = (least: number, most: number, call: TemplateFunction['call']): TemplateFunction => ({ least, most, call });
export const variadic = (least: number, call: TemplateFunction['call']): TemplateFunction => ({ least, call });

/** One shelf of them. */
export type Functions = readonly (readonly [name: string, fn: TemplateFunction])[];
