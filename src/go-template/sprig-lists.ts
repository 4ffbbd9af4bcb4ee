// Sprig: lists. None is changed: each function makes a new one.

import { spend } from '../decide/expression/budget.js';
import { type GoValue, isObject } from '../decide/expression/go-value.js';
import { equal } from '../decide/expression/operators.js';
import { allowItems, fn, type Functions, variadic } from './budget.js';
import { isEmpty, list, listOf } from './values.js';

const itemsOf = (value: GoValue | undefined, who: string): readonly GoValue[] => (value === undefined || value === null ? [] : listOf(value, who).items);

const made = (items: readonly GoValue[]): GoValue => {
  allowItems(items.length);
  return list(items);
};

/** A function of one list. */
const of = (who: string, change: (items: readonly GoValue[]) => GoValue) => fn(1, 1, ([from]) => change(itemsOf(from, who)));

export const LISTS: Functions = [
  ['list', variadic(0, made)],
  ['tuple', variadic(0, made)],
  ['first', of('first', (items) => items[0] ?? null)],
  ['last', of('last', (items) => items.at(-1) ?? null)],
  ['rest', of('rest', (items) => made(items.slice(1)))],
  ['initial', of('initial', (items) => made(items.slice(0, -1)))],
  ['reverse', of('reverse', (items) => made([...items].toReversed()))],
  ['compact', of('compact', (items) => made(items.filter((item) => !isEmpty(item))))],
  [
    'uniq',
    fn(1, 1, ([from], { budget }) => {
      const items = itemsOf(from, 'uniq');
      spend(budget, items.length * items.length);
      return made(items.filter((item, index) => items.findIndex((other) => equal(other, item)) === index));
    }),
  ],
  ['append', fn(2, 2, ([from, item = null]) => made([...itemsOf(from, 'append'), item]))],
  ['push', fn(2, 2, ([from, item = null]) => made([...itemsOf(from, 'push'), item]))],
  ['prepend', fn(2, 2, ([from, item = null]) => made([item, ...itemsOf(from, 'prepend')]))],
  ['concat', variadic(0, (args) => made(args.flatMap((each) => itemsOf(each, 'concat'))))],
  ['without', variadic(1, ([from, ...omitted]) => made(itemsOf(from, 'without').filter((item) => !omitted.some((each) => equal(each, item)))))],
  ['has', fn(2, 2, ([wanted = null, from = null]) => (isObject(from) ? itemsOf(from, 'has').some((item) => equal(item, wanted)) : false))],
];
