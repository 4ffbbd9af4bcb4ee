// Kubernetes quantities ("250m", "1Gi", "2e3"): parsed exactly, written in the canonical form of Go's resource.Quantity.

/** Which family of suffixes the text was written in; the canonical form keeps it. */
type Family = 'decimal' | 'binary' | 'exponent';

export type Quantity = {
  /** Exact value in billionths; finer parts are rounded away from zero, as Go does. */
  readonly nanos: bigint;
  readonly family: Family;
};

const NANO = 1_000_000_000n;

const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

const FORM = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i|[eE][+-]?\d+|[numkMGTPE]?)$/;

// An exponent beyond this is no amount of anything, and would only cost memory.
const LARGEST_EXPONENT = 40;

/** Undefined when the text is not a quantity. */
export function parseQuantity(input: string | number): Quantity | undefined {
  const match = FORM.exec(String(input).trim());
  if (match === null) return undefined;
  const [, sign = '', mantissa = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(`${whole}${fraction}` === '' ? '0' : `${whole}${fraction}`);
  const family: Family = suffix.endsWith('i') ? 'binary' : /^[eE]./.test(suffix) ? 'exponent' : 'decimal';
  const power = family === 'exponent' ? Number(suffix.slice(1)) : family === 'binary' ? 0 : (DECIMAL_EXPONENTS[suffix] ?? 0);
  if (Math.abs(power) > LARGEST_EXPONENT) return undefined;
  const factor = family === 'binary' ? 1024n ** BigInt(BINARY_SUFFIXES.findIndex((name) => name === suffix)) : 1n;
  const exponent = 9 + power - fraction.length;
  const scaled = digits * factor;
  const nanos = exponent >= 0 ? scaled * 10n ** BigInt(exponent) : divideUp(scaled, 10n ** BigInt(-exponent));
  return { nanos: sign === '-' ? -nanos : nanos, family };
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** The canonical text: no fraction, the largest suffix that keeps the number whole. */
export function formatQuantity(quantity: Quantity): string {
  const { nanos } = quantity;
  if (nanos === 0n) return '0';
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  if (quantity.family === 'binary' && size >= 1024n * NANO) return `${sign}${formatBinary(size)}`;
  return `${sign}${formatDecimal(size, quantity.family === 'exponent')}`;
}

function formatBinary(size: bigint): string {
  let amount = divideUp(size, NANO);
  let index = 0;
  while (amount % 1024n === 0n && index < BINARY_SUFFIXES.length - 1) {
    amount /= 1024n;
    index += 1;
  }
  return `${amount}${BINARY_SUFFIXES[index] ?? ''}`;
}

function formatDecimal(size: bigint, withExponent: boolean): string {
  let amount = size;
  let exponent = -9;
  while (amount % 1000n === 0n && exponent < 18) {
    amount /= 1000n;
    exponent += 3;
  }
  if (withExponent) return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
  const suffix = Object.entries(DECIMAL_EXPONENTS).find(([, value]) => value === exponent)?.[0] ?? '';
  return `${amount}${suffix}`;
}

/** The canonical text of a quantity's text; text that is not a quantity comes back as it is. */
export function canonicalQuantity(input: string | number): string {
  const quantity = parseQuantity(input);
  return quantity === undefined ? String(input) : formatQuantity(quantity);
}

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** The value as an ordinary number ("250m" is 0.25); undefined when the text is not a quantity. */
export function quantityValue(input: string | number): number | undefined {
  const quantity = parseQuantity(input);
  return quantity === undefined ? undefined : Number(quantity.nanos) / 1e9;
}
