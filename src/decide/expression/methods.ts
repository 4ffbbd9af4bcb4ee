// The methods that conditions may call on times, durations, months and weekdays.

import { decode, encode } from './bytes.js';
import { civil, fromCivil, unixSeconds, weekday } from './calendar.js';
import { formatDurationNs, inUnits, roundTo, truncateTo } from './duration.js';
import { formatValue } from './go-text.js';

import { BOOL, DURATION, FLOAT, funcOf, type GoType, INT, INT64, MONTH, STRING, TIME, WEEKDAY } from './go-type.js';
import { asInteger, type GoTime, type GoValue, integer, isObject, UTC } from './go-value.js';
import { formatTime, STRING_LAYOUT, yearDay } from './time-layout.js';

/** `type` leaves the receiver out. */
export type Method = { readonly type: GoType; readonly call: (receiver: GoValue, args: readonly GoValue[]) => GoValue };

type TimeCall = (time: GoTime, args: readonly GoValue[]) => GoValue;

const DAY_NS = 86_400_000_000_000n;
// Go rounds times to multiples since year 1, not since 1970.
const YEAR_ONE_NS = 62_135_596_800_000_000_000n;

const other = (args: readonly GoValue[]): GoTime => {
  const value = args[0] ?? null;
  return isObject(value) && value.kind === 'time' ? value : { kind: 'time', unixNs: 0n, zone: UTC };
};
const span = (args: readonly GoValue[], index = 0): bigint => asInteger(args[index] ?? null) ?? 0n;
const at = (time: GoTime, unixNs: bigint): GoTime => ({ ...time, unixNs });

function timeMethod(params: readonly GoType[], result: GoType | readonly GoType[], call: TimeCall): Method {
  return {
    type: funcOf(params, Array.isArray(result) ? (result as readonly GoType[]) : [result as GoType]),
    call: (receiver, args) => (isObject(receiver) && receiver.kind === 'time' ? call(receiver, args) : null),
  };
}

const part = (read: (parts: ReturnType<typeof civil>) => number): Method => timeMethod([], INT, (time) => BigInt(read(civil(time))));

function isoWeekYear(time: GoTime): bigint {
  const parts = civil(time);
  const toThursday = BigInt(4 - (weekday(parts) === 0 ? 7 : weekday(parts)));
  return BigInt(civil(at(time, time.unixNs + toThursday * DAY_NS)).year);
}

