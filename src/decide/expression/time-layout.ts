// Go's time layouts ("2006-01-02 15:04:05 MST"): printing a time by one and reading a text by one.

import { type Civil, civil, daysInMonth, fromCivil, offsetOf, unixSeconds, weekday, zoneName } from './calendar.js';
import { runtimeError } from './failure.js';
import { type GoTime, UTC, type Zone } from './go-value.js';

export const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00';
export const STRING_LAYOUT = '2006-01-02 15:04:05.999999999 -0700 MST';
export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** The layouts that `date(text)` tries, in order. */
export const DATE_LAYOUTS = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
] as const;

const CHUNK = new RegExp(
  [
    'January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2|002|01|02|03|04|05|06|15|PM|pm',
    'Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|[.,]0+(?![0-9])|[.,]9+(?![0-9])|[12345]',
  ].join('|'),
  'g',
);

type Piece = { readonly literal: string; readonly chunk: string };

function pieces(layout: string): readonly Piece[] {
  const list: Piece[] = [];
  let end = 0;
  for (const match of layout.matchAll(CHUNK)) {
    list.push({ literal: layout.slice(end, match.index), chunk: match[0] });
    end = match.index + match[0].length;
  }
  list.push({ literal: layout.slice(end), chunk: '' });
  return list;
}

const two = (value: number): string => String(value).padStart(2, '0');

export function formatTime(time: GoTime, layout: string): string {
  const parts = civil(time);
  return pieces(layout)
    .map((piece) => piece.literal + formatChunk(time, parts, piece.chunk))
    .join('');
}

function formatChunk(time: GoTime, parts: Civil, chunk: string): string {
  const hour12 = parts.hour % 12 === 0 ? 12 : parts.hour % 12;
  switch (chunk) {
    case '':
      return '';
    case 'January':
      return MONTHS[parts.month - 1] ?? '';
    case 'Jan':
      return (MONTHS[parts.month - 1] ?? '').slice(0, 3);
    case 'Monday':
      return WEEKDAYS[weekday(parts)] ?? '';
    case 'Mon':
      return (WEEKDAYS[weekday(parts)] ?? '').slice(0, 3);
    case '2006':
      return parts.year < 0 ? `-${String(-parts.year).padStart(4, '0')}` : String(parts.year).padStart(4, '0');
    case '06':
      return two(((parts.year % 100) + 100) % 100);
    case '01':
      return two(parts.month);
    case '1':
      return String(parts.month);
    case '02':
      return two(parts.day);
    case '2':
      return String(parts.day);
    case '_2':
      return String(parts.day).padStart(2, ' ');
    case '002':
      return String(yearDay(parts)).padStart(3, '0');
    case '__2':
      return String(yearDay(parts)).padStart(3, ' ');
    case '15':
      return two(parts.hour);
    case '03':
      return two(hour12);
    case '3':
      return String(hour12);
    case '04':
      return two(parts.minute);
    case '4':
      return String(parts.minute);
    case '05':
      return two(parts.second);
    case '5':
      return String(parts.second);
    case 'PM':
      return parts.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return parts.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return zoneName(time) || formatOffset(offset(time), '-0700');
    default:
      return /^[.,]/.test(chunk)
        ? formatFraction(parts.ns, chunk)
        : chunk.startsWith('Z') && offset(time) === 0
          ? 'Z'
          : formatOffset(offset(time), chunk.replace('Z', '-'));
  }
}

const offset = (time: GoTime): number => offsetOf(time.zone, unixSeconds(time.unixNs));

export function yearDay(parts: Civil): number {
  let days = parts.day;
  for (let month = 1; month < parts.month; month += 1) days += daysInMonth(parts.year, month);
  return days;
}

function formatFraction(ns: number, chunk: string): string {
  const digits = String(ns)
    .padStart(9, '0')
    .slice(0, chunk.length - 1);
  if (chunk.charAt(1) === '0') return chunk.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : chunk.charAt(0) + trimmed;
}

