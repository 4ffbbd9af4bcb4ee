// The syntax tree. The checker returns it with the static type of every node (`goType`).

import type { GoType } from './go-type.js';

/** `goType` is there once the checker has been. */
export type Node = Shape & { readonly goType?: GoType };

export type NodeOf<T extends Shape['type']> = Extract<Shape, { readonly type: T }> & { readonly goType?: GoType };

type Shape =
  | { readonly type: 'nil' }
  | { readonly type: 'identifier'; readonly name: string }
  | { readonly type: 'integer'; readonly value: bigint; /** Another integer type that a parameter asks for. */ readonly as?: GoType }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  /** A set of strings or ints that the optimizer made of an array literal on the right of `in`. */
  | { readonly type: 'set'; readonly of: 'string' | 'int'; readonly items: ReadonlySet<string | bigint> }
  | { readonly type: 'unary'; readonly operator: string; readonly node: Node }
  | {
      readonly type: 'binary';
      readonly operator: string;
      readonly left: Node;
      readonly right: Node;
      /** A constant range: not counted as memory. */ readonly free?: boolean;
    }
  | { readonly type: 'chain'; readonly node: Node }
  | { readonly type: 'member'; readonly node: Node; readonly property: Node; readonly optional: boolean; readonly called: boolean }
  | { readonly type: 'slice'; readonly node: Node; readonly from: Node | undefined; readonly to: Node | undefined }
  | { readonly type: 'call'; readonly callee: Node; readonly args: readonly Node[] }
  | BuiltinShape
  | { readonly type: 'closure'; readonly node: Node }
  | { readonly type: 'pointer'; readonly name: string }
  | { readonly type: 'let'; readonly name: string; readonly value: Node; readonly body: Node }
  | { readonly type: 'conditional'; readonly condition: Node; readonly yes: Node; readonly otherwise: Node }
  | { readonly type: 'array'; readonly items: readonly Node[] }
  | { readonly type: 'map'; readonly pairs: readonly { readonly key: Node; readonly value: Node }[] };

type BuiltinShape = {
  readonly type: 'builtin';
  readonly name: string;
  readonly args: readonly Node[];
  /** The optimizer merged a `map` into this `filter` or `find`. */
  readonly mapping?: Node;
  /** A `find` made of `filter(…)[0]`: finding nothing is an index error, not nil. */
  readonly throws?: boolean;
};

export type BuiltinNode = NodeOf<'builtin'>;

/** A copy of the tree with `change` applied to every node, children first. */
export function transform(node: Node, change: (node: Node) => Node): Node {
  return change(transformChildren(node, (child) => transform(child, change)));
}

function transformChildren(node: Node, visit: (node: Node) => Node): Node {
  switch (node.type) {
    case 'nil':
    case 'identifier':
    case 'integer':
    case 'float':
    case 'bool':
    case 'string':
    case 'set':
    case 'pointer':
      return node;
    case 'unary':
    case 'chain':
    case 'closure':
      return { ...node, node: visit(node.node) };
    case 'binary':
      return { ...node, left: visit(node.left), right: visit(node.right) };
    case 'member':
      return { ...node, node: visit(node.node), property: visit(node.property) };
    case 'slice':
      return {
        ...node,
        node: visit(node.node),
        from: node.from === undefined ? undefined : visit(node.from),
        to: node.to === undefined ? undefined : visit(node.to),
      };
    case 'call':
      return { ...node, callee: visit(node.callee), args: node.args.map(visit) };
    case 'builtin':
      return { ...node, args: node.args.map(visit), ...(node.mapping === undefined ? {} : { mapping: visit(node.mapping) }) };
    case 'let':
      return { ...node, value: visit(node.value), body: visit(node.body) };
    case 'conditional':
      return { ...node, condition: visit(node.condition), yes: visit(node.yes), otherwise: visit(node.otherwise) };
    case 'array':
      return { ...node, items: node.items.map(visit) };
    case 'map':
      return { ...node, pairs: node.pairs.map((pair) => ({ key: visit(pair.key), value: visit(pair.value) })) };
  }
}
