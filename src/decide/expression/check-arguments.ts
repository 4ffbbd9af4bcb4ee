// Fits arguments to a function's parameters; literals bound for float parameters become floats.

import { compileError } from './failure.js';
import { ANY, assignable, deref, type GoType, isAny, isFloat, isInteger, isNilType } from './go-type.js';
import type { Scope } from './scope.js';
import type { Node } from './syntax.js';

/** The arguments as the function will get them, or Go's complaint thrown. */
export function checkArguments(name: string, type: GoType, args: readonly Node[], scope: Scope): readonly Node[] {
  const params = type.params ?? [];
  if ((type.results?.length ?? 0) > 2) throw compileError(`func ${name} returns more then two values`);
  if (args.length !== params.length) {
    for (const arg of args) scope.check(arg, scope);
    throw compileError(`${args.length > params.length ? 'too many' : 'not enough'} arguments to call ${name}`);
  }
  return args.map((arg, index) => {
    const checked = scope.check(arg, scope);
    const wanted = params[index] ?? ANY;
    if (isFloat(wanted) && isInteger(checked.type)) return scope.check(asFloats(checked.node), scope).node;
    if (isInteger(wanted) && isInteger(checked.type) && checked.type.kind !== wanted.kind) return scope.check(asIntegers(checked.node, wanted), scope).node;
    const fits = isNilType(checked.type) || isAny(checked.type) || assignable(checked.type, wanted) || assignable(deref(checked.type), wanted);
    if (!fits) throw compileError(`cannot use ${checked.type.name} as argument (type ${wanted.name}) to call ${name} `);
    return checked.node;
  });
}

/** Literals reached through signs, sums and products become floats; anything else stays int and fails when run. */
function asFloats(node: Node): Node {
  if (node.type === 'integer') return { type: 'float', value: Number(node.value) };
  if (node.type === 'unary') return { ...node, node: asFloats(node.node) };
  if (node.type === 'binary' && ['+', '-', '*'].includes(node.operator)) return { ...node, left: asFloats(node.left), right: asFloats(node.right) };
  return node;
}

function asIntegers(node: Node, type: GoType): Node {
  if (node.type === 'integer') return { ...node, as: { name: type.kind, kind: type.kind } };
  if (node.type === 'unary') return { ...node, node: asIntegers(node.node, type) };
  if (node.type === 'binary' && ['+', '-', '*'].includes(node.operator))
    return { ...node, left: asIntegers(node.left, type), right: asIntegers(node.right, type) };
  return node;
}
