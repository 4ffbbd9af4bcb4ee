// The tokens of the condition language and the tables of its operators.

export type TokenKind = 'Identifier' | 'Number' | 'String' | 'Operator' | 'Bracket' | 'EOF';

export type Token = { readonly kind: TokenKind; readonly value: string };

export type Associativity = 'left' | 'right';

export const UNARY: ReadonlyMap<string, number> = new Map([
  ['not', 50],
  ['!', 50],
  ['-', 90],
  ['+', 90],
]);

const left = (precedence: number): { precedence: number; associativity: Associativity } => ({ precedence, associativity: 'left' });

export const BINARY: ReadonlyMap<string, { readonly precedence: number; readonly associativity: Associativity }> = new Map([
  ['|', left(0)],
  ['or', left(10)],
  ['||', left(10)],
  ['and', left(15)],
  ['&&', left(15)],
  ['==', left(20)],
  ['!=', left(20)],
  ['<', left(20)],
  ['>', left(20)],
  ['>=', left(20)],
  ['<=', left(20)],
  ['in', left(20)],
  ['matches', left(20)],
  ['contains', left(20)],
  ['startsWith', left(20)],
  ['endsWith', left(20)],
  ['..', left(25)],
  ['+', left(30)],
  ['-', left(30)],
  ['*', left(60)],
  ['/', left(60)],
  ['%', left(60)],
  ['**', { precedence: 100, associativity: 'right' }],
  ['^', { precedence: 100, associativity: 'right' }],
  ['??', left(500)],
]);

export const WORD_OPERATORS: ReadonlySet<string> = new Set(['in', 'or', 'and', 'matches', 'contains', 'startsWith', 'endsWith', 'let', 'not']);

const quote = (text: string): string => JSON.stringify(text);

export const tokenText = (token: Token): string => (token.kind === 'EOF' ? 'EOF' : `${token.kind}(${quote(token.value)})`);
