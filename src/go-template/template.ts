// The door of Go's template language: text/template with the functions of sprig that need neither the machine nor chance. What a template
// may use is limited (budget.ts), and whatever it is, the answer is a text or what is wrong on which line, never an exception.

import { decode } from '../decide/expression/bytes.js';
import { stageOf } from '../decide/expression/failure.js';
import { type GoValue, UTC } from '../decide/expression/go-value.js';
import type { Instant } from '../lib/instant.js';
import { err, ok, type Result } from '../lib/result.js';
import { freshBudget } from './budget.js';
import { render } from './evaluate.js';
import { FUNCTIONS } from './functions.js';
import { parse } from './parser.js';

const LONGEST_SOURCE = 64 * 1024;
const NS_PER_MS = 1_000_000n;

export interface TextTemplate {
  /** `now` is what the functions of time go by. */
  render(data: GoValue, now: Instant): Result<string, string>;
}

export function compileTemplate(source: string): Result<TextTemplate, string> {
  if (source.length > LONGEST_SOURCE) return err(`the template is longer than ${LONGEST_SOURCE} characters`);
  return guarded(() => {
    const template = parse(source, (name) => name === 'and' || name === 'or' || FUNCTIONS.has(name));
    return {
      render: (data, now) =>
        guarded(() => {
          const time = { kind: 'time', unixNs: BigInt(Math.round(now)) * NS_PER_MS, zone: UTC } as const;
          return decode(render({ template, functions: FUNCTIONS, now: time, budget: freshBudget() }, data));
        }),
    };
  });
}

function guarded<T>(work: () => T): Result<T, string> {
  try {
    return ok(work());
  } catch (fault) {
    if (fault instanceof RangeError) return err('it is nested too deeply, or asks for more than there is room for');
    if (stageOf(fault) === undefined || !(fault instanceof Error)) throw fault;
    return err(fault.message);
  }
}
