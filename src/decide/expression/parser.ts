// Tokens to a tree: a Pratt parser. It stops at the first error, with the text that Argo's controller would show.

import { encode } from './bytes.js';
import { compileError } from './failure.js';
import { parseFloat64, parseInt64 } from '../../lib/go-number.js';
import type { Node } from './syntax.js';
import { BINARY, type Token, tokenText, UNARY, WORD_OPERATORS } from './token.js';

/** Builtins whose second argument is a closure. */
export const PREDICATES: ReadonlySet<string> = new Set([
  'all',
  'none',
  'any',
  'one',
  'filter',
  'map',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'count',
  'groupBy',
  'reduce',
]);

// Deeper nesting than any person writes, and far from the end of the stack.
const MAX_DEPTH = 400;

type State = { readonly tokens: readonly Token[]; readonly isBuiltin: (name: string) => boolean; at: number; closures: number; depth: number };

export function parse(tokens: readonly Token[], isBuiltin: (name: string) => boolean): Node {
  const state: State = { tokens, isBuiltin, at: 0, closures: 0, depth: 0 };
  const node = parseExpression(state, 0);
  if (current(state).kind !== 'EOF') throw unexpected(current(state));
  return node;
}

const EOF: Token = { kind: 'EOF', value: '' };
const current = (state: State): Token => state.tokens[state.at] ?? EOF;
const is = (token: Token, kind: Token['kind'], value?: string): boolean => token.kind === kind && (value === undefined || token.value === value);
const unexpected = (token: Token): Error => compileError(`unexpected token ${tokenText(token)}`);

function expect(state: State, kind: Token['kind'], value?: string): Token {
  const token = current(state);
  if (!is(token, kind, value)) throw unexpected(token);
  if (kind !== 'EOF') state.at += 1;
  return token;
}

function parseExpression(state: State, precedence: number): Node {
  state.depth += 1;
  if (state.depth > MAX_DEPTH) throw compileError(`nested deeper than ${MAX_DEPTH} levels`);
  try {
    if (precedence === 0 && is(current(state), 'Operator', 'let')) return parseLet(state);
    const node = parseOperators(state, parsePrimary(state), precedence);
    return precedence === 0 ? parseConditional(state, node) : node;
  } finally {
    state.depth -= 1;
  }
}

function parseOperators(state: State, first: Node, precedence: number): Node {
  let left = first;
  let previous = '';
  for (let token = current(state); token.kind === 'Operator'; token = current(state)) {
    let negate = false;
    // A "not" is taken even when what follows binds too weakly here; it is lost then, as in the original.
    if (token.value === 'not') {
      state.at += 1;
      negate = true;
      token = current(state);
    }
    const operator = token.kind === 'EOF' ? undefined : BINARY.get(token.value);
    if (operator === undefined || token.kind === 'String' || operator.precedence < precedence) break;
    state.at += 1;
    if (token.value === '|') {
      const name = expect(state, 'Identifier');
      left = parsePipe(state, name.value, left);
    } else {
      if (previous === '??' && token.value !== '??') {
        throw compileError(`Operator (${token.value}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.`);
      }
      const right = parseExpression(state, operator.associativity === 'left' ? operator.precedence + 1 : operator.precedence);
      left = { type: 'binary', operator: token.value, left, right };
      if (negate) left = { type: 'unary', operator: 'not', node: left };
    }
    previous = token.value;
  }
  return left;
}

function parseLet(state: State): Node {
  expect(state, 'Operator', 'let');
  const name = expect(state, 'Identifier').value;
  expect(state, 'Operator', '=');
  const value = parseExpression(state, 0);
  expect(state, 'Operator', ';');
  return { type: 'let', name, value, body: parseExpression(state, 0) };
}

function parseConditional(state: State, first: Node): Node {
  let node = first;
  while (is(current(state), 'Operator', '?')) {
    state.at += 1;
    if (is(current(state), 'Operator', ':')) {
      state.at += 1;
      node = { type: 'conditional', condition: node, yes: node, otherwise: parseExpression(state, 0) };
    } else {
      const yes = parseExpression(state, 0);
      expect(state, 'Operator', ':');
      node = { type: 'conditional', condition: node, yes, otherwise: parseExpression(state, 0) };
    }
  }
  return node;
}

