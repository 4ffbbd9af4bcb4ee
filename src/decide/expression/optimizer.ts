// The rewrites of the original that can be seen from outside: folded constants, dropped operands of and/or,
// sets for `in`, ranges, and searches in place of filters.

import { compileError } from './failure.js';
import { wrap } from '../../lib/go-number.js';
import { BOOL, FLOAT, INT, STRING } from './go-type.js';
import { power } from './go-math.js';
import { type Node, type NodeOf, transform } from './syntax.js';

// A constant range of more items counts against the memory budget.
const MAX_CONSTANT_RANGE = 1_000_000n;

const PASSES: readonly ((node: Node) => Node)[] = [inSet, fold, inRange, constantRange, mergeMap, countFilter, searchLast, searchFirst];

/** For checked trees. */
export function optimize(tree: Node): Node {
  return PASSES.reduce((node, pass) => transform(node, pass), tree);
}

const int = (value: bigint): Node => ({ type: 'integer', value: wrap(value), goType: INT });
const float = (value: number): Node => ({ type: 'float', value, goType: FLOAT });
const bool = (value: boolean): Node => ({ type: 'bool', value, goType: BOOL });

function inSet(node: Node): Node {
  if (node.type !== 'binary' || node.operator !== 'in' || node.right.type !== 'array' || node.right.items.length === 0) return node;
  const { items } = node.right;
  if (node.left.goType?.kind === 'int' && items.every((item) => item.type === 'integer')) {
    return { ...node, right: { type: 'set', of: 'int', items: new Set(items.map((item) => (item.type === 'integer' ? item.value : 0n))) } };
  }
  if (!items.every((item) => item.type === 'string')) return node;
  return { ...node, right: { type: 'set', of: 'string', items: new Set(items.map((item) => (item.type === 'string' ? item.value : ''))) } };
}

function fold(node: Node): Node {
  if (node.type === 'unary') return foldUnary(node);
  return node.type === 'binary' ? foldBinary(node) : node;
}

function foldUnary(node: NodeOf<'unary'>): Node {
  const inner = node.node;
  if (node.operator === '-' && inner.type === 'integer') return { ...inner, value: wrap(-inner.value) };
  if (node.operator === '-' && inner.type === 'float') return float(-inner.value);
  if (node.operator === '+' && (inner.type === 'integer' || inner.type === 'float')) return inner;
  if ((node.operator === '!' || node.operator === 'not') && inner.type === 'bool') return bool(!inner.value);
  return node;
}

function foldBinary(node: NodeOf<'binary'>): Node {
  const { left, right, operator } = node;
  switch (operator) {
    case 'and':
    case '&&':
      return foldLogic(node, true);
    case 'or':
    case '||':
      return foldLogic(node, false);
    case '==':
      if (
        (left.type === 'integer' && right.type === 'integer') ||
        (left.type === 'string' && right.type === 'string') ||
        (left.type === 'bool' && right.type === 'bool')
      ) {
        return bool(left.value === right.value);
      }
      return node;
    case '+':
      if (left.type === 'string' && right.type === 'string') return { type: 'string', value: left.value + right.value, goType: STRING };
      return foldNumbers(node);
    case '-':
    case '*':
    case '/':
    case '%':
    case '**':
    case '^':
      return foldNumbers(node);
    default:
      return node;
  }
}

/** `true and x` is x, unchecked; `x and false` is false, and x is never evaluated. */
function foldLogic(node: NodeOf<'binary'>, neutral: boolean): Node {
  const { left, right } = node;
  if (left.type === 'bool' && left.value === neutral) return right;
  if (right.type === 'bool' && right.value === neutral) return left;
  return left.type === 'bool' || right.type === 'bool' ? bool(!neutral) : node;
}

function foldNumbers(node: NodeOf<'binary'>): Node {
  const { left, right, operator } = node;
  if ((left.type !== 'integer' && left.type !== 'float') || (right.type !== 'integer' && right.type !== 'float')) return node;
  if (left.type === 'integer' && right.type === 'integer') {
    switch (operator) {
      case '+':
        return int(left.value + right.value);
      case '-':
        return int(left.value - right.value);
      case '*':
        return int(left.value * right.value);
      case '%':
        if (right.value === 0n) throw compileError('integer divide by zero');
        return int(left.value % right.value);
      default:
    }
  }
  const a = Number(left.value);
  const b = Number(right.value);
  switch (operator) {
    case '+':
      return float(a + b);
    case '-':
      return float(a - b);
    case '*':
      return float(a * b);
    case '/':
      return float(a / b);
    case '%':
      return node;
    default:
      return float(power(a, b));
  }
}

function inRange(node: Node): Node {
  if (node.type !== 'binary' || node.operator !== 'in' || node.left.goType?.kind !== 'int') return node;
  const range = node.right;
  if (range.type !== 'binary' || range.operator !== '..' || range.left.type !== 'integer' || range.right.type !== 'integer') return node;
  return {
    type: 'binary',
    operator: 'and',
    goType: BOOL,
    left: { type: 'binary', operator: '>=', left: node.left, right: range.left, goType: BOOL },
    right: { type: 'binary', operator: '<=', left: node.left, right: range.right, goType: BOOL },
  };
}

function constantRange(node: Node): Node {
  if (node.type !== 'binary' || node.operator !== '..' || node.left.type !== 'integer' || node.right.type !== 'integer') return node;
  return node.right.value - node.left.value + 1n > MAX_CONSTANT_RANGE ? node : { ...node, free: true };
}

const isFilter = (node: Node | undefined): node is NodeOf<'builtin'> => node?.type === 'builtin' && node.name === 'filter';

/** `map(filter(xs, p), f)` becomes one loop; `#index` then counts the unfiltered items, as in the original. */
function mergeMap(node: Node): Node {
  if (node.type !== 'builtin' || node.name !== 'map') return node;
  const [filter, closure] = node.args;
  if (!isFilter(filter) || filter.mapping !== undefined || closure?.type !== 'closure') return node;
  return { ...node, name: 'filter', args: filter.args, mapping: closure.node };
}

function countFilter(node: Node): Node {
  if (node.type !== 'builtin' || node.name !== 'len') return node;
  const [filter] = node.args;
  return isFilter(filter) && node.args.length === 1 ? { ...node, name: 'count', args: filter.args } : node;
}

function searchLast(node: Node): Node {
  return search(node, 'last', 'findLast', -1n);
}

function searchFirst(node: Node): Node {
  return search(node, 'first', 'find', 0n);
}

/** `filter(…)[0]` and `first(filter(…))` stop at the first hit: later items are not looked at. */
function search(node: Node, builtin: string, name: string, index: bigint): Node {
  if (node.type === 'builtin' && node.name === builtin && node.args.length === 1) {
    const [filter] = node.args;
    return isFilter(filter) ? { ...filter, name, goType: node.goType ?? INT } : node;
  }
  if (node.type !== 'member' || node.optional || !isFilter(node.node)) return node;
  if (node.property.type !== 'integer' || node.property.value !== index) return node;
  return { ...node.node, name, throws: true, goType: node.goType ?? INT };
}
