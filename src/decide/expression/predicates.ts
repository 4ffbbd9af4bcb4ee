// The builtins that run a closure over items: all, filter, map, reduce and their kin.

import { type Items, unhashable } from './access.js';
import { type Budget, grow } from './budget.js';
import { conversion } from './environment.js';
import { runtimeError } from './failure.js';
import { ANY_SLICE, GROUPS } from './go-type.js';
import { anySlice, type GoValue, mapKey, slice } from './go-value.js';

/** One closure's turn: the item, its place, and the accumulator of reduce. */
export type Frame = { readonly item: GoValue; readonly index: number; readonly acc: GoValue };

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
    case 'all': return first(predicate, false) === undefined;
    case 'any': return first(predicate, true) !== undefined;
    case 'none': return first(predicate, true) === undefined;
    case 'one': return hits(predicate).length === 1;
    case 'count': return BigInt(hits(predicate).length);
    case 'filter': return collected(predicate, hits(predicate).map((frame) => (predicate.mapping === undefined ? frame.item : predicate.mapping(frame))));
    case 'map': return collected(predicate, frames(predicate).map((frame) => predicate.test(frame)));
    case 'find': case 'findLast': return found(predicate);
    case 'findIndex': case 'findLastIndex': {
      const frame = first(predicate, true, predicate.name === 'findLastIndex');
      return frame === undefined ? null : BigInt(frame.index);
    }
    case 'groupBy': return groups(predicate);
    default: return reduce(predicate);
  }
}

/** The item is looked up only when the closure asks: a map has none, and nobody minds unless it is asked. */
const frameAt = (predicate: Predicate, index: number): Frame => ({
  get item() {
    return predicate.items.at(index);
  },
  index,
  acc: null,
});
const frames = (predicate: Predicate): readonly Frame[] => Array.from({ length: predicate.items.length }, (_, index) => frameAt(predicate, index));

function holds(predicate: Predicate, frame: Frame): boolean {
  const value = predicate.test(frame);
  if (typeof value === 'boolean') return value;
  throw conversion(value, 'bool');
}

/** The first frame (or the last) whose test gives `wanted`; no further one is tested. */
function first(predicate: Predicate, wanted: boolean, fromEnd = false): Frame | undefined {
  const { length } = predicate.items;
  for (let step = 0; step < length; step += 1) {
    const frame = frameAt(predicate, fromEnd ? length - 1 - step : step);
    if (holds(predicate, frame) === wanted) return frame;
  }
  return undefined;
}

function hits(predicate: Predicate): readonly Frame[] {
  const list: Frame[] = [];
  for (let index = 0; index < predicate.items.length; index += 1) {
    const frame = frameAt(predicate, index);
    if (holds(predicate, frame)) list.push(frame);
  }
  return list;
}

function collected(predicate: Predicate, items: readonly GoValue[]): GoValue {
  grow(predicate.budget, items.length);
  return anySlice(items);
}

function found(predicate: Predicate): GoValue {
  const frame = first(predicate, true, predicate.name === 'findLast');
  if (frame !== undefined) return predicate.mapping === undefined ? frame.item : predicate.mapping(frame);
  if (predicate.throws) throw runtimeError('reflect: slice index out of range');
  return null;
}

function groups(predicate: Predicate): GoValue {
  const lists = new Map<string, { readonly key: GoValue; readonly items: GoValue[] }>();
  for (const frame of frames(predicate)) {
    const key = predicate.test(frame);
    const text = Number.isNaN(key) ? `NaN ${frame.index}` : mapKey(GROUPS, key);
    if (text === undefined) throw unhashable(key);
    const group = lists.get(text) ?? { key, items: [] };
    group.items.push(frame.item);
    lists.set(text, group);
  }
  return { kind: 'map', type: GROUPS, entries: new Map(Array.from(lists, ([text, group]) => [text, { key: group.key, value: slice(ANY_SLICE, group.items) }])) };
}

function reduce(predicate: Predicate): GoValue {
  const { items, initial } = predicate;
  if (initial === undefined && items.length === 0) throw runtimeError('reflect: slice index out of range');
  let acc = initial === undefined ? items.at(0) : initial;
  for (let index = initial === undefined ? 1 : 0; index < items.length; index += 1) acc = predicate.test({ item: items.at(index), index, acc });
  return acc;
}
