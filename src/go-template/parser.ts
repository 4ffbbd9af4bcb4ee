// Tokens as a tree. What can be known before a template is used is refused here: names of functions and variables, blocks without an end.

import { decode } from '../decide/expression/bytes.js';
import { compileError } from '../decide/expression/failure.js';
import { type Token, tokenize } from './lexer.js';
import type { Arm, Command, Node, Operand, Pipe, Template } from './syntax.js';

/** Blocks and parentheses in each other. */
const DEEPEST_NESTING = 100;

const KEYWORDS = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'block', 'template', 'break', 'continue']);

type Ending = 'end' | 'else' | 'eof';

/** Throws what is wrong, and on which line. */
export function parse(source: string, isFunction: (name: string) => boolean): Template {
  const tokens = tokenize(source);
  const named = new Map<string, readonly Node[]>();
  let at = 0;
  let depth = 0;
  let ranges = 0;
  let variables: readonly string[] = ['$'];

  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '', line: 0, spaced: false };
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const fail = (message: string, { line }: Pick<Token, 'line'> = peek()): Error => compileError(`line ${line}: ${message}`);
  const isWord = (text: string): boolean => peek().kind === 'word' && peek().text === text;
  const isSymbol = (text: string): boolean => peek().kind === 'symbol' && peek().text === text;
  const close = (where: string): void => {
    if (next().kind !== 'close') throw fail(`${where} has something after it that does not belong there`, tokens[at - 1] ?? peek());
  };
  const nested = <T>(read: () => T): T => {
    depth += 1;
    if (depth > DEEPEST_NESTING) throw fail(`blocks or parentheses stand more than ${DEEPEST_NESTING} deep in each other`);
    const result = read();
    depth -= 1;
    return result;
  };
  /** Variables of a block are gone after it. */
  const scoped = <T>(read: () => T): T => {
    const before = variables;
    const result = nested(read);
    variables = before;
    return result;
  };

  const operand = (): Operand => {
    const token = next();
    let found: Operand;
    switch (token.kind) {
      case 'field':
        found = { type: 'fields', of: { type: 'dot' }, names: [token.text] };
        break;
      case 'variable':
        if (!variables.includes(token.text)) throw fail(`undefined variable "${token.text}"`, token);
        found = { type: 'variable', name: token.text };
        break;
      case 'literal':
        found = { type: 'literal', value: token.value };
        break;
      case 'word':
        found = wordOperand(token, token.text);
        break;
      case 'symbol':
        if (token.text !== '(') throw fail(`unexpected "${token.text}"`, token);
        found = { type: 'pipe', pipe: nested(() => pipeline()) };
        if (!isSymbol(')')) throw fail('")" is missing', token);
        next();
        break;
      case 'text':
      case 'open':
      case 'close':
      case 'end':
        throw fail('a value is missing', token);
    }
    const names: string[] = [];
    while (peek().kind === 'field' && !peek().spaced) names.push(next().text);
    if (names.length === 0) return found;
    if (found.type === 'literal' || found.type === 'nil') throw fail(`a constant has no field .${names.join('.')}`, token);
    return found.type === 'fields' ? { ...found, names: [...found.names, ...names] } : { type: 'fields', of: found, names };
  };
  const wordOperand = (token: Token, text: string): Operand => {
    if (text === '.') return { type: 'dot' };
    if (text === 'nil') return { type: 'nil' };
    if (text === 'true' || text === 'false') return { type: 'literal', value: text === 'true' };
    if (KEYWORDS.has(text)) throw fail(`"${text}" can not stand here`, token);
    if (!isFunction(text)) throw fail(`function "${text}" is not known here`, token);
    return { type: 'function', name: text };
  };
  const endsCommand = (): boolean => peek().kind === 'close' || peek().kind === 'end' || isSymbol('|') || isSymbol(')');
  const command = (): Command => {
    const { line } = peek();
    const words: Operand[] = [];
    while (!endsCommand()) {
      if (words.length > 0 && !peek().spaced) throw fail(`a space is missing before ${JSON.stringify(peek().text)}`);
      words.push(operand());
    }
    const [first, ...others] = words;
    if (first === undefined) throw fail('a value is missing', { line });
    if (others.length > 0 && (first.type === 'literal' || first.type === 'nil')) throw fail('a constant takes no arguments', { line });
    return { words, line };
  };
  /** The variables before `:=` or `=`. */
  const targets = (most: number): Pick<Pipe, 'names' | 'assigns'> => {
    const began = at;
    const names: string[] = [];
    while (peek().kind === 'variable') {
      names.push(next().text);
      if (!isSymbol(',') || names.length === most) break;
      next();
    }
    if (names.length === 0 || !(isSymbol(':=') || isSymbol('='))) {
      at = began;
      return { names: [], assigns: false };
    }
    return { names, assigns: next().text === '=' };
  };
  const pipeline = (most = 1): Pipe => {
    const { names, assigns } = targets(most);
    const unknown = assigns ? names.find((name) => !variables.includes(name)) : undefined;
    if (unknown !== undefined) throw fail(`undefined variable "${unknown}"`);
    const commands = [command()];
    while (isSymbol('|')) {
      next();
      const { line } = peek();
      const following = command();
      const kind = following.words[0]?.type;
      if (kind === 'literal' || kind === 'nil' || kind === 'dot') throw fail('a constant can not take what is piped to it', { line });
      commands.push(following);
    }
    if (!assigns) variables = [...variables, ...names];
    return { names, assigns, commands };
  };

  /** Nodes up to `{{end}}`, `{{else` or the end of the text. */
  const body = (): { readonly nodes: readonly Node[]; readonly ending: Ending; readonly line: number } => {
    const nodes: Node[] = [];
    for (;;) {
      const token = next();
      if (token.kind === 'text') {
        nodes.push({ type: 'text', text: token.text });
        continue;
      }
      if (token.kind !== 'open') return { nodes, ending: 'eof', line: token.line };
      if (isWord('end') || isWord('else')) {
        const ending = next().text as Ending;
        if (ending === 'end') close('{{end}}');
        return { nodes, ending, line: token.line };
      }
      const node = action(token);
      if (node !== undefined) nodes.push(node);
    }
  };
  const closedBody = (what: string, opened: Token): readonly Node[] => {
    const found = body();
    if (found.ending !== 'end') throw fail(found.ending === 'else' ? `{{else}} does not belong to {{${what}}}` : `{{${what}}} has no {{end}}`, opened);
    return found.nodes;
  };
  const branch = (type: 'if' | 'with', opened: Token): Node => {
    const arms: Arm[] = [];
    for (;;) {
      const pipe = pipeline();
      close(`{{${type}}}`);
      const found = scoped(body);
      arms.push({ pipe, body: found.nodes });
      if (found.ending === 'eof') throw fail(`{{${type}}} has no {{end}}`, opened);
      if (found.ending === 'end') return { type, arms, otherwise: [], line: opened.line };
      if (isWord(type)) {
        next();
        continue;
      }
      close('{{else}}');
      return { type, arms, otherwise: scoped(() => closedBody(type, opened)), line: opened.line };
    }
  };
  const range = (opened: Token): Node => {
    const pipe = pipeline(2);
    close('{{range}}');
    ranges += 1;
    const found = scoped(body);
    ranges -= 1;
    if (found.ending === 'eof') throw fail('{{range}} has no {{end}}', opened);
    if (found.ending === 'else') close('{{else}}');
    const otherwise = found.ending === 'else' ? scoped(() => closedBody('range', opened)) : [];
    return { type: 'range', pipe, body: found.nodes, otherwise, line: opened.line };
  };
  const nameOf = (what: string): string => {
    const token = next();
    if (token.kind !== 'literal' || typeof token.value !== 'string') throw fail(`{{${what}}} needs a name in quotes`, token);
    return decode(token.value);
  };
  /** What stands in `define` and `block` knows no variables of what is around it. */
  const define = (name: string, what: string, opened: Token): void => {
    const before = { variables, ranges };
    variables = ['$'];
    ranges = 0;
    named.set(
      name,
      nested(() => closedBody(what, opened)),
    );
    ({ variables, ranges } = before);
  };
  const action = (opened: Token): Node | undefined => {
    const { line } = opened;
    const word = peek().kind === 'word' ? peek().text : '';
    if (!KEYWORDS.has(word)) {
      const pipe = pipeline();
      close('an action');
      return { type: 'output', pipe, line };
    }
    next();
    switch (word) {
      case 'if':
      case 'with':
        return scoped(() => branch(word, opened));
      case 'range':
        return scoped(() => range(opened));
      case 'break':
      case 'continue':
        if (ranges === 0) throw fail(`{{${word}}} stands outside of a {{range}}`, opened);
        close(`{{${word}}}`);
        return { type: word, line };
      case 'define': {
        const name = nameOf('define');
        close('{{define}}');
        define(name, 'define', opened);
        return undefined;
      }
      default: {
        const name = nameOf(word);
        const pipe = peek().kind === 'close' ? undefined : pipeline();
        close(`{{${word}}}`);
        if (word === 'block') define(name, 'block', opened);
        return { type: 'template', name, pipe, line };
      }
    }
  };

  const whole = body();
  if (whole.ending !== 'eof') throw fail(`{{${whole.ending}}} belongs to nothing`, whole);
  return { body: whole.nodes, named };
}
