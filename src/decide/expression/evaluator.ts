// Runs a checked and optimized tree. Pure: the environment and the instant of now() are arguments.

import { callValue, fetchMember, isIn, itemsOf, sliceOfValue } from './access.js';
import { type Budget, type Call, grow, spend, spendOn } from './budget.js';
import { callBuiltin } from './builtins.js';
import { conversion, type Environment } from './environment.js';
import { runtimeError } from './failure.js';
import { type GoType, INT_SLICE } from './go-type.js';
import { anySlice, dereference, type GoTime, type GoValue, integer, isNil, slice, stringMap, typeName } from './go-value.js';
import { add, compare, divide, equal, exponent, modulo, multiply, negate, subtract, toInt } from './operators.js';
import { compilePattern, type Pattern } from './pattern.js';
import { type Frame, runPredicate } from './predicates.js';
import type { Node, NodeOf } from './syntax.js';

export type Run = {
  readonly environment: Environment;
  readonly now: GoTime;
  readonly budget: Budget;
  readonly patterns: Map<Node, Pattern>;
  readonly variables: ReadonlyMap<string, GoValue>;
  /** Set anew for each turn of the innermost closure. */
  frame: Frame | undefined;
};

/** Ends a `?.` chain early; only chain nodes catch it. */
const BROKEN_CHAIN = Symbol('nil in a chain');
type Link = GoValue | typeof BROKEN_CHAIN;

export function evaluate(node: Node, run: Run): GoValue {
  const value = link(node, run);
  return value === BROKEN_CHAIN ? null : value;
}

function link(node: Node, run: Run): Link {
  spend(run.budget);
  switch (node.type) {
    case 'nil':
      return null;
    case 'bool':
    case 'float':
    case 'string':
      return node.value;
    case 'integer':
      return node.as === undefined ? node.value : integer(node.as, node.value);
    case 'set':
      return null;
    case 'identifier':
      return identifier(node.name, run);
    case 'pointer':
      return pointer(node.name, run);
    case 'unary':
      return unary(node.operator, evaluate(node.node, run));
    case 'binary':
      return binary(node, run);
    case 'chain':
      return evaluate(node.node, run);
    case 'member':
      return member(node, run);
    case 'slice':
      return sliceNode(node, run);
    case 'call':
      return call(node, run);
    case 'builtin':
      return builtin(node, run);
    case 'closure':
      return evaluate(node.node, run);
    case 'let':
      return evaluate(node.body, { ...run, variables: new Map(run.variables).set(node.name, evaluate(node.value, run)) });
    case 'conditional':
      return mustBool(evaluate(node.condition, run)) ? evaluate(node.yes, run) : evaluate(node.otherwise, run);
    case 'array': {
      const items = node.items.map((item) => evaluate(item, run));
      grow(run.budget, items.length);
      return anySlice(items);
    }
    case 'map':
      return mapLiteral(node, run);
  }
}

export function mustBool(value: GoValue): boolean {
  if (typeof value === 'boolean') return value;
  throw conversion(value, 'bool');
}

function mustString(value: GoValue): string {
  if (typeof value === 'string') return value;
  throw conversion(value, 'string');
}

/** A builtin's bare name has no value. */
function identifier(name: string, run: Run): GoValue {
  const variable = run.variables.get(name);
  if (variable !== undefined) return variable;
  return name === '$env' ? stringMap(run.environment) : (run.environment.get(name) ?? null);
}

function pointer(name: string, run: Run): GoValue {
  const frame = run.frame;
  if (frame === undefined) return null;
  if (name === 'index') return BigInt(frame.index);
  return name === 'acc' ? frame.acc : frame.items.at(frame.index);
}

function unary(operator: string, operand: GoValue): GoValue {
  const value = dereference(operand);
  if (operator === 'not' || operator === '!') return !mustBool(value);
  return operator === '-' ? negate(value) : value;
}

function binary(node: NodeOf<'binary'>, run: Run): GoValue {
  const operator = node.operator;
  const left = dereference(evaluate(node.left, run));
  switch (operator) {
    case 'and':
    case '&&':
      return mustBool(left) ? evaluate(node.right, run) : false;
    case 'or':
    case '||':
      return mustBool(left) ? true : evaluate(node.right, run);
    case '??':
      return isNil(left) ? evaluate(node.right, run) : left;
    case 'in':
      if (node.right.type === 'set') return isInSet(left, node.right);
      break;
    case 'matches':
      if (node.right.type === 'string') return constantPattern(node.right, run).matches(mustString(left));
      break;
    default:
  }
  const right = dereference(evaluate(node.right, run));
  spendOn(run.budget, left);
  spendOn(run.budget, right);
  switch (operator) {
    case '==':
      return equality(node, left, right);
    case '!=':
      return !equality(node, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operator, left, right);
    case '+':
      return add(left, right);
    case '-':
      return subtract(left, right);
    case '*':
      return multiply(left, right);
    case '/':
      return divide(left, right);
    case '%':
      return modulo(left, right);
    case '**':
    case '^':
      return exponent(left, right);
    case 'in':
      return isIn(left, right);
    case '..':
      return range(left, right, node.free === true, run);
    default:
      return textOperator(operator, left, right);
  }
}

