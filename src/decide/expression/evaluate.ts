// The doors of the condition language: a condition over a metric result, and the start or end of a range query.
// Programs are compiled once for each text and each set of static types.

import { freshBudget } from './budget.js';
import { isBuiltin } from './builtins.js';
import { checkTree } from './checker.js';
import { conditionEnvironment, type Environment, environmentTypes, TIME_ENVIRONMENT } from './environment.js';
import { evaluate } from './evaluator.js';
import { compileError, stageOf } from './failure.js';
import type { GoType } from './go-type.js';
import { type GoValue, isObject, typeName, UTC } from './go-value.js';
import { tokenize } from './lexer.js';
import { optimize } from './optimizer.js';
import { parse } from './parser.js';
import type { Pattern } from './pattern.js';
import type { Node } from './syntax.js';
import type { Instant } from '../../lib/instant.js';

export type EvaluationFailure = { readonly error: 'compile' | 'runtime'; readonly message: string };
export type Evaluation = { readonly value: GoValue; readonly goType: string } | EvaluationFailure;
/** `type` is a condition that gave no bool. */
export type Verdict = { readonly value: boolean } | { readonly error: 'compile' | 'runtime' | 'type'; readonly message: string };
/** Milliseconds since the epoch, as floats keep parts of them. */
export type TimeVerdict = { readonly value: Instant } | { readonly error: 'compile' | 'runtime' | 'type'; readonly message: string };

const MAX_SOURCE_LENGTH = 64 * 1024;
const MAX_PROGRAMS = 500;
const NS_PER_MS = 1_000_000n;

type Program = { readonly tree: Node; readonly patterns: Map<Node, Pattern> };

const programs = new Map<string, Program>();

/** `success` or `failure` condition over a result: the only verdicts are a bool or an error. */
export function evaluateCondition(source: string, result: GoValue, now: Instant): Verdict {
  return verdictOf(evaluateExpression(source, result, now));
}

/** What a value means as a condition. */
export function verdictOf(evaluation: Evaluation): Verdict {
  if ('error' in evaluation) return evaluation;
  if (typeof evaluation.value === 'boolean') return { value: evaluation.value };
  return { error: 'type', message: `expected bool, but got ${evaluation.goType}` };
}

/** The value and its Go type, whatever it is. */
export function evaluateExpression(source: string, result: GoValue, now: Instant): Evaluation {
  return run(source, conditionEnvironment(result), now);
}

/** Why the text is no expression, whatever the result will be; undefined when it is one. */
export function syntaxProblem(source: string): string | undefined {
  try {
    parse(tokenize(source), isBuiltin);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'the expression is nested too deeply';
    if (stageOf(error) === undefined || !(error instanceof Error)) throw error;
    return error.message;
  }
}

/** `rangeQuery.start` and `.end`: no result in the environment, and the value must be a time. */
export function evaluateTime(source: string, now: Instant): TimeVerdict {
  const evaluation = evaluateTimeExpression(source, now);
  if ('error' in evaluation) return evaluation;
  const { value } = evaluation;
  if (isObject(value) && value.kind === 'time') return { value: Number(value.unixNs / NS_PER_MS) + Number(value.unixNs % NS_PER_MS) / Number(NS_PER_MS) };
  return { error: 'type', message: `expected time.Time, but got ${evaluation.goType}` };
}

export function evaluateTimeExpression(source: string, now: Instant): Evaluation {
  return run(source, TIME_ENVIRONMENT, now);
}

/** The value of an expression over variables of the caller's own. Each name must have the same type whenever it is asked for. */
export function evaluateOver(source: string, variables: Environment, now: Instant): Evaluation {
  return run(source, variables, now);
}

function run(source: string, environment: Environment, now: Instant): Evaluation {
  try {
    const program = compile(source, environmentTypes(environment));
    const value = evaluate(program.tree, {
      environment,
      now: { kind: 'time', unixNs: BigInt(Math.round(now)) * NS_PER_MS, zone: UTC },
      budget: freshBudget(),
      patterns: program.patterns,
      variables: new Map(),
      frame: undefined,
    });
    return { value, goType: typeName(value) };
  } catch (error) {
    if (error instanceof RangeError) return { error: 'compile', message: 'the expression is nested too deeply' };
    const stage = stageOf(error);
    if (stage === undefined || !(error instanceof Error)) throw error;
    return { error: stage, message: error.message };
  }
}

function compile(source: string, names: ReadonlyMap<string, GoType>): Program {
  const result = names.get('result');
  const key = `${result?.name ?? [...names.keys()].join()} ${source}`;
  const known = programs.get(key);
  if (known !== undefined) return known;
  if (source.length > MAX_SOURCE_LENGTH) throw compileError(`the expression is longer than ${MAX_SOURCE_LENGTH} characters`);
  const tree = optimize(checkTree(parse(tokenize(source), isBuiltin), names, isBuiltin));
  const program = { tree, patterns: new Map<Node, Pattern>() };
  if (programs.size >= MAX_PROGRAMS) {
    // The oldest goes: conditions in use are few, and come again at once.
    for (const oldest of programs.keys()) {
      programs.delete(oldest);
      break;
    }
  }
  programs.set(key, program);
  return program;
}
