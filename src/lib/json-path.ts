// Kubernetes' JSONPath dialect: templates such as `{.items[*].metadata.name}`, with `range`, filters, unions, slices and recursive descent.
// The web metric provider and printer columns use it. json-path-parse.ts reads the text, this file finds the values.

import { deepEqual, isRecord } from './deep.js';
import { parseJsonPath } from './json-path-parse.js';
import type { FilterOperand, JsonPathNode, PathStep } from './json-path-parse.js';
import { err, ok } from './result.js';
import type { Result } from './result.js';

export type JsonPathOptions = {
  /** Missing keys give no value instead of an error. */
  readonly allowMissing?: boolean;
};

type Values = readonly unknown[];

type Scope = { readonly root: unknown; readonly current: unknown; readonly allowMissing: boolean };

class Missing extends Error {}

/** One list of values per expression of the template, in order; plain text is a list of itself. The error is a sentence. */
export function findJsonPath(template: string, data: unknown, options: JsonPathOptions = {}): Result<readonly Values[], string> {
  const parsed = parseJsonPath(template);
  if (!parsed.ok) return parsed;
  try {
    return ok(evaluateAll(parsed.value, { root: data, current: data, allowMissing: options.allowMissing === true }));
  } catch (error) {
    if (error instanceof Missing) return err(error.message);
    throw error;
  }
}

/** The values behind a bare path, as in a printer column (".spec.replicas"); a path that leads nowhere gives none. */
export function findColumn(path: string, data: unknown): Values {
  const found = findJsonPath(path.startsWith('{') ? path : `{${path}}`, data, { allowMissing: true });
  return found.ok ? (found.value[0] ?? []) : [];
}

function evaluateAll(nodes: readonly JsonPathNode[], scope: Scope): readonly Values[] {
  return nodes.flatMap((node): readonly Values[] => {
    switch (node.type) {
      case 'text':
        return [[node.text]];
      case 'path':
        return [followAll(node.steps, [node.fromRoot ? scope.root : scope.current], scope)];
      case 'range':
        return followAll(node.steps, [node.fromRoot ? scope.root : scope.current], scope).flatMap((item) =>
          evaluateAll(node.body, { ...scope, current: item }),
        );
      default:
        return [];
    }
  });
}

function followAll(steps: readonly PathStep[], start: Values, scope: Scope): Values {
  return steps.reduce<Values>((values, step) => follow(step, values, scope), start);
}

function follow(step: PathStep, values: Values, scope: Scope): Values {
  switch (step.type) {
    case 'field':
      return field(values, step.name, scope);
    case 'wildcard':
      return values.flatMap(children);
    case 'descend':
      return values.flatMap(descendants);
    case 'slice':
      return values.flatMap((value) => slice(value, step, scope));
    case 'union':
      return values.flatMap((value) => step.parts.flatMap((part) => followAll(part, [value], scope)));
    case 'filter':
      return values.flatMap((value) => filtered(value, step, scope));
    default:
      return [];
  }
}

// A name that some values lack is no error; one that all of them lack is.
function field(values: Values, name: string, scope: Scope): Values {
  const found = values.filter((value) => isRecord(value) && Object.hasOwn(value, name)).map((value) => (value as Readonly<Record<string, unknown>>)[name]);
  if (found.length === 0 && values.length > 0 && !scope.allowMissing) throw new Missing(`${name} is not found`);
  return found;
}

function children(value: unknown): Values {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

function descendants(value: unknown): Values {
  return [value, ...children(value).flatMap(descendants)];
}

type Slice = Extract<PathStep, { readonly type: 'slice' }>;

function slice(value: unknown, step: Slice, scope: Scope): Values {
  if (!Array.isArray(value)) {
    if (scope.allowMissing || value === null) return [];
    throw new Missing('a value that is indexed is not a list');
  }
  const from = fromEnd(step.from ?? 0, value.length);
  const to = step.single ? from + 1 : fromEnd(step.to ?? value.length, value.length);
  const outside = from < 0 || from >= value.length ? from : to < 0 || to > value.length ? to - 1 : undefined;
  if (from !== to && outside !== undefined && !scope.allowMissing) throw new Missing(`array index out of bounds: index ${outside}, length ${value.length}`);
  const picked: unknown[] = [];
  for (let index = Math.max(0, from); index < Math.min(to, value.length); index += step.stride) picked.push(value[index]);
  return picked;
}

/** Negative positions count from the end. */
function fromEnd(position: number, length: number): number {
  return position < 0 ? position + length : position;
}

type Filter = Extract<PathStep, { readonly type: 'filter' }>;

function filtered(value: unknown, filter: Filter, scope: Scope): Values {
  if (Array.isArray(value)) return value.filter((item) => matches(item, filter, scope));
  if (scope.allowMissing || value === null) return [];
  throw new Missing('a value that is filtered is not a list');
}

function matches(item: unknown, filter: Filter, scope: Scope): boolean {
  const left = operand(filter.left, item, scope);
  if (filter.operator === 'exists') return left.length > 0;
  const right = filter.right === undefined ? [] : operand(filter.right, item, scope);
  if (left.length === 0) return false;
  if (left.length > 1 || right.length > 1) throw new Missing('a filter can only compare one element at a time');
  return right.length === 1 && compare(left[0], filter.operator, right[0]);
}

function operand(side: FilterOperand, item: unknown, scope: Scope): Values {
  if (side.type === 'literal') return [side.value];
  return followAll(side.steps, [side.fromRoot ? scope.root : item], { ...scope, allowMissing: true });
}

function compare(left: unknown, operator: Filter['operator'], right: unknown): boolean {
  if (operator === 'exists') return true;
  if (operator === '==') return deepEqual(left, right);
  if (operator === '!=') return !deepEqual(left, right);
  const comparable = (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!comparable) throw new Missing(`values of unlike kinds can not be compared with ${operator}`);
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return false;
  }
}