function textOperator(operator: string, left: GoValue, right: GoValue): boolean {
  if (operator === 'matches') return compilePattern(mustString(right), 'runtime').matches(mustString(left));
  const text = mustString(left);
  const pattern = mustString(right);
  if (operator === 'contains') return text.includes(pattern);
  return operator === 'startsWith' ? text.startsWith(pattern) : text.endsWith(pattern);
}

/** Two static ints (or strings) are compared as such: another value there is a failed assertion, not inequality. */
function equality(node: NodeOf<'binary'>, left: GoValue, right: GoValue): boolean {
  const type: GoType | undefined = node.left.goType?.name === node.right.goType?.name ? node.left.goType : undefined;
  if (type?.name === 'int' || type?.name === 'string') {
    const wanted = type.name === 'int' ? 'bigint' : 'string';
    for (const side of [left, right]) if (typeof side !== wanted) throw conversion(side, type.name);
  }
  return equal(left, right);
}

function isInSet(needle: GoValue, set: NodeOf<'set'>): boolean {
  if (needle === null) return set.items.has(set.of === 'int' ? 0n : '');
  if (typeName(needle) !== set.of) throw runtimeError(`reflect.Value.MapIndex: value of type ${typeName(needle)} is not assignable to type ${set.of}`);
  return (typeof needle === 'bigint' || typeof needle === 'string') && set.items.has(needle);
}

function constantPattern(node: NodeOf<'string'>, run: Run): Pattern {
  const known = run.patterns.get(node);
  if (known !== undefined) return known;
  const pattern = compilePattern(node.value, 'compile');
  run.patterns.set(node, pattern);
  return pattern;
}

function range(left: GoValue, right: GoValue, free: boolean, run: Run): GoValue {
  const from = toInt(left);
  const size = toInt(right) - from + 1n;
  if (size <= 0n) return slice(INT_SLICE, []);
  if (!free) grow(run.budget, Number(size));
  spend(run.budget, Number(size));
  return slice(
    INT_SLICE,
    Array.from({ length: Number(size) }, (_, index) => from + BigInt(index)),
  );
}

function member(node: NodeOf<'member'>, run: Run): Link {
  const base = link(node.node, run);
  if (base === BROKEN_CHAIN) return base;
  if (node.optional && isNil(base)) return BROKEN_CHAIN;
  return fetchMember(base, evaluate(node.property, run));
}

function sliceNode(node: NodeOf<'slice'>, run: Run): GoValue {
  const value = evaluate(node.node, run);
  const to = node.to === undefined ? undefined : evaluate(node.to, run);
  const from = node.from === undefined ? 0n : evaluate(node.from, run);
  return sliceOfValue(value, from, to);
}

function call(node: NodeOf<'call'>, run: Run): Link {
  const args = node.args.map((arg) => evaluate(arg, run));
  if (node.callee.type === 'member') {
    const callee = member(node.callee, run);
    return callee === BROKEN_CHAIN ? callee : callValue(callee, args);
  }
  return callValue(evaluate(node.callee, run), args);
}

function builtin(node: NodeOf<'builtin'>, run: Run): GoValue {
  const [first, second, third] = node.args;
  if (second?.type === 'closure' && first !== undefined) {
    const items = itemsOf(evaluate(first, run));
    const inner: Run = { ...run };
    const turn =
      (body: Node) =>
      (frame: Frame): GoValue => {
        inner.frame = frame;
        return evaluate(body, inner);
      };
    return runPredicate({
      name: node.name,
      items,
      test: turn(second),
      mapping: node.mapping === undefined ? undefined : turn(node.mapping),
      throws: node.throws === true,
      initial: third === undefined ? undefined : evaluate(third, run),
      budget: run.budget,
    });
  }
  const context: Call = { now: run.now, budget: run.budget };
  const args = node.args.map((arg) => evaluate(arg, run));
  for (const arg of args) spendOn(run.budget, arg);
  return callBuiltin(node.name, args, context);
}

/** The first of equal keys wins. */
function mapLiteral(node: NodeOf<'map'>, run: Run): GoValue {
  const pairs = node.pairs.map((pair) => ({ key: evaluate(pair.key, run), value: evaluate(pair.value, run) }));
  const map = new Map<string, GoValue>();
  for (const { key, value } of pairs.toReversed()) map.set(mustString(key), value);
  grow(run.budget, pairs.length);
  return stringMap(map);
}
