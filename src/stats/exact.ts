/**
 * Error-free arithmetic: the rounding error of a sum or product of two doubles, itself a double (Dekker 1971, Knuth).
 * Valid while no operand of a product exceeds 2^995 and nothing underflows.
 */

/** Rounding error of `sum = a + b` for any order of magnitudes: a + b = sum + sumError exactly. */
export function sumError(a: number, b: number, sum: number): number {
  const bRounded = sum - a;
  return a - (sum - bRounded) + (b - bRounded);
}

const SPLITTER = 134217729; // 2^27 + 1 cuts 53 bits into two halves of 26

/** Rounding error of `product = a * b`: a * b = product + productError exactly. */
export function productError(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** a*b - c*d with one rounding of the result, however much the products cancel. */
export function productDifference(a: number, b: number, c: number, d: number): number {
  const first = a * b;
  const second = c * d;
  return first - second + (productError(a, b, first) - productError(c, d, second));
}
