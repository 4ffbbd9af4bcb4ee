// What the parts of the checker share: the names in reach, and what is known of a checked expression.

import type { GoType } from './go-type.js';
import type { Node } from './syntax.js';

/** What is known of one expression. `elem` is the common type of the items of an array literal. */
export type Checked = { readonly node: Node; readonly type: GoType; readonly elem?: GoType; readonly builtin?: string };

export type Variable = { readonly name: string; readonly type: GoType; readonly elem?: GoType; readonly builtin?: string };
export type Closure = { readonly collection: GoType; readonly variables: ReadonlyMap<string, GoType> };

export type Scope = {
  /** Checks a node in a scope: passed along, so that the parts of the checker need not know each other. */
  readonly check: (node: Node, scope: Scope) => Checked;
  readonly names: ReadonlyMap<string, GoType>;
  readonly isBuiltin: (name: string) => boolean;
  readonly variables: readonly Variable[];
  readonly closures: readonly Closure[];
};