function formatOffset(seconds: number, form: string): string {
  const size = Math.abs(seconds);
  const separator = form.includes(':') ? ':' : '';
  const minutes = form.length > 3 ? separator + two(Math.floor((size % 3600) / 60)) : '';
  const rest = form.length > 6 ? separator + two(size % 60) : '';
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${minutes}${rest}`;
}

type Fields = {
  year: number;
  month: number;
  day: number;
  yday: number;
  hour: number;
  minute: number;
  second: number;
  ns: number;
  afternoon: boolean | undefined;
  offset: number | undefined;
  zone: string;
};

/** time.ParseInLocation; throws Go's own text. */
export function parseByLayout(layout: string, text: string, location: Zone): GoTime {
  const fields: Fields = { year: 0, month: -1, day: -1, yday: -1, hour: 0, minute: 0, second: 0, ns: 0, afternoon: undefined, offset: undefined, zone: '' };
  const failed = (detail: string): Error => runtimeError(`parsing time ${JSON.stringify(text)}${detail}`);
  let rest = text;
  for (const { literal, chunk } of pieces(layout)) {
    const after = skipLiteral(rest, literal);
    if (after === undefined) throw failed(` as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(literal)}`);
    rest = after;
    if (chunk === '') continue;
    const taken = parseChunk(rest, chunk, fields);
    if (taken === 'range') throw failed(`: ${rangeName(chunk)} out of range`);
    if (taken === undefined) throw failed(` as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(chunk)}`);
    rest = rest.slice(taken);
  }
  if (rest !== '') throw failed(`: extra text: ${JSON.stringify(rest)}`);
  const time = assemble(fields, location);
  if (time === undefined) throw failed(': day out of range');
  return time;
}

function skipLiteral(text: string, literal: string): string | undefined {
  let rest = text;
  for (const char of literal) {
    if (char === ' ') {
      if (rest !== '' && !rest.startsWith(' ')) return undefined;
      rest = rest.replace(/^ +/, '');
    } else if (rest.startsWith(char)) {
      rest = rest.slice(char.length);
    } else {
      return undefined;
    }
  }
  return rest;
}

const RANGE_NAMES: Readonly<Record<string, string>> = {
  15: 'hour',
  '03': 'hour',
  3: 'hour',
  '04': 'minute',
  4: 'minute',
  '05': 'second',
  5: 'second',
  '01': 'month',
  1: 'month',
};
const rangeName = (chunk: string): string => RANGE_NAMES[chunk] ?? 'day';

type Digits = { readonly pattern: RegExp; readonly field: keyof Fields; readonly low: number; readonly high: number };
const ONE_OR_TWO = /^\d{1,2}/;
const EXACTLY_TWO = /^\d{2}/;
const DIGITS: Readonly<Record<string, Digits>> = {
  2006: { pattern: /^\d{4}/, field: 'year', low: 0, high: 9999 },
  '01': { pattern: EXACTLY_TWO, field: 'month', low: 1, high: 12 },
  1: { pattern: ONE_OR_TWO, field: 'month', low: 1, high: 12 },
  '02': { pattern: EXACTLY_TWO, field: 'day', low: 0, high: 99 },
  2: { pattern: ONE_OR_TWO, field: 'day', low: 0, high: 99 },
  _2: { pattern: /^ ?\d{1,2}/, field: 'day', low: 0, high: 99 },
  '002': { pattern: /^\d{3}/, field: 'yday', low: 1, high: 366 },
  __2: { pattern: /^ {0,2}\d{1,3}/, field: 'yday', low: 1, high: 366 },
  15: { pattern: ONE_OR_TWO, field: 'hour', low: 0, high: 23 },
  '03': { pattern: EXACTLY_TWO, field: 'hour', low: 0, high: 12 },
  3: { pattern: ONE_OR_TWO, field: 'hour', low: 0, high: 12 },
  '04': { pattern: EXACTLY_TWO, field: 'minute', low: 0, high: 59 },
  4: { pattern: ONE_OR_TWO, field: 'minute', low: 0, high: 59 },
  '05': { pattern: EXACTLY_TWO, field: 'second', low: 0, high: 59 },
  5: { pattern: ONE_OR_TWO, field: 'second', low: 0, high: 59 },
};

function parseChunk(text: string, chunk: string, fields: Fields): number | 'range' | undefined {
  const digits = DIGITS[chunk];
  if (digits !== undefined) return parseDigits(text, chunk, digits, fields);
  switch (chunk) {
    case 'January':
    case 'Jan':
      return parseName(text, MONTHS, chunk, (index) => {
        fields.month = index + 1;
      });
    case 'Monday':
    case 'Mon':
      return parseName(text, WEEKDAYS, chunk, () => undefined);
    case '06': {
      const match = EXACTLY_TWO.exec(text);
      if (match === null) return undefined;
      fields.year = Number(match[0]) + (Number(match[0]) >= 69 ? 1900 : 2000);
      return 2;
    }
    case 'PM':
    case 'pm': {
      const wanted = chunk === 'PM' ? ['AM', 'PM'] : ['am', 'pm'];
      const index = wanted.indexOf(text.slice(0, 2));
      if (index < 0) return undefined;
      fields.afternoon = index === 1;
      return 2;
    }
    case 'MST': {
      const match = /^(?:UTC|[A-Z]{3,5}(?:[+-]\d{1,2})?)/.exec(text);
      if (match === null) return undefined;
      fields.zone = match[0];
      const shift = /^GMT([+-]\d{1,2})$/.exec(match[0]);
      if (shift !== null) fields.offset = Number(shift[1]) * 3600;
      return match[0].length;
    }
    default:
      return /^[.,]/.test(chunk) ? parseFraction(text, chunk, fields) : parseOffset(text, chunk, fields);
  }
}

function parseDigits(text: string, chunk: string, digits: Digits, fields: Fields): number | 'range' | undefined {
  const match = digits.pattern.exec(text);
  if (match === null) return undefined;
  const value = Number(match[0].trim());
  if (value < digits.low || value > digits.high) return 'range';
  Object.assign(fields, { [digits.field]: value });
  if (!chunk.endsWith('5') || chunk === '15') return match[0].length;
  // A fraction may follow the seconds even when the layout has none.
  const fraction = /^[.,]\d+/.exec(text.slice(match[0].length));
  if (fraction === null) return match[0].length;
  fields.ns = Number(fraction[0].slice(1, 10).padEnd(9, '0'));
  return match[0].length + fraction[0].length;
}

function parseName(text: string, names: readonly string[], chunk: string, found: (index: number) => void): number | undefined {
  const short = chunk.length === 3;
  const index = names.findIndex((name) => text.toLowerCase().startsWith((short ? name.slice(0, 3) : name).toLowerCase()));
  if (index < 0) return undefined;
  found(index);
  return short ? 3 : names[index]?.length;
}

function parseFraction(text: string, chunk: string, fields: Fields): number | undefined {
  const match = /^[.,]\d+/.exec(text);
  if (chunk.charAt(1) === '9') {
    if (match === null) return 0;
  } else if (match === null || match[0].length !== chunk.length) {
    return undefined;
  }
  fields.ns = Number(match?.[0].slice(1, 10).padEnd(9, '0') ?? 0);
  return match?.[0].length ?? 0;
}

function parseOffset(text: string, chunk: string, fields: Fields): number | undefined {
  if (chunk.startsWith('Z') && text.startsWith('Z')) {
    fields.offset = 0;
    return 1;
  }
  const form = chunk.replace('Z', '-');
  const pattern = form.replace('-', '^([+-])').replace('07', '(\\d\\d)').replace(/00/g, '(\\d\\d)');
  const match = new RegExp(pattern).exec(text);
  if (match === null) return undefined;
  const size = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  fields.offset = match[1] === '-' ? -size : size;
  return match[0].length;
}

function assemble(fields: Fields, location: Zone): GoTime | undefined {
  const month = fields.month < 0 ? 1 : fields.month;
  const day = fields.day < 0 ? 1 : fields.day;
  const byYearDay = fields.yday > 0 && fields.month < 0;
  if (!byYearDay && (day < 1 || day > daysInMonth(fields.year, month))) return undefined;
  let hour = fields.hour;
  if (fields.afternoon === true && hour < 12) hour += 12;
  if (fields.afternoon === false && hour === 12) hour = 0;
  const parts = { year: fields.year, month, day: byYearDay ? fields.yday : day, hour, minute: fields.minute, second: fields.second, ns: fields.ns };
  return fromCivil(parts, zoneFor(fields, location));
}

function zoneFor(fields: Fields, location: Zone): Zone {
  if (fields.offset !== undefined) return fields.offset === 0 && fields.zone === '' ? UTC : { type: 'fixed', name: fields.zone, offsetSeconds: fields.offset };
  if (fields.zone === 'UTC') return UTC;
  return fields.zone === '' ? location : { type: 'fixed', name: fields.zone, offsetSeconds: 0 };
}
