// PromQL text to an Expression. The grammar is Prometheus's own (its editor's parser); what the sandbox does not answer
// is refused here by name, in the form in which Prometheus refuses what it can not parse.

import { parser } from '@prometheus-io/lezer-promql';
import { parseGoDuration } from '../../lib/go-duration.js';
import { err, ok, type Result } from '../../lib/result.js';
import {
  type Aggregation,
  AGGREGATIONS,
  ARITHMETIC,
  COMPARISONS,
  type Expression,
  type Grouping,
  type LabelMatcher,
  type Operator,
  type RangeFunction,
  RANGE_FUNCTIONS,
  valueType,
} from './expression.js';

type Node = NonNullable<ReturnType<typeof parser.parse>['topNode']['firstChild']>;

/** A complaint with the 1-based place, as "1:5: parse error: …". */
class ParseFailure extends Error {}

/** A longer query is a mistake. */
const LONGEST_QUERY = 16_384;

const OPERATORS: readonly string[] = [...ARITHMETIC, ...COMPARISONS];

function fail(query: string, at: number, reason: string): never {
  const before = query.slice(0, at).split('\n');
  throw new ParseFailure(`${before.length}:${(before.at(-1)?.length ?? 0) + 1}: parse error: ${reason}`);
}

const childrenOf = (node: Node): Node[] => {
  const found: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
};

const GROUPING_NAMES = new Set(['AggregateOp', 'AggregateModifier', 'FunctionIdentifier', 'BoolModifier', 'MatchingModifierClause', 'LineComment']);

/** The children that are expressions. */
function operandsOf(node: Node): Node[] {
  return childrenOf(node).filter((child) => /Expr$|Selector$|^FunctionCall$|Literal$/.test(child.name) && !GROUPING_NAMES.has(child.name));
}

function unquote(query: string, node: Node): string {
  const text = query.slice(node.from, node.to);
  if (text.startsWith('`')) return text.slice(1, -1);
  return text.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/g, (_, escape: string) => {
    if (escape.length > 1) return String.fromCodePoint(Number.parseInt(escape.slice(1), 16));
    return { n: '\n', t: '\t', r: '\r' }[escape] ?? escape;
  });
}

function readMatcher(query: string, node: Node): LabelMatcher {
  const [name, operator, value] = childrenOf(node);
  if (name === undefined || operator === undefined || value === undefined) return fail(query, node.from, 'unexpected label matching');
  const label = name.name === 'LabelName' ? query.slice(name.from, name.to) : unquote(query, name);
  const text = unquote(query, value);
  const sign = query.slice(operator.from, operator.to) as LabelMatcher['operator'];
  if (sign.includes('~')) {
    if (!isPattern(text)) fail(query, value.from, `error parsing regexp: \`${text}\``);
  }
  return { name: label, operator: sign, value: text };
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source !== '';
  } catch {
    return false;
  }
}

function readSelector(query: string, node: Node): Expression & { readonly type: 'selector' } {
  const children = childrenOf(node);
  const identifier = children.find((child) => child.name === 'Identifier');
  const list = children.find((child) => child.name === 'LabelMatchers');
  const matchers = list === undefined ? [] : childrenOf(list).map((child) => readMatcher(query, child));
  const name: LabelMatcher[] = identifier === undefined ? [] : [{ name: '__name__', operator: '=', value: query.slice(identifier.from, identifier.to) }];
  const all = [...name, ...matchers];
  if (all.every((matcher) => matcher.value === '' || (matcher.operator !== '=' && matcher.operator !== '=~')))
    fail(query, node.from, 'vector selector must contain at least one non-empty matcher');
  return { type: 'selector', matchers: all };
}

function readWindow(query: string, node: Node): number {
  const text = query.slice(node.from, node.to);
  const ms = parseGoDuration(text.replaceAll(/(\d+)d/g, (_, days: string) => `${Number(days) * 24}h`));
  return ms === undefined || ms <= 0 ? fail(query, node.from, `not a valid duration string: "${text}"`) : ms;
}

