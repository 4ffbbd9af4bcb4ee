// Builtins that make times and durations. now() is the instant that the caller gave.

import type { Builtin } from './budget.js';
import { decode } from './bytes.js';
import { findZone } from './calendar.js';
import { parseDurationNs } from './duration.js';
import { conversion } from './environment.js';
import { runtimeError, stageOf } from './failure.js';
import { DURATION } from './go-type.js';
import { type GoValue, integer, UTC } from './go-value.js';
import { DATE_LAYOUTS, parseByLayout } from './time-layout.js';

function text(args: readonly GoValue[], index: number): string {
  const value = args[index] ?? null;
  if (typeof value === 'string') return decode(value);
  throw conversion(value, 'string');
}

function date(args: readonly GoValue[]): GoValue {
  const source = text(args, 0);
  if (args.length === 2) return parseByLayout(text(args, 1), source, UTC);
  if (args.length === 3) {
    const zone = findZone(text(args, 2));
    if (zone === undefined) throw runtimeError(`unknown time zone ${text(args, 2)}`);
    return parseByLayout(text(args, 1), source, zone);
  }
  for (const layout of DATE_LAYOUTS) {
    try {
      return parseByLayout(layout, source, UTC);
    } catch (error) {
      if (stageOf(error) === undefined) throw error;
    }
  }
  throw runtimeError(`invalid date ${source}`);
}

export const TIME_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['now', (_, call) => call.now],
  ['duration', (args) => integer(DURATION, parseDurationNs(text(args, 0)))],
  ['date', date],
];
