// Checks calls of builtins: closures over collections, `get`, and the fixed signatures.

import { checkArguments } from './check-arguments.js';
import { compileError, stageOf } from './failure.js';
import { ANY, ANY_SLICE, assignable, BOOL, type GoType, GROUPS, INT, isAny, isArray, isBool, isInteger, isNilType } from './go-type.js';
import { PREDICATES } from './parser.js';
import { SIGNATURES } from './signatures.js';
import type { Checked, Scope } from './scope.js';
import type { BuiltinNode, Node } from './syntax.js';

const NO_VARIABLES: ReadonlyMap<string, GoType> = new Map();
const WITH_INDEX: ReadonlyMap<string, GoType> = new Map([['index', INT]]);
const WITH_ACC: ReadonlyMap<string, GoType> = new Map([
  ['index', INT],
  ['acc', ANY],
]);

export function checkBuiltin(node: BuiltinNode, scope: Scope): Checked {
  if (PREDICATES.has(node.name)) return checkPredicate(node, scope);
  if (node.name === 'get') return checkGet(node, scope);
  const signature = SIGNATURES.get(node.name);
  if (signature === undefined) throw compileError(`unknown builtin ${node.name}`);
  if ('rule' in signature) {
    const args = node.args.map((arg) => scope.check(arg, scope));
    return { node: { ...node, args: args.map((arg) => arg.node) }, type: signature.rule(args.map((arg) => arg.type)) };
  }
  return checkOverloads(node, signature.overloads, scope);
}

function checkOverloads(node: BuiltinNode, overloads: readonly GoType[], scope: Scope): Checked {
  // What is wrong inside an argument is reported before any misfit.
  for (const arg of node.args) scope.check(arg, scope);
  let failure: unknown;
  for (const overload of overloads) {
    try {
      return { node: { ...node, args: checkArguments(node.name, overload, node.args, scope) }, type: overload.results?.[0] ?? ANY };
    } catch (error) {
      if (stageOf(error) === undefined) throw error;
      failure = error;
    }
  }
  throw failure;
}

function checkPredicate(node: BuiltinNode, scope: Scope): Checked {
  const [first, second, third] = node.args;
  if (first === undefined || second === undefined) throw compileError(`not enough arguments to call ${node.name}`);
  const collection = scope.check(first, scope);
  if (!isArray(collection.type) && !isAny(collection.type)) throw compileError(`builtin ${node.name} takes only array (got ${collection.type.name})`);
  const variables = node.name === 'reduce' ? WITH_ACC : node.name === 'map' ? WITH_INDEX : NO_VARIABLES;
  const closure = scope.check(second, { ...scope, closures: [...scope.closures, { collection: collection.type, variables }] });
  const result = closure.type.results?.[0] ?? ANY;
  const args: Node[] = [collection.node, closure.node];
  if (third !== undefined) args.push(scope.check(third, scope).node);
  if (!['map', 'groupBy', 'reduce'].includes(node.name) && !isBool(result) && !isAny(result)) {
    throw compileError(`predicate should return boolean (got ${result.name})`);
  }
  return { node: { ...node, args }, type: predicateType(node.name, collection.type, result) };
}

function predicateType(name: string, collection: GoType, closure: GoType): GoType {
  switch (name) {
    case 'filter':
    case 'map':
      return ANY_SLICE;
    case 'count':
    case 'findIndex':
    case 'findLastIndex':
      return INT;
    case 'find':
    case 'findLast':
      return isAny(collection) ? ANY : (collection.elem ?? ANY);
    case 'groupBy':
      return GROUPS;
    case 'reduce':
      return closure;
    default:
      return BOOL;
  }
}

function checkGet(node: BuiltinNode, scope: Scope): Checked {
  const [from, property] = node.args;
  if (from === undefined || property === undefined || node.args.length !== 2)
    throw compileError(`invalid number of arguments (expected 2, got ${node.args.length})`);
  if (from.type === 'identifier' && from.name === '$env') {
    return { node, type: property.type === 'string' ? (scope.names.get(property.value) ?? ANY) : ANY };
  }
  const base = scope.check(from, scope);
  const wanted = scope.check(property, scope);
  const checked = { ...node, args: [base.node, wanted.node] };
  if (isAny(base.type)) return { node: checked, type: ANY };
  if (isArray(base.type)) {
    if (isNilType(wanted.type)) throw compileError('cannot use nil as slice index');
    if (!isInteger(wanted.type) && !isAny(wanted.type)) throw compileError(`non-integer slice index ${wanted.type.name}`);
    return { node: checked, type: base.type.elem ?? ANY };
  }
  if (base.type.kind === 'map') {
    if (isNilType(wanted.type)) throw compileError('cannot use nil as map index');
    if (!assignable(wanted.type, base.type.key ?? ANY) && !isAny(wanted.type))
      throw compileError(`cannot use ${wanted.type.name} to get an element from ${base.type.name}`);
    return { node: checked, type: base.type.elem ?? ANY };
  }
  throw compileError(`type ${base.type.name} does not support indexing`);
}
