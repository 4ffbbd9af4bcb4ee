// Go's fmt.Sprintf. Numbers of objects are what Kubernetes makes of them, so a verb for whole numbers takes a whole float and one for
// floats an int, where Go would print a complaint in the message.

import { decode, encode } from '../decide/expression/bytes.js';
import { formatValue } from '../decide/expression/go-text.js';
import { asInteger, dereference, type GoValue, isObject, typeName } from '../decide/expression/go-value.js';
import { allowBytes } from './budget.js';

const VERB = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([^])/gu;

type Verb = { readonly flags: string; readonly width: number; readonly precision: number | undefined; readonly letter: string };

/** All in bytes. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  let used = 0;
  const take = (): GoValue | undefined => args[used++];
  const sizeOf = (text: string | undefined): number => {
    const size = text === '*' ? Number(asInteger(take() ?? null) ?? 0n) : Number(text ?? 0);
    allowBytes(Math.abs(size));
    return size;
  };
  const made = decode(format).replaceAll(VERB, (whole: string, flags: string, width: string | undefined, precision: string | undefined, letter: string) => {
    if (letter === '%') return '%';
    const sized = sizeOf(width);
    const left = sized < 0 ? `${flags}-` : flags;
    const exact = precision === undefined ? (/\.[^\d*]/.test(whole) ? 0 : undefined) : sizeOf(precision);
    const value = take();
    if (value === undefined) return `%!${letter}(MISSING)`;
    return padded(formatVerb({ flags: left, width: Math.abs(sized), precision: exact, letter }, dereference(value)), left, Math.abs(sized), letter);
  });
  const extra = args.slice(used).map((value) => `${typeName(value)}=${decode(formatValue(value))}`);
  const text = encode(extra.length === 0 ? made : `${made}%!(EXTRA ${extra.join(', ')})`);
  allowBytes(text.length);
  return text;
}

function padded(text: string, flags: string, width: number, letter: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || letter === 'v') return ' '.repeat(missing) + text;
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

const quote = (text: string): string => JSON.stringify(text);

function formatVerb(verb: Verb, value: GoValue): string {
  const { letter, precision } = verb;
  const text = decode(formatValue(value));
  const cut = precision === undefined ? text : [...text].slice(0, precision).join('');
  switch (letter) {
    case 'v':
      if (typeof value === 'number' && precision !== undefined) return floatText(value, { ...verb, letter: 'g' });
      return verb.flags.includes('#') && typeof value === 'string' ? quote(text) : signed(text, verb, value);
    case 's':
      return isObject(value) || typeof value === 'string' ? cut : `%!s(${typeName(value)}=${text})`;
    case 'q':
      return typeof value === 'bigint'
        ? `'${String.fromCodePoint(Number(value))}'`
        : typeof value === 'string'
          ? quote(cut)
          : `%!q(${typeName(value)}=${text})`;
    case 't':
      return typeof value === 'boolean' ? text : `%!t(${typeName(value)}=${text})`;
    case 'T':
      return value === null ? '<nil>' : typeName(value);
    case 'x':
    case 'X':
      if (typeof value === 'string') {
        const hex = Buffer.from(value, 'latin1').toString('hex');
        return letter === 'X' ? hex.toUpperCase() : hex;
      }
      return wholeText(verb, value, text);
    case 'd':
    case 'b':
    case 'o':
    case 'c':
    case 'U':
      return wholeText(verb, value, text);
    case 'e':
    case 'f':
    case 'F':
    case 'g': {
      const number = typeof value === 'number' ? value : Number(asInteger(value) ?? Number.NaN);
      return typeof value === 'number' || asInteger(value) !== undefined ? floatText(number, verb) : `%!${letter}(${typeName(value)}=${text})`;
    }
    default:
      return `%!${letter}(${typeName(value)}=${text})`;
  }
}

const signed = (text: string, { flags }: Verb, value: GoValue): string =>
  flags.includes('+') && (typeof value === 'number' || asInteger(value) !== undefined) && !/^[+-]/.test(text) ? `+${text}` : text;

const BASES: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, x: 16, X: 16 };

function wholeText(verb: Verb, value: GoValue, text: string): string {
  const { letter } = verb;
  const number = asInteger(value) ?? (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined);
  if (number === undefined) return `%!${letter}(${value === null ? '<nil>' : `${typeName(value)}=${text}`})`;
  const inRange = number >= 0n && number <= 0x10ffffn;
  if (letter === 'c') return inRange ? String.fromCodePoint(Number(number)) : '\ufffd';
  if (letter === 'U') return `U+${number.toString(16).toUpperCase().padStart(4, '0')}`;
  const digits = number.toString(BASES[letter] ?? 10);
  const prefix = verb.flags.includes('#') && (letter === 'x' || letter === 'X') ? `0${letter}` : '';
  return signed(`${digits.startsWith('-') ? '-' : ''}${prefix}${(letter === 'X' ? digits.toUpperCase() : digits).replace('-', '')}`, verb, value);
}

/** JavaScript gives at most so many digits after the point. */
const MOST_DIGITS = 100;
const DEFAULT_DIGITS = 6;

function floatText(value: number, verb: Verb): string {
  const { letter } = verb;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const digits = Math.min(MOST_DIGITS, verb.precision ?? DEFAULT_DIGITS);
  const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
  if (letter === 'e') return signed(exponent(value.toExponential(digits)), verb, value);
  if (letter !== 'g') return signed(value.toFixed(digits), verb, value);
  const exact = verb.precision === undefined ? value : Number(value.toPrecision(Math.max(1, digits)));
  return signed(decode(formatValue(exact)), verb, value);
}
