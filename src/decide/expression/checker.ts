// The static checker. It rejects what Go's types reject, before anything runs, and hands on a tree with each
// node's type; integer literals bound for float parameters come back as float literals.

import { decode } from './bytes.js';
import { checkArguments } from './check-arguments.js';
import { checkBuiltin } from './check-builtin.js';
import { checkBinary } from './check-binary.js';
import { compileError } from './failure.js';
import {
  ANY,
  ANY_SLICE,
  assignable,
  BOOL,
  deref,
  FLOAT,
  funcOf,
  type GoType,
  INT,
  isAny,
  isArray,
  isBool,
  isInteger,
  isNilType,
  isNumber,
  NIL_TYPE,
  STRING,
  STRING_MAP,
} from './go-type.js';
import { methodOf } from './methods.js';
import type { Checked, Scope } from './scope.js';
import type { Node, NodeOf } from './syntax.js';

export function checkTree(node: Node, names: ReadonlyMap<string, GoType>, isBuiltin: (name: string) => boolean): Node {
  return check(node, { check, names, isBuiltin, variables: [], closures: [] }).node;
}

function check(node: Node, scope: Scope): Checked {
  const checked = checkNode(node, scope);
  return { ...checked, node: { ...checked.node, goType: checked.type } };
}

function checkNode(node: Node, scope: Scope): Checked {
  switch (node.type) {
    case 'nil':
      return { node, type: NIL_TYPE };
    case 'identifier':
      return checkIdentifier(node, scope);
    case 'integer':
      return { node, type: node.as ?? INT };
    case 'float':
      return { node, type: FLOAT };
    case 'bool':
      return { node, type: BOOL };
    case 'string':
      return { node, type: STRING };
    case 'set':
      return { node, type: ANY };
    case 'unary':
      return checkUnary(node, scope);
    case 'binary':
      return checkBinary(node, scope);
    case 'chain': {
      const inner = check(node.node, scope);
      return { node: { ...node, node: inner.node }, type: inner.type };
    }
    case 'member':
      return checkMember(node, scope);
    case 'slice':
      return checkSlice(node, scope);
    case 'call':
      return checkCall(node, scope);
    case 'builtin':
      return checkBuiltin(node, scope);
    case 'closure':
      return checkClosure(node, scope);
    case 'pointer':
      return { node, type: pointerType(node.name, scope) };
    case 'let':
      return checkLet(node, scope);
    case 'conditional':
      return checkConditional(node, scope);
    case 'array':
      return checkArray(node, scope);
    case 'map':
      return {
        node: { ...node, pairs: node.pairs.map((pair) => ({ key: check(pair.key, scope).node, value: check(pair.value, scope).node })) },
        type: STRING_MAP,
      };
  }
}

function checkIdentifier(node: NodeOf<'identifier'>, scope: Scope): Checked {
  const variable = scope.variables.findLast((item) => item.name === node.name);
  if (variable !== undefined) return { ...variable, node };
  if (node.name === '$env') return { node, type: STRING_MAP };
  const known = scope.names.get(node.name);
  if (known !== undefined) return { node, type: known };
  if (scope.isBuiltin(node.name)) return { node, type: funcOf([], [ANY]), builtin: node.name };
  throw compileError(`unknown name ${node.name}`);
}

function checkUnary(node: NodeOf<'unary'>, scope: Scope): Checked {
  const inner = check(node.node, scope);
  const type = deref(inner.type);
  const checked = { ...node, node: inner.node };
  if (node.operator === 'not' || node.operator === '!') {
    if (isBool(type) || isAny(type)) return { node: checked, type: BOOL };
  } else if (isNumber(type) || isAny(type)) {
    return { node: checked, type };
  }
  throw compileError(`invalid operation: ${node.operator} (mismatched type ${type.name})`);
}

function checkMember(node: NodeOf<'member'>, scope: Scope): Checked {
  if (node.node.type === 'identifier' && node.node.name === '$env') return checkEnvironmentMember(node, scope);
  const inner = check(node.node, scope);
  const property = check(node.property, scope);
  const checked: Node = { ...node, node: inner.node, property: property.node };
  const name = node.property.type === 'string' ? decode(node.property.value) : undefined;
  if (name !== undefined) {
    if (isNilType(inner.type)) throw compileError(`type ${inner.type.name} has no field ${name}`);
    const method = methodOf(inner.type, name);
    if (method !== undefined) return { node: checked, type: method.type };
  }
  const base = deref(inner.type);
  const wanted = property.type;
  if (isAny(base)) return { node: checked, type: ANY };
  if (base.kind === 'map') {
    if (!isNilType(wanted) && !assignable(wanted, base.key ?? ANY) && !isAny(wanted))
      throw compileError(`cannot use ${wanted.name} to get an element from ${base.name}`);
    return { node: checked, type: base.elem ?? ANY };
  }
  if (isArray(base)) {
    if (!isInteger(wanted) && !isAny(wanted)) throw compileError(`array elements can only be selected using an integer (got ${wanted.name})`);
    return { node: checked, type: base.elem ?? ANY };
  }
  if (base.kind === 'struct' && name !== undefined) {
    const field = base.fields?.[name];
    if (field !== undefined) return { node: checked, type: field };
    throw compileError(`type ${base.name} has no ${node.called ? 'method' : 'field'} ${name}`);
  }
  throw compileError(`type ${base.name}[${wanted.name}] is undefined`);
}