const TIME_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['Year', part((parts) => parts.year)],
  ['Month', timeMethod([], MONTH, (time) => integer(MONTH, BigInt(civil(time).month)))],
  ['Day', part((parts) => parts.day)],
  ['Hour', part((parts) => parts.hour)],
  ['Minute', part((parts) => parts.minute)],
  ['Second', part((parts) => parts.second)],
  ['Nanosecond', part((parts) => parts.ns)],
  ['YearDay', part(yearDay)],
  ['Weekday', timeMethod([], WEEKDAY, (time) => integer(WEEKDAY, BigInt(weekday(civil(time)))))],
  ['ISOWeek', timeMethod([], [INT, INT], isoWeekYear)],
  ['Date', timeMethod([], [INT, MONTH, INT], () => null)],
  ['Clock', timeMethod([], [INT, INT, INT], () => null)],
  ['Unix', timeMethod([], INT64, (time) => integer(INT64, BigInt(unixSeconds(time.unixNs))))],
  ['UnixMilli', timeMethod([], INT64, (time) => integer(INT64, floorBy(time.unixNs, 1_000_000n)))],
  ['UnixMicro', timeMethod([], INT64, (time) => integer(INT64, floorBy(time.unixNs, 1000n)))],
  ['UnixNano', timeMethod([], INT64, (time) => integer(INT64, time.unixNs))],
  ['Format', timeMethod([STRING], STRING, (time, args) => encode(formatTime(time, decode(typeof args[0] === 'string' ? args[0] : ''))))],
  ['String', timeMethod([], STRING, (time) => encode(formatTime(time, STRING_LAYOUT)))],
  ['GoString', timeMethod([], STRING, (time) => encode(formatTime(time, STRING_LAYOUT)))],
  ['Before', timeMethod([TIME], BOOL, (time, args) => time.unixNs < other(args).unixNs)],
  ['After', timeMethod([TIME], BOOL, (time, args) => time.unixNs > other(args).unixNs)],
  ['Equal', timeMethod([TIME], BOOL, (time, args) => time.unixNs === other(args).unixNs)],
  ['Compare', timeMethod([TIME], INT, (time, args) => (time.unixNs < other(args).unixNs ? -1n : time.unixNs > other(args).unixNs ? 1n : 0n))],
  ['IsZero', timeMethod([], BOOL, (time) => time.unixNs === -YEAR_ONE_NS)],
  ['IsDST', timeMethod([], BOOL, () => false)],
  ['Add', timeMethod([DURATION], TIME, (time, args) => at(time, time.unixNs + span(args)))],
  ['Sub', timeMethod([TIME], DURATION, (time, args) => integer(DURATION, time.unixNs - other(args).unixNs))],
  [
    'AddDate',
    timeMethod([INT, INT, INT], TIME, (time, args) => {
      const parts = civil(time);
      return fromCivil(
        { ...parts, year: parts.year + Number(span(args)), month: parts.month + Number(span(args, 1)), day: parts.day + Number(span(args, 2)) },
        time.zone,
      );
    }),
  ],
  ['UTC', timeMethod([], TIME, (time) => ({ ...time, zone: UTC }))],
  ['Local', timeMethod([], TIME, (time) => ({ ...time, zone: UTC }))],
  ['Truncate', timeMethod([DURATION], TIME, (time, args) => at(time, truncateTo(time.unixNs + YEAR_ONE_NS, span(args)) - YEAR_ONE_NS))],
  ['Round', timeMethod([DURATION], TIME, (time, args) => at(time, roundTo(time.unixNs + YEAR_ONE_NS, span(args)) - YEAR_ONE_NS))],
]);

const floorBy = (value: bigint, unit: bigint): bigint => value / unit - (value % unit < 0n ? 1n : 0n);

function durationMethod(params: readonly GoType[], result: GoType, call: (ns: bigint, args: readonly GoValue[]) => GoValue): Method {
  return { type: funcOf(params, [result]), call: (receiver, args) => call(asInteger(receiver) ?? 0n, args) };
}

const DURATION_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['Hours', durationMethod([], FLOAT, (ns) => inUnits(ns, 3_600_000_000_000n))],
  ['Minutes', durationMethod([], FLOAT, (ns) => inUnits(ns, 60_000_000_000n))],
  ['Seconds', durationMethod([], FLOAT, (ns) => inUnits(ns, 1_000_000_000n))],
  ['Milliseconds', durationMethod([], INT64, (ns) => integer(INT64, ns / 1_000_000n))],
  ['Microseconds', durationMethod([], INT64, (ns) => integer(INT64, ns / 1000n))],
  ['Nanoseconds', durationMethod([], INT64, (ns) => integer(INT64, ns))],
  ['String', durationMethod([], STRING, (ns) => encode(formatDurationNs(ns)))],
  ['Abs', durationMethod([], DURATION, (ns) => integer(DURATION, ns < 0n ? -ns : ns))],
  ['Truncate', durationMethod([DURATION], DURATION, (ns, args) => integer(DURATION, truncateTo(ns, span(args))))],
  ['Round', durationMethod([DURATION], DURATION, (ns, args) => integer(DURATION, roundTo(ns, span(args))))],
]);

const NAMED: ReadonlyMap<string, Method> = new Map([['String', { type: funcOf([], [STRING]), call: (receiver: GoValue) => formatValue(receiver) }]]);

export function methodOf(type: GoType, name: string): Method | undefined {
  if (type.name === TIME.name) return TIME_METHODS.get(name);
  if (type.name === DURATION.name) return DURATION_METHODS.get(name);
  return type.name === MONTH.name || type.name === WEEKDAY.name ? NAMED.get(name) : undefined;
}
