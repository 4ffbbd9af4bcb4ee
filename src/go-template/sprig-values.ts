// Sprig: what stands in for what is empty, what kind a value is, and JSON.

import { decode, encode } from '../decide/expression/bytes.js';
import { runtimeError } from '../decide/expression/failure.js';
import { type GoValue, kindName, typeName } from '../decide/expression/go-value.js';
import { goJson } from '../lib/go-json.js';
import { allowBytes, fn, type Functions, variadic } from './budget.js';
import { fromObject, isEmpty, textOf, toPlain } from './values.js';

const checked = (text: string): string => {
  const bytes = encode(text);
  allowBytes(bytes.length);
  return bytes;
};

function readJson(text: string): GoValue {
  try {
    return fromObject(JSON.parse(decode(text)));
  } catch {
    return null;
  }
}

const kindOf = (value: GoValue): string => kindName(value);

export const DEFAULTS: Functions = [
  ['default', fn(1, 2, ([otherwise = null, given = null]) => (isEmpty(given) ? otherwise : given))],
  ['empty', fn(1, 1, ([value = null]) => isEmpty(value))],
  ['coalesce', variadic(0, (args) => args.find((value) => !isEmpty(value)) ?? null)],
  ['ternary', fn(3, 3, ([yes = null, no = null, which = null]) => (which === true ? yes : no))],
  ['all', variadic(0, (args) => args.every((value) => !isEmpty(value)))],
  ['any', variadic(0, (args) => args.some((value) => !isEmpty(value)))],
  [
    'fail',
    fn(1, 1, ([message = null]) => {
      throw runtimeError(decode(textOf(message)));
    }),
  ],
  ['kindOf', fn(1, 1, ([value = null]) => kindOf(value))],
  ['kindIs', fn(2, 2, ([wanted = null, value = null]) => wanted === kindOf(value))],
  ['typeOf', fn(1, 1, ([value = null]) => typeName(value))],
  ['typeIs', fn(2, 2, ([wanted = null, value = null]) => wanted === typeName(value))],
  ['toJson', fn(1, 1, ([value = null]) => checked(goJson(toPlain(value))))],
  ['toRawJson', fn(1, 1, ([value = null]) => checked(JSON.stringify(toPlain(value))))],
  ['toPrettyJson', fn(1, 1, ([value = null]) => checked(JSON.stringify(toPlain(value), undefined, 2)))],
  ['fromJson', fn(1, 1, ([text = null]) => readJson(textOf(text)))],
];
