// Sprig: maps with text keys. None is changed; `set` and `unset`, which change theirs, are missing.

import { formatValue, sortedEntries } from '../decide/expression/go-text.js';
import { type GoMap, type GoValue, isObject, stringMap } from '../decide/expression/go-value.js';
import { runtimeError } from '../decide/expression/failure.js';
import { fn, type Functions, variadic } from './budget.js';
import { list, mapOf, textOf, texts } from './values.js';

const entriesOf = (map: GoMap): readonly (readonly [string, GoValue])[] => sortedEntries(map).map(({ key, value }) => [formatValue(key), value] as const);

function dict(args: readonly GoValue[]): GoValue {
  const pairs: (readonly [string, GoValue])[] = [];
  for (let at = 0; at < args.length; at += 2) pairs.push([textOf(args[at] ?? null), args[at + 1] ?? '']);
  return stringMap(pairs);
}

/** The names, then what stands in for it, then the map. */
function dig(args: readonly GoValue[]): GoValue {
  const otherwise = args.at(-2) ?? null;
  let at: GoValue = mapOf(args.at(-1) ?? null, 'dig');
  for (const name of args.slice(0, -2).map(textOf)) {
    if (!isObject(at) || at.kind !== 'map') throw runtimeError(`error calling dig: ${name} is looked for in what is no map`);
    const found = at.entries.get(name);
    if (found === undefined) return otherwise;
    at = found.value;
  }
  return at;
}

export const DICTIONARIES: Functions = [
  ['dict', variadic(0, dict)],
  ['get', fn(2, 2, ([map = null, key = null]) => mapOf(map, 'get').entries.get(textOf(key))?.value ?? '')],
  ['hasKey', fn(2, 2, ([map = null, key = null]) => mapOf(map, 'hasKey').entries.has(textOf(key)))],
  ['keys', variadic(1, (maps) => texts(maps.flatMap((map) => entriesOf(mapOf(map, 'keys')).map(([key]) => key))))],
  ['values', fn(1, 1, ([map = null]) => list(entriesOf(mapOf(map, 'values')).map(([, value]) => value)))],
  ['pick', variadic(1, ([map = null, ...keys]) => stringMap(entriesOf(mapOf(map, 'pick')).filter(([key]) => keys.includes(key))))],
  ['omit', variadic(1, ([map = null, ...keys]) => stringMap(entriesOf(mapOf(map, 'omit')).filter(([key]) => !keys.includes(key))))],
  // The first map that has a key decides.
  ['merge', variadic(1, (maps) => stringMap([...maps].toReversed().flatMap((map) => entriesOf(mapOf(map, 'merge')))))],
  ['dig', variadic(3, dig)],
];