function readNumber(query: string, node: Node): number {
  const text = query.slice(node.from, node.to).toLowerCase();
  if (text === 'inf' || text === '+inf') return Number.POSITIVE_INFINITY;
  if (text === 'nan') return Number.NaN;
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? fail(query, node.from, `number "${text}" is not supported by the sandbox`) : value;
}

function readLabels(query: string, node: Node | undefined): string[] {
  return node === undefined
    ? []
    : childrenOf(node)
        .filter((child) => child.name === 'LabelName')
        .map((child) => query.slice(child.from, child.to));
}

function readAggregate(query: string, node: Node): Expression {
  const [head] = childrenOf(node);
  const name = query.slice(head?.from, head?.to).toLowerCase();
  const operation = AGGREGATIONS.find((known): known is Aggregation => known === name);
  const modifier = childrenOf(node).find((child) => child.name === 'AggregateModifier');
  const body = childrenOf(node).find((child) => child.name === 'FunctionCallBody');
  const [operand, ...more] = body === undefined ? [] : operandsOf(body);
  if (operation === undefined || more.length > 0)
    return fail(query, node.from, `aggregation "${name}" is not supported by the sandbox (${AGGREGATIONS.join(', ')} are)`);
  if (operand === undefined) return fail(query, node.from, `no arguments for aggregate expression provided`);
  const kind = modifier?.firstChild?.name === 'Without' ? 'without' : 'by';
  const grouping: Grouping = { type: kind, labels: readLabels(query, modifier?.getChild('GroupingLabels') ?? undefined) };
  return { type: 'aggregate', operation, grouping, operand: expectType(query, operand, read(query, operand), 'instant vector', `aggregation expression`) };
}

function expectType(query: string, node: Node, expression: Expression, wanted: string, where: string): Expression {
  return valueType(expression) === wanted ? expression : fail(query, node.from, `expected type ${wanted} in ${where}, got ${valueType(expression)}`);
}

function readCall(query: string, node: Node): Expression {
  const identifier = node.getChild('FunctionIdentifier');
  const name = query.slice(identifier?.from ?? node.from, identifier?.to ?? node.from);
  const body = node.getChild('FunctionCallBody');
  const operands = body === null ? [] : operandsOf(body);
  const [first, second, ...more] = operands;
  const where = `call to function "${name}"`;
  const wrongCount = (count: number): never => fail(query, node.from, `expected ${count} argument(s) in ${where}, got ${operands.length}`);
  const rangeFunction = RANGE_FUNCTIONS.find((known): known is RangeFunction => known === name);
  if (rangeFunction !== undefined) {
    if (first === undefined || second !== undefined) return wrongCount(1);
    const range = expectType(query, first, read(query, first), 'range vector', where);
    return range.type === 'range'
      ? { type: 'range-function', name: rangeFunction, range }
      : fail(query, first.from, 'subqueries are not supported by the sandbox');
  }
  if (name === 'histogram_quantile') {
    if (first === undefined || second === undefined || more.length > 0) return wrongCount(2);
    return {
      type: 'quantile',
      quantile: expectType(query, first, read(query, first), 'scalar', where),
      buckets: expectType(query, second, read(query, second), 'instant vector', where),
    };
  }
  if (name === 'scalar' || name === 'vector') {
    if (first === undefined || second !== undefined) return wrongCount(1);
    return { type: name, operand: expectType(query, first, read(query, first), name === 'scalar' ? 'instant vector' : 'scalar', where) };
  }
  return fail(query, node.from, `function "${name}" is not supported by the sandbox`);
}

