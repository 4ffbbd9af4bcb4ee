// The tree of a template, as the parser makes it and the evaluator walks it.

import type { GoValue } from '../decide/expression/go-value.js';

export type Operand =
  | { readonly type: 'dot' }
  | { readonly type: 'nil' }
  | { readonly type: 'literal'; readonly value: GoValue }
  /** `$` and `$name`, with the dollar sign. */
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'function'; readonly name: string }
  /** `.a.b`, `$x.a`, `(pipeline).a`: fields of what stands before them. */
  | { readonly type: 'fields'; readonly of: Operand; readonly names: readonly string[] }
  | { readonly type: 'pipe'; readonly pipe: Pipe };

export type Command = { readonly words: readonly Operand[]; readonly line: number };

export type Pipe = {
  /** The variables that get its value: one, or two in a range. */
  readonly names: readonly string[];
  /** `=` in place of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
};

export type Arm = { readonly pipe: Pipe; readonly body: readonly Node[] };

export type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'output'; readonly pipe: Pipe; readonly line: number }
  | { readonly type: 'if' | 'with'; readonly arms: readonly Arm[]; readonly otherwise: readonly Node[]; readonly line: number }
  | { readonly type: 'range'; readonly pipe: Pipe; readonly body: readonly Node[]; readonly otherwise: readonly Node[]; readonly line: number }
  | { readonly type: 'template'; readonly name: string; readonly pipe: Pipe | undefined; readonly line: number }
  | { readonly type: 'break' | 'continue'; readonly line: number };

export type Template = {
  readonly body: readonly Node[];
  /** What `define` and `block` have named. */
  readonly named: ReadonlyMap<string, readonly Node[]>;
};
