// What one rendering may use, so that no template eats the program, and the shape of a function of the language.

import type { Steps } from '../decide/expression/budget.js';
import { runtimeError } from '../decide/expression/failure.js';
import type { GoTime, GoValue } from '../decide/expression/go-value.js';

/** Actions, turns of loops and calls of functions. */
const MOST_STEPS = 200_000;
/** Bytes of a rendered text, and of any text on the way to it. A message is a few kilobytes; services refuse far less than this. */
export const MOST_BYTES = 256 * 1024;
/** Items of a list that a function makes. */
const MOST_ITEMS = 10_000;
/** Templates that use templates. */
export const DEEPEST_TEMPLATES = 50;

export type Call = { readonly now: GoTime; readonly budget: Steps };

export type TemplateFunction = {
  readonly least: number;
  /** Absent: as many as one likes. */
  readonly most?: number;
  readonly call: (args: readonly GoValue[], call: Call) => GoValue;
};

export const freshBudget = (): Steps => ({ steps: 0, most: MOST_STEPS });

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
