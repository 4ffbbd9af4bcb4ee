// Regular expressions of Go (RE2), by re2js: linear time, no look-around, no back references.

import { RE2JS } from 're2js';

import { decode } from './bytes.js';
import { compileError, runtimeError, type Stage } from './failure.js';

export type Pattern = { matches(bytes: string): boolean };

/** Throws Go's complaint when the pattern is not one. Both sides are byte forms. */
export function compilePattern(bytes: string, stage: Stage): Pattern {
  try {
    const compiled = RE2JS.compile(decode(bytes));
    return { matches: (text) => compiled.matcher(decode(text)).find() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw stage === 'compile' ? compileError(message) : runtimeError(message);
  }
}
