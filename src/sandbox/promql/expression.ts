// A PromQL query as data: the part of the language that the sandbox answers.

export const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

export const RANGE_FUNCTIONS = ['rate', 'irate', 'increase'] as const;
export type RangeFunction = (typeof RANGE_FUNCTIONS)[number];

export const ARITHMETIC = ['+', '-', '*', '/', '%', '^'] as const;
export const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='] as const;
export type Operator = (typeof ARITHMETIC)[number] | (typeof COMPARISONS)[number];

export type LabelMatcher = { readonly name: string; readonly operator: '=' | '!=' | '=~' | '!~'; readonly value: string };

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'selector'; readonly matchers: readonly LabelMatcher[] }
  | { readonly type: 'range'; readonly selector: Expression & { readonly type: 'selector' }; readonly windowMs: number }
  | { readonly type: 'range-function'; readonly name: RangeFunction; readonly range: Expression & { readonly type: 'range' } }
  | { readonly type: 'quantile'; readonly quantile: Expression; readonly buckets: Expression }
  | { readonly type: 'scalar' | 'vector'; readonly operand: Expression }
  | { readonly type: 'aggregate'; readonly operation: Aggregation; readonly grouping: Grouping; readonly operand: Expression }
  | { readonly type: 'negate'; readonly operand: Expression }
  | {
      readonly type: 'binary';
      readonly operator: Operator;
      readonly bool: boolean;
      readonly matching: Grouping | undefined;
      readonly left: Expression;
      readonly right: Expression;
    };

/** `by`/`on`: only these labels; `without`/`ignoring`: all but these. */
export type Grouping = { readonly type: 'by' | 'without'; readonly labels: readonly string[] };

export type ValueType = 'scalar' | 'instant vector' | 'range vector' | 'string';

export function valueType(expression: Expression): ValueType {
  switch (expression.type) {
    case 'number':
    case 'scalar':
      return 'scalar';
    case 'string':
      return 'string';
    case 'range':
      return 'range vector';
    case 'negate':
      return valueType(expression.operand);
    case 'binary':
      return valueType(expression.left) === 'scalar' && valueType(expression.right) === 'scalar' ? 'scalar' : 'instant vector';
    case 'selector':
    case 'range-function':
    case 'quantile':
    case 'vector':
    case 'aggregate':
      return 'instant vector';
  }
}
