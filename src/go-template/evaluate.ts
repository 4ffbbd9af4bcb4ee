// Carries out a template: what it prints for a value, within a budget. Go's text/template is the model, its errors too.

import { spend, spendOn, type Steps } from '../decide/expression/budget.js';
import { runtimeError, stageOf } from '../decide/expression/failure.js';
import { sortedEntries } from '../decide/expression/go-text.js';
import { asInteger, dereference, type GoFunc, type GoTime, type GoValue, isObject, typeName, typeOf } from '../decide/expression/go-value.js';
import { methodOf } from '../decide/expression/methods.js';
import { allowBytes, allowItems, type Call, DEEPEST_TEMPLATES, type TemplateFunction } from './budget.js';
import type { Command, Node, Operand, Pipe, Template } from './syntax.js';
import { isEmpty, textOf } from './values.js';

type Scope = { readonly variables: Map<string, GoValue>; readonly outer: Scope | undefined };

/** How a body ended: `break` and `continue` reach up to the nearest range. */
type Ending = 'done' | 'break' | 'continue';

export type Rendering = {
  readonly template: Template;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly now: GoTime;
  readonly budget: Steps;
};

/** The printed bytes. Throws a run-time failure that names the line. */
export const render = (rendering: Rendering, data: GoValue): string => createWalk(rendering).render(data);

function createWalk(rendering: Rendering): { render(data: GoValue): string } {
  const { template, functions } = rendering;
  const call: Call = { now: rendering.now, budget: rendering.budget };
  const parts: string[] = [];
  let bytes = 0;
  let depth = 0;
  const print = (text: string): void => {
    bytes += text.length;
    allowBytes(bytes);
    parts.push(text);
  };

  const walk = (nodes: readonly Node[], dot: GoValue, scope: Scope): Ending => {
    for (const node of nodes) {
      const ending = step(node, dot, scope);
      if (ending !== 'done') return ending;
    }
    return 'done';
  };
  const step = (node: Node, dot: GoValue, scope: Scope): Ending => {
    spend(rendering.budget);
    switch (node.type) {
      case 'text':
        print(node.text);
        return 'done';
      case 'output': {
        const value = pipeline(node.pipe, dot, scope);
        if (node.pipe.names.length === 0) print(printed(value));
        return 'done';
      }
      case 'if':
      case 'with': {
        const inner = nest(scope);
        for (const arm of node.arms) {
          const value = pipeline(arm.pipe, dot, inner);
          if (!isEmpty(value)) return walk(arm.body, node.type === 'with' ? value : dot, nest(inner));
        }
        return walk(node.otherwise, dot, nest(inner));
      }
      case 'range':
        return range(node, dot, nest(scope));
      case 'template':
        use(node.name, node.pipe === undefined ? null : pipeline(node.pipe, dot, scope), node.line);
        return 'done';
      case 'break':
      case 'continue':
        return node.type;
    }
  };
  const use = (name: string, dot: GoValue, line: number): void => {
    const body = template.named.get(name);
    if (body === undefined) throw at(line, runtimeError(`template "${name}" is not defined`));
    depth += 1;
    if (depth > DEEPEST_TEMPLATES) throw at(line, runtimeError(`templates use each other more than ${DEEPEST_TEMPLATES} deep`));
    walk(body, dot, root(dot));
    depth -= 1;
  };
  const range = (node: Extract<Node, { type: 'range' }>, dot: GoValue, scope: Scope): Ending => {
    const { names, assigns } = node.pipe;
    const items = itemsOf(evaluate(node.pipe, dot, scope), node.line);
    if (items.length === 0) return walk(node.otherwise, dot, nest(scope));
    for (const [key, item] of items) {
      const turn = nest(scope);
      const [first, second] = names;
      const values: readonly (readonly [string | undefined, GoValue])[] =
        second === undefined
          ? [[first, item]]
          : [
              [first, key],
              [second, item],
            ];
      for (const [name, value] of values) if (name !== undefined) set(turn, name, value, assigns);
      spend(rendering.budget);
      if (walk(node.body, item, turn) === 'break') return 'done';
    }
    return 'done';
  };

  const pipeline = (pipe: Pipe, dot: GoValue, scope: Scope): GoValue => {
    const value = evaluate(pipe, dot, scope);
    for (const name of pipe.names) set(scope, name, value, pipe.assigns);
    return value;
  };
  const evaluate = (pipe: Pipe, dot: GoValue, scope: Scope): GoValue => {
    let piped: readonly GoValue[] = [];
    for (const command of pipe.commands) piped = [run(command, piped, dot, scope)];
    return piped[0] ?? null;
  };
  const run = (command: Command, piped: readonly GoValue[], dot: GoValue, scope: Scope): GoValue => {
    spend(rendering.budget);
    const [head, ...words] = command.words;
    try {
      if (head === undefined) return null;
      if (head.type === 'function') return invoke(head.name, words, piped, dot, scope);
      if (head.type === 'fields') {
        const names = head.names.slice(0, -1);
        const receiver = fieldsOf(operand(head.of, dot, scope), names);
        return member(receiver, head.names.at(-1) ?? '', [...words.map((word) => operand(word, dot, scope)), ...piped]);
      }
      if (words.length + piped.length > 0) throw runtimeError("can't give arguments to what is no function");
      return operand(head, dot, scope);
    } catch (fault) {
      throw at(command.line, fault);
    }
  };
  const invoke = (name: string, words: readonly Operand[], piped: readonly GoValue[], dot: GoValue, scope: Scope): GoValue => {
    // These two stop at the first argument that decides.
    if (name === 'and' || name === 'or') return shortCircuit(name, words, piped, dot, scope);
    const found = functions.get(name);
    if (found === undefined) throw runtimeError(`function "${name}" is not known here`);
    const args = [...words.map((word) => operand(word, dot, scope)), ...piped];
    const { least, most } = found;
    if (args.length < least || (most !== undefined && args.length > most)) {
      const wanted = most === undefined ? `at least ${least}` : least === most ? String(least) : `${least} to ${most}`;
      throw runtimeError(`wrong number of args for ${name}: want ${wanted} got ${args.length}`);
    }
    for (const arg of args) spendOn(rendering.budget, arg);
    const value = found.call(args, call);
    spendOn(rendering.budget, value);
    return value;
  };
  const shortCircuit = (name: 'and' | 'or', words: readonly Operand[], piped: readonly GoValue[], dot: GoValue, scope: Scope): GoValue => {
    if (words.length + piped.length === 0) throw runtimeError(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: GoValue = null;
    for (const word of words) {
      value = operand(word, dot, scope);
      if (isEmpty(value) === (name === 'and')) return value;
    }
    return piped.length > 0 ? (piped[0] ?? null) : value;
  };
  const operand = (word: Operand, dot: GoValue, scope: Scope): GoValue => {
    switch (word.type) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'literal':
        return word.value;
      case 'variable':
        return read(scope, word.name);
      case 'function':
        return invoke(word.name, [], [], dot, scope);
      case 'fields':
        return fieldsOf(operand(word.of, dot, scope), word.names);
      case 'pipe':
        return pipeline(word.pipe, dot, scope);
    }
  };

  return {
    render(data) {
      walk(template.body, data, root(data));
      return parts.join('');
    },
  };
}