function parsePrimary(state: State): Node {
  const token = current(state);
  const unary = token.kind === 'Operator' ? UNARY.get(token.value) : undefined;
  if (unary !== undefined) {
    state.at += 1;
    return parsePostfix(state, { type: 'unary', operator: token.value, node: parseExpression(state, unary) });
  }
  if (is(token, 'Bracket', '(')) {
    state.at += 1;
    const node = parseExpression(state, 0);
    expect(state, 'Bracket', ')');
    return parsePostfix(state, node);
  }
  if (is(token, 'Operator', '#') || is(token, 'Operator', '.')) return parsePointer(state, token);
  return parseSecondary(state, token);
}

function parsePointer(state: State, token: Token): Node {
  if (state.closures === 0) throw compileError('cannot use pointer accessor outside closure');
  let name = '';
  if (token.value === '#') {
    state.at += 1;
    if (current(state).kind === 'Identifier') {
      name = current(state).value;
      state.at += 1;
    }
  }
  return parsePostfix(state, { type: 'pointer', name });
}

function parseSecondary(state: State, token: Token): Node {
  switch (token.kind) {
    case 'Identifier':
      state.at += 1;
      if (token.value === 'true' || token.value === 'false') return { type: 'bool', value: token.value === 'true' };
      if (token.value === 'nil') return { type: 'nil' };
      return parsePostfix(state, parseCall(state, token.value));
    case 'Number':
      state.at += 1;
      return numberNode(token.value.replaceAll('_', ''));
    case 'String':
      state.at += 1;
      return { type: 'string', value: token.value };
    case 'Operator':
    case 'Bracket':
    case 'EOF':
      if (is(token, 'Bracket', '[')) return parsePostfix(state, parseArray(state));
      if (is(token, 'Bracket', '{')) return parsePostfix(state, parseMap(state));
      throw unexpected(token);
  }
}

function numberNode(text: string): Node {
  const fail = (what: string, parser: string, problem: string): Error =>
    compileError(`invalid ${what} literal: strconv.${parser}: parsing "${text}": ${problem}`);
  if (text.includes('x')) {
    if (!/^0x[\da-fA-F]+$/.test(text)) throw fail('hex', 'ParseInt', 'invalid syntax');
    const value = BigInt(text);
    if (value !== BigInt.asIntN(64, value)) throw fail('hex', 'ParseInt', 'value out of range');
    return { type: 'integer', value };
  }
  if (/[.eE]/.test(text)) {
    const parsed = parseFloat64(text);
    if ('problem' in parsed) throw fail('float', 'ParseFloat', parsed.problem);
    return { type: 'float', value: parsed.value };
  }
  const parsed = parseInt64(text);
  if ('problem' in parsed) throw fail('integer', 'ParseInt', parsed.problem);
  return { type: 'integer', value: parsed.value };
}

function parseCall(state: State, name: string): Node {
  if (!is(current(state), 'Bracket', '(')) return { type: 'identifier', name };
  if (!PREDICATES.has(name)) return callNode(state, name, parseArguments(state));
  expect(state, 'Bracket', '(');
  const collection = parseExpression(state, 0);
  expect(state, 'Operator', ',');
  return parsePredicate(state, name, collection);
}

function parsePipe(state: State, name: string, left: Node): Node {
  if (!PREDICATES.has(name)) return callNode(state, name, [left, ...parseArguments(state)]);
  expect(state, 'Bracket', '(');
  return parsePredicate(state, name, left);
}

function parsePredicate(state: State, name: string, collection: Node): Node {
  const args = [collection, parseClosure(state)];
  if (name === 'reduce' && is(current(state), 'Operator', ',')) {
    state.at += 1;
    args.push(parseExpression(state, 0));
  }
  expect(state, 'Bracket', ')');
  return { type: 'builtin', name, args };
}

