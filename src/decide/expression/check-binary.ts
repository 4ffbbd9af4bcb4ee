// Which operand types each binary operator takes, and the type of its result.

import { compileError } from './failure.js';
import {
  ANY,
  assignable,
  BOOL,
  deref,
  DURATION,
  FLOAT,
  type GoType,
  INT,
  INT_SLICE,
  isAny,
  isArray,
  isBool,
  isDuration,
  isFloat,
  isInteger,
  isNilType,
  isNumber,
  isString,
  isTime,
  NIL_TYPE,
  STRING,
  TIME,
} from './go-type.js';
import { compilePattern } from './pattern.js';
import type { Checked, Scope } from './scope.js';
import type { NodeOf } from './syntax.js';

type Test = (type: GoType) => boolean;

export function checkBinary(node: NodeOf<'binary'>, scope: Scope): Checked {
  const left = scope.check(node.left, scope);
  const right = scope.check(node.right, scope);
  if (node.operator === 'matches' && node.right.type === 'string') compilePattern(node.right.value, 'compile');
  const l = deref(left.type);
  const r = deref(right.type);
  const type = node.operator === 'in' ? inType(l, r, right.elem) : resultType(node.operator, l, r);
  if (type === undefined) throw compileError(`invalid operation: ${node.operator} (mismatched types ${l.name} and ${r.name})`);
  return { node: { ...node, left: left.node, right: right.node }, type };
}

const both = (l: GoType, r: GoType, test: Test): boolean => test(l) && test(r);

/** At least one side is `any`, and the other is too or passes one of the tests. */
function loose(l: GoType, r: GoType, ...tests: readonly Test[]): boolean {
  const fits = (type: GoType): boolean => isAny(type) || tests.some((test) => test(type));
  return (isAny(l) && fits(r)) || (isAny(r) && fits(l));
}

function combined(l: GoType, r: GoType): GoType {
  if (l.kind === r.kind) return l;
  return isFloat(l) || isFloat(r) ? FLOAT : INT;
}

function comparable(l: GoType, r: GoType): boolean {
  return isNilType(l) || isNilType(r) || l.kind === r.kind || both(l, r, isNumber) || isAny(l) || isAny(r);
}

function resultType(operator: string, l: GoType, r: GoType): GoType | undefined {
  switch (operator) {
    case '==':
    case '!=':
      return comparable(l, r) ? BOOL : undefined;
    case 'or':
    case '||':
    case 'and':
    case '&&':
      return both(l, r, isBool) || loose(l, r, isBool) ? BOOL : undefined;
    case '<':
    case '>':
    case '<=':
    case '>=':
      return both(l, r, isNumber) || both(l, r, isString) || both(l, r, isTime) || loose(l, r, isNumber, isString, isTime) ? BOOL : undefined;
    case '+':
      return sumType(l, r);
    case '-':
      if (both(l, r, isNumber)) return combined(l, r);
      if (both(l, r, isTime)) return DURATION;
      if (isTime(l) && isDuration(r)) return TIME;
      return loose(l, r, isNumber, isTime) ? ANY : undefined;
    case '*':
      if (both(l, r, isNumber)) return combined(l, r);
      return loose(l, r, isNumber) ? ANY : undefined;
    case '/':
    case '**':
    case '^':
      return both(l, r, isNumber) || loose(l, r, isNumber) ? FLOAT : undefined;
    case '%':
      if (both(l, r, isInteger)) return combined(l, r);
      return loose(l, r, isInteger) ? ANY : undefined;
    case 'matches':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return both(l, r, isString) || loose(l, r, isString) ? BOOL : undefined;
    case '..':
      return both(l, r, isInteger) || loose(l, r, isInteger) ? INT_SLICE : undefined;
    case '??':
      if (isNilType(l)) return isNilType(r) ? NIL_TYPE : r;
      return isNilType(r) || assignable(r, l) ? l : ANY;
    default:
      throw compileError(`unknown operator (${operator})`);
  }
}

function sumType(l: GoType, r: GoType): GoType | undefined {
  if (both(l, r, isNumber)) return combined(l, r);
  if (both(l, r, isString)) return STRING;
  if ((isTime(l) && isDuration(r)) || (isDuration(l) && isTime(r))) return TIME;
  return loose(l, r, isNumber, isString, isTime, isDuration) ? ANY : undefined;
}

function inType(l: GoType, r: GoType, elem: GoType | undefined): GoType | undefined {
  if ((isString(l) || isAny(l)) && r.kind === 'struct') return BOOL;
  if (r.kind === 'map') {
    if (!isNilType(l) && !isAny(l) && !assignable(l, r.key ?? ANY)) throw compileError(`cannot use ${l.name} as type ${(r.key ?? ANY).name} in map key`);
    return BOOL;
  }
  if (isArray(r)) {
    for (const item of [r.elem ?? ANY, elem ?? ANY]) {
      if (!isNilType(l) && !comparable(l, item)) throw compileError(`cannot use ${l.name} as type ${item.name} in array`);
    }
    return BOOL;
  }
  return (isAny(l) && isString(r)) || isAny(r) ? BOOL : undefined;
}