const root = (dot: GoValue): Scope => ({ variables: new Map([['$', dot]]), outer: undefined });
const nest = (outer: Scope): Scope => ({ variables: new Map(), outer });

function read(scope: Scope, name: string): GoValue {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const value = at.variables.get(name);
    if (value !== undefined) return value;
  }
  return null;
}

function set(scope: Scope, name: string, value: GoValue, assigns: boolean): void {
  let place = assigns ? scope : undefined;
  while (place !== undefined && !place.variables.has(name)) place = place.outer;
  (place ?? scope).variables.set(name, value);
}

const LINE = Symbol('line');

/** The innermost line that failed stays. */
function at(line: number, fault: unknown): unknown {
  const stage = stageOf(fault);
  if (!(fault instanceof Error) || stage === undefined || LINE in fault) return fault;
  return Object.assign(runtimeError(`line ${line}: ${fault.message}`), { [LINE]: line });
}

/** What an action prints. Nothing at all, as for a key that a map does not have, is told as Go tells it. */
const printed = (value: GoValue): string => (value === null ? '<no value>' : textOf(value));

const fieldsOf = (from: GoValue, names: readonly string[]): GoValue => names.reduce<GoValue>((value, name) => member(value, name, []), from);

function member(from: GoValue, name: string, args: readonly GoValue[]): GoValue {
  const value = dereference(from);
  if (value === null) throw runtimeError(`nil pointer evaluating interface {}.${name}`);
  const method = methodOf(typeOf(value), name);
  if (method !== undefined) return callChecked({ kind: 'func', type: method.type, call: (given) => method.call(value, given) }, name, args);
  const found =
    isObject(value) && value.kind === 'map'
      ? (value.entries.get(name)?.value ?? null)
      : isObject(value) && value.kind === 'struct'
        ? value.fields[name]
        : undefined;
  if (found === undefined) throw runtimeError(`can't evaluate field ${name} in type ${typeName(value)}`);
  if (args.length > 0) throw runtimeError(`${name} is not a method but has arguments`);
  return found;
}

/** Calls a method, or a function that is a value, with as many arguments as it wants. */
export function callChecked(called: GoFunc, name: string, args: readonly GoValue[]): GoValue {
  const wanted = called.type.params?.length ?? 0;
  if (args.length !== wanted) throw runtimeError(`wrong number of args for ${name}: want ${wanted} got ${args.length}`);
  const wrong = called.type.params?.findIndex((param, index) => param.kind !== 'interface' && typeOf(args[index] ?? null).kind !== param.kind) ?? -1;
  if (wrong >= 0) throw runtimeError(`wrong type for value; expected ${called.type.params?.[wrong]?.name ?? ''}; got ${typeName(args[wrong] ?? null)}`);
  return called.call(args);
}

type Item = readonly [key: GoValue, item: GoValue];

function itemsOf(value: GoValue, line: number): readonly Item[] {
  const plain = dereference(value);
  if (plain === null) return [];
  const count = asInteger(plain);
  if (count !== undefined) {
    allowItems(Number(count));
    return Array.from({ length: Math.max(0, Number(count)) }, (_, index): Item => [BigInt(index), BigInt(index)]);
  }
  if (isObject(plain) && plain.kind === 'slice') return plain.items.map((item, index): Item => [BigInt(index), item]);
  if (isObject(plain) && plain.kind === 'map') return sortedEntries(plain).map(({ key, value: item }): Item => [key, item]);
  throw at(line, runtimeError(`range can't iterate over ${typeName(plain)}`));
}