function callNode(state: State, name: string, args: readonly Node[]): Node {
  return state.isBuiltin(name) ? { type: 'builtin', name, args } : { type: 'call', callee: { type: 'identifier', name }, args };
}

function parseClosure(state: State): Node {
  const braced = is(current(state), 'Bracket', '{');
  if (braced) state.at += 1;
  state.closures += 1;
  const node = parseExpression(state, 0);
  state.closures -= 1;
  if (braced) expect(state, 'Bracket', '}');
  return { type: 'closure', node };
}

function parseArguments(state: State): readonly Node[] {
  expect(state, 'Bracket', '(');
  const args: Node[] = [];
  while (!is(current(state), 'Bracket', ')')) {
    if (args.length > 0) expect(state, 'Operator', ',');
    args.push(parseExpression(state, 0));
  }
  expect(state, 'Bracket', ')');
  return args;
}

function parseArray(state: State): Node {
  expect(state, 'Bracket', '[');
  const items: Node[] = [];
  while (!is(current(state), 'Bracket', ']')) {
    if (items.length > 0) {
      expect(state, 'Operator', ',');
      if (is(current(state), 'Bracket', ']')) break;
    }
    items.push(parseExpression(state, 0));
  }
  expect(state, 'Bracket', ']');
  return { type: 'array', items };
}

function parseMap(state: State): Node {
  expect(state, 'Bracket', '{');
  const pairs: { key: Node; value: Node }[] = [];
  while (!is(current(state), 'Bracket', '}')) {
    if (pairs.length > 0) {
      expect(state, 'Operator', ',');
      if (is(current(state), 'Bracket', '}')) break;
      if (is(current(state), 'Operator', ',')) throw unexpected(current(state));
    }
    const key = parseMapKey(state);
    expect(state, 'Operator', ':');
    pairs.push({ key, value: parseExpression(state, 0) });
  }
  expect(state, 'Bracket', '}');
  return { type: 'map', pairs };
}

function parseMapKey(state: State): Node {
  const token = current(state);
  if (is(token, 'Bracket', '(')) return parseExpression(state, 0);
  if (token.kind !== 'Number' && token.kind !== 'String' && token.kind !== 'Identifier') {
    throw compileError(
      `a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token ${tokenText(token)})`,
    );
  }
  state.at += 1;
  return { type: 'string', value: token.kind === 'String' ? token.value : encode(token.value) };
}

function parsePostfix(state: State, first: Node): Node {
  let node = first;
  for (;;) {
    const token = current(state);
    if (token.kind !== 'Operator' && token.kind !== 'Bracket') return node;
    if (token.value === '.' || token.value === '?.') node = parseMember(state, node, token.value === '?.');
    else if (token.value === '[') node = parseIndex(state, node);
    else return node;
  }
}

function parseMember(state: State, base: Node, optional: boolean): Node {
  state.at += 1;
  const token = current(state);
  if (token.kind !== 'Identifier' && !(token.kind === 'Operator' && WORD_OPERATORS.has(token.value))) throw compileError('expected name');
  state.at += 1;
  const chained = base.type === 'chain';
  const called = is(current(state), 'Bracket', '(');
  const member: Node = { type: 'member', node: chained ? base.node : base, property: { type: 'string', value: encode(token.value) }, optional, called };
  const node: Node = called ? { type: 'call', callee: member, args: parseArguments(state) } : member;
  return chained || optional ? { type: 'chain', node } : node;
}

function parseIndex(state: State, base: Node): Node {
  state.at += 1;
  const end = (): Node | undefined => (is(current(state), 'Bracket', ']') ? undefined : parseExpression(state, 0));
  let node: Node;
  if (is(current(state), 'Operator', ':')) {
    state.at += 1;
    node = { type: 'slice', node: base, from: undefined, to: end() };
  } else {
    const from = parseExpression(state, 0);
    if (is(current(state), 'Operator', ':')) {
      state.at += 1;
      node = { type: 'slice', node: base, from, to: end() };
    } else {
      node = { type: 'member', node: base, property: from, optional: false, called: false };
    }
  }
  expect(state, 'Bracket', ']');
  return node;
}