function checkEnvironmentMember(node: NodeOf<'member'>, scope: Scope): Checked {
  if (node.property.type !== 'string') return { node: { ...node, property: check(node.property, scope).node }, type: ANY };
  const name = decode(node.property.value);
  const known = scope.names.get(name);
  if (known === undefined && !node.optional) throw compileError(`unknown name ${name}`);
  return { node, type: known ?? ANY };
}

function checkSlice(node: NodeOf<'slice'>, scope: Scope): Checked {
  const inner = check(node.node, scope);
  if (!['interface', 'string', 'array', 'slice'].includes(inner.type.kind)) throw compileError(`cannot slice ${inner.type.name}`);
  const bound = (side: Node | undefined): Node | undefined => {
    if (side === undefined) return undefined;
    const checked = check(side, scope);
    if (!isInteger(checked.type) && !isAny(checked.type)) throw compileError(`non-integer slice index ${checked.type.name}`);
    return checked.node;
  };
  return { node: { ...node, node: inner.node, from: bound(node.from), to: bound(node.to) }, type: inner.type };
}

function checkCall(node: NodeOf<'call'>, scope: Scope): Checked {
  const callee = check(node.callee, scope);
  const name = calleeName(node.callee);
  if (isNilType(callee.type)) throw compileError(`${name} is nil; cannot call nil as function`);
  if (isAny(callee.type)) return { node: { ...node, callee: callee.node, args: node.args.map((arg) => check(arg, scope).node) }, type: ANY };
  if (callee.type.kind !== 'func' || callee.builtin !== undefined) throw compileError(`${callee.type.name} is not callable`);
  const args = checkArguments(name, callee.type, node.args, scope);
  return { node: { ...node, callee: callee.node, args }, type: callee.type.results?.[0] ?? ANY };
}

function calleeName(callee: Node): string {
  if (callee.type === 'identifier') return callee.name;
  return callee.type === 'member' && callee.property.type === 'string' ? decode(callee.property.value) : 'function';
}

function checkClosure(node: NodeOf<'closure'>, scope: Scope): Checked {
  const inner = check(node.node, scope);
  if (isNilType(inner.type)) throw compileError('closure cannot be nil');
  return { node: { ...node, node: inner.node }, type: funcOf([ANY], [inner.type]) };
}

function pointerType(name: string, scope: Scope): GoType {
  const closure = scope.closures.at(-1);
  if (closure === undefined) throw compileError('cannot use pointer accessor outside closure');
  if (name === '') return closure.collection.elem ?? ANY;
  const known = closure.variables.get(name);
  if (known === undefined) throw compileError(`unknown pointer #${name}`);
  return known;
}

function checkLet(node: NodeOf<'let'>, scope: Scope): Checked {
  if (scope.names.has(node.name)) throw compileError(`cannot redeclare ${node.name}`);
  if (scope.isBuiltin(node.name)) throw compileError(`cannot redeclare builtin ${node.name}`);
  if (scope.variables.some((item) => item.name === node.name)) throw compileError(`cannot redeclare variable ${node.name}`);
  const value = check(node.value, scope);
  const body = check(node.body, { ...scope, variables: [...scope.variables, { ...value, name: node.name }] });
  return { ...body, node: { ...node, value: value.node, body: body.node } };
}

function checkConditional(node: NodeOf<'conditional'>, scope: Scope): Checked {
  const condition = check(node.condition, scope);
  if (!isBool(condition.type) && !isAny(condition.type)) throw compileError(`non-bool expression (type ${condition.type.name}) used as condition`);
  const yes = check(node.yes, scope);
  const otherwise = check(node.otherwise, scope);
  const checked: Node = { ...node, condition: condition.node, yes: yes.node, otherwise: otherwise.node };
  if (isNilType(yes.type)) return { node: checked, type: otherwise.type };
  if (isNilType(otherwise.type)) return { node: checked, type: yes.type };
  return { node: checked, type: assignable(yes.type, otherwise.type) ? yes.type : ANY };
}

function checkArray(node: NodeOf<'array'>, scope: Scope): Checked {
  const items = node.items.map((item) => check(item, scope));
  const checked: Node = { ...node, items: items.map((item) => item.node) };
  const last = items.at(-1);
  const alike = last !== undefined && !isNilType(last.type) && items.every((item) => item.type.kind === last.type.kind);
  return alike ? { node: checked, type: ANY_SLICE, elem: last.type } : { node: checked, type: ANY_SLICE };
}
