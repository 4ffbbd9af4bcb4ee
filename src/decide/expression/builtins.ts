// The builtins that take no closure, by name.

import type { Builtin, Call } from './budget.js';
import { COLLECTION_BUILTINS } from './builtins-collection.js';
import { ENCODING_BUILTINS } from './builtins-encoding.js';
import { NUMBER_BUILTINS } from './builtins-number.js';
import { TEXT_BUILTINS } from './builtins-text.js';
import { TIME_BUILTINS } from './builtins-time.js';
import { runtimeError } from './failure.js';
import { dereference, type GoValue } from './go-value.js';
import { PREDICATES } from './parser.js';

const BUILTINS: ReadonlyMap<string, Builtin> = new Map([...TEXT_BUILTINS, ...NUMBER_BUILTINS, ...COLLECTION_BUILTINS, ...ENCODING_BUILTINS, ...TIME_BUILTINS]);

export const isBuiltin = (name: string): boolean => PREDICATES.has(name) || BUILTINS.has(name);

export function callBuiltin(name: string, args: readonly GoValue[], call: Call): GoValue {
  const builtin = BUILTINS.get(name);
  if (builtin === undefined) throw runtimeError(`unknown builtin ${name}`);
  return builtin(args.map(dereference), call);
}
