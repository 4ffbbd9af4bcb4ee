// Label selectors in their text form: `a=b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`, `!a`, joined by commas.

import { err, ok, type Result } from '../lib/result.js';
import type { LabelSelector } from './kube-object.js';

export type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

const REQUIREMENT = /^\s*(?:(!)\s*([\w./-]+)|([\w./-]+)(?:\s*(==|=|!=|>|<)\s*([\w.-]*)|\s+(in|notin)\s*\(([^()]*)\))?)\s*$/;

/** Splits at the commas that stand outside parentheses. */
function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function compare(key: string, operator: string, value: string): LabelTest {
  switch (operator) {
    case '=':
    case '==':
      return (labels) => labels[key] === value;
    case '!=':
      return (labels) => labels[key] !== value;
    case '>':
      return (labels) => labels[key] !== undefined && Number(labels[key]) > Number(value);
    default:
      return (labels) => labels[key] !== undefined && Number(labels[key]) < Number(value);
  }
}

function parseRequirement(text: string): LabelTest | undefined {
  const match = REQUIREMENT.exec(text);
  if (match === null) return undefined;
  const [, , absentKey, key = '', operator, value = '', set, values = ''] = match;
  if (absentKey !== undefined) return (labels) => labels[absentKey] === undefined;
  if (operator !== undefined) return compare(key, operator, value);
  if (set === undefined) return (labels) => labels[key] !== undefined;
  const wanted = new Set(values.split(',').map((item) => item.trim()));
  return set === 'in' ? (labels) => labels[key] !== undefined && wanted.has(labels[key]) : (labels) => labels[key] === undefined || !wanted.has(labels[key]);
}

/** A test of labels; undefined when the selector takes everything. The error is a sentence. */
export function parseLabelSelector(text: string | undefined): Result<LabelTest | undefined, string> {
  if (text === undefined || text.trim() === '') return ok(undefined);
  const tests: LabelTest[] = [];
  for (const part of splitRequirements(text)) {
    const test = parseRequirement(part);
    if (test === undefined)
      return err(`unable to parse requirement: found '${part.trim()}', expected: a label requirement such as 'key=value', 'key in (a,b)' or '!key'`);
    tests.push(test);
  }
  const [only] = tests;
  return ok(tests.length === 1 && only !== undefined ? only : (labels) => tests.every((test) => test(labels)));
}

/** The text form of a `LabelSelector` object, as the scale subresource shows it. */
export function formatLabelSelector(selector: LabelSelector): string {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const sets = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
  });
  return [...equal, ...sets].sort().join(',');
}
