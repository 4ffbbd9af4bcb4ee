// The builtins that run a closure over items: all, filter, map, reduce and their kin.

import { type Items, unhashable } from './access.js';
import { type Budget, grow } from './budget.js';
import { conversion } from './environment.js';
import { runtimeError } from './failure.js';
import { ANY_SLICE, GROUPS } from './go-type.js';
import { anySlice, type GoValue, mapKey, slice } from './go-value.js';

/**
 * One closure's turn: its place among the items, and the accumulator of reduce. One frame serves a whole loop.
 * The item is looked up only when the closure asks: a map has none, and nobody minds unless it is asked.
 */
export type Frame = { readonly items: Items; index: number; acc: GoValue };

export type Predicate = {
  readonly name: string;
  readonly items: Items;
  readonly test: (frame: Frame) => GoValue;
  /** A `map` merged into a filter or a search. */
  readonly mapping: ((frame: Frame) => GoValue) | undefined;
  readonly throws: boolean;
  /** The third argument of reduce. */
  readonly initial: GoValue | undefined;
  readonly budget: Budget;
};

export function runPredicate(predicate: Predicate): GoValue {
  switch (predicate.name) {
    case 'all':
      return first(predicate, false) === undefined;
    case 'any':
      return first(predicate, true) !== undefined;
    case 'none':
      return first(predicate, true) === undefined;
    case 'one':
      return hits(predicate) === 1;
    case 'count':
      return BigInt(hits(predicate));
    case 'filter':
      return filter(predicate);
    case 'map':
      return map(predicate);
    case 'find':
    case 'findLast':
      return found(predicate);
    case 'findIndex':
    case 'findLastIndex': {
      const frame = first(predicate, true, predicate.name === 'findLastIndex');
      return frame === undefined ? null : BigInt(frame.index);
    }
    case 'groupBy':
      return groups(predicate);
    default:
      return reduce(predicate);
  }
}

const frameOf = (predicate: Predicate): Frame => ({ items: predicate.items, index: 0, acc: null });

function holds(predicate: Predicate, frame: Frame): boolean {
  const value = predicate.test(frame);
  if (typeof value === 'boolean') return value;
  throw conversion(value, 'bool');
}

/** The frame at the first item (or the last) whose test gives `wanted`; no further one is tested. */
function first(predicate: Predicate, wanted: boolean, fromEnd = false): Frame | undefined {
  const { length } = predicate.items;
  const frame = frameOf(predicate);
  for (let step = 0; step < length; step += 1) {
    frame.index = fromEnd ? length - 1 - step : step;
    if (holds(predicate, frame) === wanted) return frame;
  }
  return undefined;
}

function hits(predicate: Predicate): number {
  const frame = frameOf(predicate);
  let count = 0;
  for (; frame.index < predicate.items.length; frame.index += 1) if (holds(predicate, frame)) count += 1;
  return count;
}

const shown = (predicate: Predicate, frame: Frame): GoValue => (predicate.mapping === undefined ? frame.items.at(frame.index) : predicate.mapping(frame));

function filter(predicate: Predicate): GoValue {
  const frame = frameOf(predicate);
  const kept: GoValue[] = [];
  for (; frame.index < predicate.items.length; frame.index += 1) if (holds(predicate, frame)) kept.push(shown(predicate, frame));
  return collected(predicate, kept);
}

function map(predicate: Predicate): GoValue {
  const frame = frameOf(predicate);
  const made: GoValue[] = [];
  for (; frame.index < predicate.items.length; frame.index += 1) made.push(predicate.test(frame));
  return collected(predicate, made);
}

function collected(predicate: Predicate, items: readonly GoValue[]): GoValue {
  grow(predicate.budget, items.length);
  return anySlice(items);
}

function found(predicate: Predicate): GoValue {
  const frame = first(predicate, true, predicate.name === 'findLast');
  if (frame !== undefined) return shown(predicate, frame);
  if (predicate.throws) throw runtimeError('reflect: slice index out of range');
  return null;
}

function groups(predicate: Predicate): GoValue {
  const lists = new Map<string, { readonly key: GoValue; readonly items: GoValue[] }>();
  const frame = frameOf(predicate);
  for (; frame.index < predicate.items.length; frame.index += 1) {
    const key = predicate.test(frame);
    const text = Number.isNaN(key) ? `NaN ${frame.index}` : mapKey(GROUPS, key);
    if (text === undefined) throw unhashable(key);
    const group = lists.get(text) ?? { key, items: [] };
    group.items.push(frame.items.at(frame.index));
    lists.set(text, group);
  }
  return {
    kind: 'map',
    type: GROUPS,
    entries: new Map(Array.from(lists, ([text, group]) => [text, { key: group.key, value: slice(ANY_SLICE, group.items) }])),
  };
}

function reduce(predicate: Predicate): GoValue {
  const { items, initial } = predicate;
  if (initial === undefined && items.length === 0) throw runtimeError('reflect: slice index out of range');
  const frame: Frame = { items, index: initial === undefined ? 1 : 0, acc: initial === undefined ? items.at(0) : initial };
  for (; frame.index < items.length; frame.index += 1) frame.acc = predicate.test(frame);
  return frame.acc;
}
