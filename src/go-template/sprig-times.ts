// Sprig: dates, by Go's layouts. Where Go would take the zone of the machine, times are in UTC.

import { decode, encode } from '../decide/expression/bytes.js';
import { findZone, unixSeconds } from '../decide/expression/calendar.js';
import { formatDurationNs, parseDurationNs, roundTo } from '../decide/expression/duration.js';
import { type GoTime, type GoValue, isObject, UTC } from '../decide/expression/go-value.js';
import { formatTime, parseByLayout } from '../decide/expression/time-layout.js';
import { type Call, fn, type Functions } from './budget.js';
import { textOf, wholeOf } from './values.js';

const NS_PER_SECOND = 1_000_000_000n;
const HTML_DATE = '2006-01-02';

/** A time, or seconds since the epoch. What is neither is now, as with sprig. */
function timeOf(value: GoValue | undefined, { now }: Call): GoTime {
  if (value !== undefined && isObject(value) && value.kind === 'time') return value;
  return typeof value === 'bigint' || (value !== undefined && isObject(value) && value.kind === 'integer')
    ? { kind: 'time', unixNs: wholeOf(value) * NS_PER_SECOND, zone: UTC }
    : now;
}

function inZone(time: GoTime, name: string): GoTime {
  return { ...time, zone: findZone(name) ?? UTC };
}

function spanOf(value: GoValue | undefined, call: Call): bigint {
  if (value !== undefined && isObject(value) && value.kind === 'time') return call.now.unixNs - value.unixNs;
  if (typeof value === 'string') return parseDurationNs(decode(value));
  return wholeOf(value ?? null);
}

const UNITS: readonly (readonly [string, bigint])[] = [
  ['y', 31_536_000n],
  ['mo', 2_592_000n],
  ['d', 86_400n],
  ['h', 3600n],
  ['m', 60n],
  ['s', 1n],
];

/** In its largest unit only: 2h10m is "2h". */
function rounded(ns: bigint): string {
  const seconds = (ns < 0n ? -ns : ns) / NS_PER_SECOND;
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? ['s', 1n];
  return `${seconds / size}${unit}`;
}

function modified(change: string, time: GoTime): GoTime {
  return { ...time, unixNs: time.unixNs + parseDurationNs(change) };
}

export const TIMES: Functions = [
  ['now', fn(0, 0, (_, call) => call.now)],
  ['date', fn(2, 2, ([layout = null, time], call) => encode(formatTime(timeOf(time, call), decode(textOf(layout)))))],
  [
    'dateInZone',
    fn(3, 3, ([layout = null, time, zone = null], call) => encode(formatTime(inZone(timeOf(time, call), decode(textOf(zone))), decode(textOf(layout))))),
  ],
  ['htmlDate', fn(1, 1, ([time], call) => formatTime(timeOf(time, call), HTML_DATE))],
  ['dateModify', fn(2, 2, ([change = null, time], call) => modified(decode(textOf(change)), timeOf(time, call)))],
  ['toDate', fn(2, 2, ([layout = null, text = null]) => parseByLayout(decode(textOf(layout)), decode(textOf(text)), UTC))],
  ['unixEpoch', fn(1, 1, ([time], call) => String(unixSeconds(timeOf(time, call).unixNs)))],
  ['ago', fn(1, 1, ([time], call) => encode(formatDurationNs(roundTo(call.now.unixNs - timeOf(time, call).unixNs, NS_PER_SECOND))))],
  ['duration', fn(1, 1, ([seconds = null]) => encode(formatDurationNs(wholeOf(seconds) * NS_PER_SECOND)))],
  ['durationRound', fn(1, 1, ([span], call) => rounded(spanOf(span, call)))],
];
