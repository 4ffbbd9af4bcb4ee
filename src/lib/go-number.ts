// Go's number texts: strconv and the %v of fmt. JavaScript's own differ in exponents, signs, hex floats and limits.

/** Go's `'e'` digits: shortest mantissa and exponent of a finite number. */
function scientific(value: number): { sign: string; digits: string; exponent: number } {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { sign: value < 0 || Object.is(value, -0) ? '-' : '', digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : undefined;
}

/** `%v` of a float64: "1e+06", "0.1", "+Inf". */
export function formatFloat(value: number): string {
  const text = special(value);
  if (text !== undefined) return text;
  const { sign, digits, exponent } = scientific(value);
  return sign + (exponent < -4 || exponent >= PLAIN_DIGITS ? exponentForm(digits, exponent) : plainForm(digits, exponent));
}

// strconv's 'g' with the shortest precision decides as if six digits had been asked for.
const PLAIN_DIGITS = 6;

function exponentForm(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function plainForm(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** strconv.FormatFloat(value, 'f', -1, 64): never an exponent. */
export function formatPlain(value: number): string {
  const text = special(value);
  if (text !== undefined) return text;
  const { sign, digits, exponent } = scientific(value);
  return sign + plainForm(digits, exponent);
}

export type Parsed<T> = { readonly value: T } | { readonly problem: 'invalid syntax' | 'value out of range' };

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** strconv.ParseInt(text, 10, 64). */
export function parseInt64(text: string): Parsed<bigint> {
  if (!/^[+-]?[0-9]+$/.test(text)) return { problem: 'invalid syntax' };
  const value = BigInt(text.replace(/^\+/, ''));
  return value > MAX_INT64 || value < MIN_INT64 ? { problem: 'value out of range' } : { value };
}

const DECIMAL = /^[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?$/;
const HEX = /^([+-]?)0[xX](_?[\da-fA-F][\da-fA-F_]*)?(?:\.([\da-fA-F_]*))?[pP]([+-]?\d[\d_]*)$/;

/** strconv.ParseFloat(text, 64). */
export function parseFloat64(text: string): Parsed<number> {
  const named = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (named !== null)
    return named[2]?.toLowerCase() === 'nan'
      ? named[1] === ''
        ? { value: NaN }
        : { problem: 'invalid syntax' }
      : { value: named[1] === '-' ? -Infinity : Infinity };
  const hex = HEX.exec(text);
  const misplaced = /__|_[^\da-fA-F]|_$|[^\da-fA-FxX]_|^_/.test(text);
  if (misplaced || (hex === null && !DECIMAL.test(text))) return { problem: 'invalid syntax' };
  const value = hex === null ? Number(text.replaceAll('_', '')) : hexFloat(hex);
  if (value === undefined) return { problem: 'invalid syntax' };
  return Number.isFinite(value) ? { value } : { problem: 'value out of range' };
}

function hexFloat(parts: RegExpExecArray): number | undefined {
  const whole = (parts[2] ?? '').replaceAll('_', '');
  const fraction = (parts[3] ?? '').replaceAll('_', '');
  if (whole + fraction === '') return undefined;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`));
  const exponent = Number((parts[4] ?? '0').replaceAll('_', '')) - 4 * fraction.length;
  return (parts[1] === '-' ? -1 : 1) * mantissa * 2 ** exponent;
}

const TWO_63 = 2 ** 63;

/** Go's conversion of a float64 to int: cut; out of range gives the smallest int64, as on amd64. */
export function truncate(value: number): bigint {
  return Number.isNaN(value) || value >= TWO_63 || value < -TWO_63 ? MIN_INT64 : BigInt(Math.trunc(value));
}

export const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