function readBinary(query: string, node: Node): Expression {
  const [left, right] = operandsOf(node);
  if (left === undefined || right === undefined) return fail(query, node.to, 'unexpected end of input');
  const sign = childrenOf(node).find(
    (child) => child.from >= left.to && child.to <= right.from && child.name !== 'BoolModifier' && child.name !== 'MatchingModifierClause',
  );
  const operator = query.slice(sign?.from ?? left.to, sign?.to ?? left.to);
  if (!OPERATORS.includes(operator)) return fail(query, sign?.from ?? node.from, `operator "${operator}" is not supported by the sandbox`);
  const clause = node.getChild('MatchingModifierClause');
  if (clause !== null && (clause.getChild('GroupLeft') !== null || clause.getChild('GroupRight') !== null))
    fail(query, clause.from, 'group_left and group_right are not supported by the sandbox');
  const bool = node.getChild('BoolModifier') !== null;
  const sides = [read(query, left), read(query, right)] as const;
  for (const [index, side] of sides.entries()) {
    if (valueType(side) !== 'scalar' && valueType(side) !== 'instant vector')
      fail(query, (index === 0 ? left : right).from, `binary expression must contain only scalar and instant vector types`);
  }
  if (COMPARISONS.some((known) => known === operator) && !bool && sides.every((side) => valueType(side) === 'scalar'))
    fail(query, node.from, 'comparisons between scalars must use BOOL modifier');
  const matching: Grouping | undefined =
    clause === null
      ? undefined
      : { type: clause.getChild('On') === null ? 'without' : 'by', labels: readLabels(query, clause.getChild('GroupingLabels') ?? undefined) };
  const expression = { type: 'binary', operator: operator as Operator, bool, matching, left: sides[0], right: sides[1] } as const;
  // The editor's grammar binds a sign closer than a power; the server reads -2 ^ 2 as -(2 ^ 2).
  if (operator === '^' && sides[0].type === 'negate') return { type: 'negate', operand: { ...expression, left: sides[0].operand } };
  if (operator === '^' && sides[0].type === 'number' && query.charAt(left.from) === '-')
    return { type: 'negate', operand: { ...expression, left: { type: 'number', value: -sides[0].value } } };
  return expression;
}

function read(query: string, node: Node): Expression {
  const only = (): Node => operandsOf(node)[0] ?? fail(query, node.from, 'unexpected end of input');
  switch (node.name) {
    case 'ParenExpr':
      return read(query, only());
    case 'NumberDurationLiteral':
      return { type: 'number', value: readNumber(query, node) };
    case 'StringLiteral':
      return { type: 'string', value: unquote(query, node) };
    case 'VectorSelector':
      return readSelector(query, node);
    case 'MatrixSelector': {
      const selector = node.getChild('VectorSelector');
      const window = node.getChild('DurationExpr');
      if (selector === null || window === null) return fail(query, node.from, 'ranges only allowed for vector selectors');
      return { type: 'range', selector: readSelector(query, selector), windowMs: readWindow(query, window) };
    }
    case 'FunctionCall':
      return readCall(query, node);
    case 'AggregateExpr':
      return readAggregate(query, node);
    case 'UnaryExpr': {
      const operand = read(query, only());
      return query.charAt(node.from) === '-' ? { type: 'negate', operand } : operand;
    }
    case 'BinaryExpr':
      return readBinary(query, node);
    default:
      return fail(query, node.from, `${node.name} is not supported by the sandbox`);
  }
}

/** The failure is Prometheus's own text: "1:5: parse error: …". */
export function parsePromql(query: string): Result<Expression, string> {
  if (query.length > LONGEST_QUERY) return err(`1:1: parse error: query is longer than ${LONGEST_QUERY} characters`);
  const tree = parser.parse(query);
  const top = childrenOf(tree.topNode).find((node) => node.name !== 'LineComment');
  if (top === undefined || query.trim() === '') return err('1:1: parse error: no expression found in input');
  try {
    tree.iterate({
      enter(node) {
        if (!node.type.isError) return;
        if (node.from >= query.trimEnd().length) fail(query, query.length, unclosed(query));
        fail(query, node.from, `unexpected ${JSON.stringify(query.slice(node.from, Math.max(node.to, node.from + 1)))}`);
      },
    });
    return ok(read(query, top));
  } catch (failure) {
    if (failure instanceof ParseFailure) return err(failure.message);
    throw failure;
  }
}

function unclosed(query: string): string {
  const count = (text: string): number => query.split(text).length - 1;
  if (count('(') > count(')')) return 'unclosed left parenthesis';
  return count('{') > count('}') ? 'unexpected end of input inside braces' : 'unexpected end of input';
}
