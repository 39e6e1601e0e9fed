/**
 * exp, log and powers with the same bits in every JavaScript engine. Math.exp, Math.log, Math.pow and Math.sin differ
 * by an ulp between Node and Chromium, so nothing that decides (tables, counts, ranks, statuses) may use them. Here
 * only + - * /, Math.sqrt and exact changes of exponent bits are used: IEEE 754 fixes every one of those.
 *
 * Error against mpmath (tests/unit/stats/portable.test.ts): exp, log, log1p, expm1, log10, pow below 1 ulp.
 * Polynomial coefficients: Chebyshev fits by tests/golden/make_coefficients.py, bound in the comment beside each.
 */
import { productError, sumError } from './exact.ts';

export { atan, atan2, cos, hypot, sin, tan } from './trigonometry.ts';

const LN2_HIGH = 0.6931471805598903; // 42 bits: k * LN2_HIGH is exact for |k| < 2^11
const LN2_LOW = 5.497923018708371e-14;
const STEP_HIGH = 0.021660849392446835; // ln 2 / 32 in 36 bits: k * STEP_HIGH is exact for |k| < 2^17
const STEP_LOW = 5.145609244655338e-14;
const STEPS_PER_UNIT = 46.16624130844683; // 32 / ln 2
const ROUND_TO_INTEGER = 6755399441055744; // 1.5 * 2^52: adding and subtracting it rounds to the nearest integer

/** 2^k for k = -1074 .. 1023 at index k + 1074. */
const POWERS_OF_TWO = makePowersOfTwo();
/** 2^(j/32), j = 0 .. 31: a double and the remainder it leaves. */
const ROOT_HIGH = new Float64Array(32);
const ROOT_LOW = new Float64Array(32);
fillRoots();

const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TWO_TO_54 = 18014398509481984;

const doubleView = new Float64Array(1);
/** The same 8 bytes as integers; signed, because V8 keeps Int32 values unboxed. */
const wordView = new Int32Array(doubleView.buffer);
const HIGH_WORD = highWordIndex();

/** e^x; 0 below -745.14, Infinity above 709.79. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^(x + tail) for |tail| << 1: the form pow and long tail sums need. */
export function expOfSum(x: number, tail: number): number {
  if (!(x < 709.79)) return x !== x ? x : Infinity;
  if (x < -745.14) return 0;
  const steps = x * STEPS_PER_UNIT + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  const r = x - steps * STEP_HIGH + (tail - steps * STEP_LOW);
  // |r| <= 0.0109: the first term left out is r^7/5040 < 4e-18
  const p = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
  const j = steps & 31;
  const root = ROOT_HIGH[j];
  return timesPowerOfTwo(root + (ROOT_LOW[j] + root * p), steps >> 5);
}

/** e^x - 1 without cancellation near 0. */
export function expm1(x: number): number {
  if (!(x < 709)) return x !== x ? x : exp(x);
  if (x < -38) return -1;
  if (x < 1e-17 && x > -1e-17) return x;
  const steps = x * STEPS_PER_UNIT + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  const r = x - steps * STEP_HIGH - steps * STEP_LOW;
  const p = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040))))));
  const j = steps & 31;
  const scale = POWERS_OF_TWO[(steps >> 5) + 1074];
  const root = scale * ROOT_HIGH[j];
  const whole = root - 1;
  return whole + (sumError(root, -1, whole) + (scale * ROOT_LOW[j] + root * p));
}

/** ln x; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return logOfSpecial(x);
  if (x < SMALLEST_NORMAL) return log(x * TWO_TO_54) - 54 * 0.6931471805599453;
  const exponent = exponentOf(x);
  return logOnePlus(x * POWERS_OF_TWO[1074 - exponent] - 1, exponent, 0);
}

/** ln(1 + x) without cancellation near 0. */
export function log1p(x: number): number {
  if (x < 0.4142 && x > -0.2928) return x < 1e-17 && x > -1e-17 ? x : logOnePlus(x, 0, 0);
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : logOfSpecial(x);
  const sum = 1 + x;
  const rest = sumError(1, x, sum) / sum;
  const exponent = exponentOf(sum);
  return logOnePlus(sum * POWERS_OF_TWO[1074 - exponent] - 1, exponent, rest);
}

/** log10(x), exact at powers of ten. */
export function log10(x: number): number {
  if (!(x > 0 && x < Infinity)) return logOfSpecial(x);
  const high = logHigh(x);
  const product = high * 0.4342944819032518; // 1 / ln 10
  return (
    product +
    (productError(high, 0.4342944819032518, product) + high * 1.098319650216765e-17 + logLow[0] * 0.4342944819032518)
  );
}

/** x^y with the special cases of Math.pow (so pow(1, Infinity) is NaN). */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (x !== x || y !== y) return NaN;
  if (x > 0 && x < Infinity && y > -Infinity && y < Infinity) return powOfPositive(x, y);
  return powOfSpecial(x, y);
}

function powOfPositive(x: number, y: number): number {
  const high = logHigh(x);
  const product = y * high;
  if (product > 800) return Infinity;
  if (product < -800) return 0;
  return expOfSum(product, productError(y, high, product) + y * logLow[0]);
}

