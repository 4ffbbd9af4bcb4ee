// math.Pow as Go computes it: by squaring mantissas, with exp and log for the fraction only. JavaScript's ** rounds
// differently in the last digit, and disagrees about powers of one.

/** Go's math.Pow. */
export function power(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  if (exponent === 1) return base;
  if (base === -1 && Math.abs(exponent) === Infinity) return 1;
  const plain = Number.isFinite(base) && Number.isFinite(exponent) && base !== 0;
  if (!plain) return base ** exponent;
  if (exponent === 0.5) return Math.sqrt(base);
  if (exponent === -0.5) return 1 / Math.sqrt(base);
  return finitePower(base, exponent);
}

const TWO_63 = 2 ** 63;
// Beyond this exponent the answer is infinite or zero, whatever the mantissa.
const HOPELESS = 2 ** 12;

function finitePower(base: number, exponent: number): number {
  let whole = Math.trunc(Math.abs(exponent));
  let fraction = Math.abs(exponent) - whole;
  if (fraction !== 0 && base < 0) return Number.NaN;
  if (whole >= TWO_63) return base === -1 ? 1 : Math.abs(base) < 1 === exponent > 0 ? 0 : Infinity;
  let mantissa = 1;
  let scale = 0;
  if (fraction !== 0) {
    if (fraction > 0.5) {
      fraction -= 1;
      whole += 1;
    }
    mantissa = Math.exp(fraction * Math.log(base));
  }
  let [square, squareScale] = splitFloat(base);
  for (let left = BigInt(whole); left !== 0n; left >>= 1n) {
    if (Math.abs(squareScale) > HOPELESS) {
      scale += squareScale;
      break;
    }
    if ((left & 1n) === 1n) {
      mantissa *= square;
      scale += squareScale;
    }
    square *= square;
    squareScale *= 2;
    if (square < 0.5) {
      square += square;
      squareScale -= 1;
    }
  }
  return exponent < 0 ? scaled(1 / mantissa, -scale) : scaled(mantissa, scale);
}

/** math.Frexp: a mantissa of at least a half and below one, and its power of two. */
function splitFloat(value: number): [mantissa: number, exponent: number] {
  let exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(value))) + 1);
  let mantissa = value / 2 ** exponent;
  while (Math.abs(mantissa) >= 1) {
    mantissa /= 2;
    exponent += 1;
  }
  while (Math.abs(mantissa) < 0.5) {
    mantissa *= 2;
    exponent -= 1;
  }
  return [mantissa, exponent];
}

/** math.Ldexp. Two steps, so that neither power of two overflows before the product does. */
function scaled(mantissa: number, exponent: number): number {
  const bounded = Math.max(-2200, Math.min(2200, exponent));
  const half = Math.trunc(bounded / 2);
  return mantissa * 2 ** half * 2 ** (bounded - half);
}