function powOfSpecial(x: number, y: number): number {
  const size = Math.abs(x);
  if (y === Infinity || y === -Infinity) return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0;
  const odd = y % 2 === 1 || y % 2 === -1;
  if (size === 0 || size === Infinity) {
    const value = (size === 0) === y > 0 ? 0 : Infinity;
    return odd && (x < 0 || Object.is(x, -0)) ? -value : value;
  }
  if (y % 1 !== 0) return NaN;
  return odd ? -powOfPositive(size, y) : powOfPositive(size, y);
}

/**
 * ln((1 + f) 2^exponent) + rest for 1 + f in [sqrt(1/2), sqrt(2)]: with s = f/(2+f), ln(1+f) = 2 atanh(s)
 * = f - f^2/2 + s (f^2/2 + R), R = sum_k 2 s^(2k)/(2k+1).
 */
function logOnePlus(f: number, exponent: number, rest: number): number {
  const s = f / (2 + f);
  const z = s * s;
  // R/z to 3e-16 on s^2 <= 0.0297
  const series =
    z *
    (0.666666666666667 +
      z *
        (0.3999999999989322 +
          z *
            (0.28571428628810996 +
              z *
                (0.22222210674238516 +
                  z * (0.18182922513515942 + z * (0.15330617306743305 + z * 0.1463003136412286))))));
  const halfSquare = 0.5 * f * f;
  const correction = s * (halfSquare + series) + (exponent * LN2_LOW + rest);
  return exponent * LN2_HIGH - (halfSquare - correction - f);
}

/** ln x = logHigh(x) + logLow[0] to about 2^-65 relative. A typed array, because V8 boxes every write to a `let`. */
const logLow = new Float64Array(1);

function logHigh(x: number): number {
  const shift = x < SMALLEST_NORMAL ? 54 : 0;
  const normal = shift === 0 ? x : x * TWO_TO_54;
  const mantissaExponent = exponentOf(normal);
  const f = normal * POWERS_OF_TWO[1074 - mantissaExponent] - 1;
  const exponent = mantissaExponent - shift;
  const d = 2 + f;
  const dLow = f - (d - 2);
  const s = f / d;
  const sd = s * d;
  const sLow = (f - sd - productError(s, d, sd) - s * dLow) / d;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  const cube = s * z;
  const cubeLow = productError(s, z, cube) + s * zLow + sLow * z;
  const third = cube * 0.6666666666666666;
  const thirdLow =
    productError(cube, 0.6666666666666666, third) + cubeLow * 0.6666666666666666 + cube * 3.700743415417188e-17;
  // sum_k 2 z^k/(2k+5) to 4e-14 on z <= 0.0297, times s^5
  const series =
    0.399999999999957 +
    z *
      (0.28571428581840863 +
        z * (0.2222221814425898 + z * (0.18182401080272048 + z * (0.15347090187129914 + z * 0.1443723249759702))));
  const low = cube * z * series + thirdLow + 2 * sLow + exponent * LN2_LOW;
  const power = exponent * LN2_HIGH;
  const first = power + 2 * s;
  const second = first + third;
  const tail = sumError(power, 2 * s, first) + sumError(first, third, second) + low;
  const high = second + tail;
  logLow[0] = second - high + tail;
  return high;
}

/** k of x = m 2^k with m in [sqrt(1/2), sqrt(2)), for positive normal x. */
function exponentOf(x: number): number {
  doubleView[0] = x;
  // adding 2^20 minus the mantissa bits of sqrt(2) carries into the exponent exactly when m would be above sqrt(2)
  return ((wordView[HIGH_WORD] + 0x95f62) >> 20) - 1023;
}

function logOfSpecial(x: number): number {
  return x === 0 ? -Infinity : x === Infinity ? Infinity : NaN;
}

function timesPowerOfTwo(x: number, k: number): number {
  if (k > 1023) return x * POWERS_OF_TWO[k - 1 + 1074] * 2;
  if (k < -1022) return x * POWERS_OF_TWO[k + 200 + 1074] * POWERS_OF_TWO[-200 + 1074];
  return x * POWERS_OF_TWO[k + 1074];
}

function makePowersOfTwo(): Float64Array {
  const powers = new Float64Array(2098);
  powers[1074] = 1;
  for (let k = 1; k <= 1023; k++) powers[1074 + k] = powers[1073 + k] * 2;
  for (let k = 1; k <= 1074; k++) powers[1074 - k] = powers[1075 - k] / 2;
  return powers;
}

/** 2^(1/32) by five square roots in double-double, then its powers. */
function fillRoots(): void {
  let high = 2;
  let low = 0;
  for (let i = 0; i < 5; i++) {
    const root = Math.sqrt(high);
    const square = root * root;
    low = (high - square - productError(root, root, square) + low) / (2 * root);
    high = root;
  }
  ROOT_HIGH[0] = 1;
  for (let j = 1; j < 32; j++) {
    const product = ROOT_HIGH[j - 1] * high;
    const rest = productError(ROOT_HIGH[j - 1], high, product) + ROOT_HIGH[j - 1] * low + ROOT_LOW[j - 1] * high;
    ROOT_HIGH[j] = product + rest;
    ROOT_LOW[j] = product - ROOT_HIGH[j] + rest;
  }
}

function highWordIndex(): 0 | 1 {
  doubleView[0] = 1;
  return wordView[1] === 0x3ff00000 ? 1 : 0;
}
