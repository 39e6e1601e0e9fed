/**
 * sin, cos, tan, atan, atan2 and hypot with the same bits in every JavaScript engine (see portable.ts).
 *
 * Arguments are reduced by pi/2 in four parts of 33 bits (Cody and Waite 1980). Error against mpmath: below 1 ulp for
 * |x| <= 1.6e6 (tan 2 ulp), below 1e-16 absolute up to 2^50. Above that, where neighbouring doubles are 0.25 rad apart,
 * the argument is first reduced modulo the double nearest to 2 pi: the same bits everywhere, but not the phase of x.
 */
import { productError, sumError } from './exact.ts';

const TWO_OVER_PI = 0.6366197723675814;
const PI_HALF_1 = 1.5707963267341256; // 33 bits each: n * part is exact for n < 2^20
const PI_HALF_2 = 6.077100506303966e-11;
const PI_HALF_3 = 2.0222662487111665e-21;
const PI_HALF_4 = 8.4784276603689e-32;
const TWO_PI = 6.283185307179586;
const ROUND_TO_INTEGER = 6755399441055744; // 1.5 * 2^52

/** Low part of the last reduceByHalfPi. A typed array, because V8 boxes every write to a `let`. */
const reducedLow = new Float64Array(1);
/** Quadrant 0..3 of the last reduceByHalfPi. */
let quadrant = 0;

/** sin x; NaN for infinite x. */
export function sin(x: number): number {
  if (x < 1e-8 && x > -1e-8) return x; // x^3/6 is below half an ulp
  const r = reduceByHalfPi(x);
  const value = quadrant & 1 ? cosOfReduced(r, reducedLow[0]) : sinOfReduced(r, reducedLow[0]);
  return quadrant & 2 ? -value : value;
}

/** cos x; NaN for infinite x. */
export function cos(x: number): number {
  const r = reduceByHalfPi(x);
  const value = quadrant & 1 ? -sinOfReduced(r, reducedLow[0]) : cosOfReduced(r, reducedLow[0]);
  return quadrant & 2 ? -value : value;
}

/** tan x = sin x / cos x. */
export function tan(x: number): number {
  return sin(x) / cos(x);
}

function reduceByHalfPi(x: number): number {
  if (!(Math.abs(x) < 1125899906842624)) x %= TWO_PI;
  const n = x * TWO_OVER_PI + ROUND_TO_INTEGER - ROUND_TO_INTEGER;
  quadrant = n & 3;
  const first = n * PI_HALF_1;
  const second = n * PI_HALF_2;
  let errors = n * PI_HALF_4;
  if (n >= 1048576 || n <= -1048576) {
    errors += productError(n, PI_HALF_1, first) + productError(n, PI_HALF_2, second);
  }
  const coarse = x - first;
  const fine = coarse - second;
  const tail = sumError(coarse, -second, fine) - (n * PI_HALF_3 + errors);
  const r = fine + tail;
  reducedLow[0] = fine - r + tail;
  return r;
}

/** sin(r + low), |r| <= pi/4; polynomial to 2e-17. */
function sinOfReduced(r: number, low: number): number {
  const z = r * r;
  const cube = z * r;
  const series =
    0.008333333333330827 +
    z *
      (-0.0001984126983657571 + z * (2.755731600817155e-6 + z * (-2.5051112272573243e-8 + z * 1.5916726193889336e-10)));
  return r - (z * (0.5 * low - cube * series) - low - cube * -0.16666666666666666);
}

/** cos(r + low), |r| <= pi/4; polynomial to 2e-18. */
function cosOfReduced(r: number, low: number): number {
  const z = r * r;
  const series =
    0.041666666666666664 +
    z *
      (-0.0013888888888887322 +
        z *
          (2.4801587298651292e-5 +
            z * (-2.755731721268659e-7 + z * (2.0876134024090145e-9 + z * -1.1381754653662937e-11))));
  const half = 0.5 * z;
  const whole = 1 - half;
  return whole + (1 - whole - half + (z * z * series - r * low));
}

/** arctan x in [-pi/2, pi/2]. */
export function atan(x: number): number {
  if (x !== x) return x;
  const size = Math.abs(x);
  const value = atanOfPositive(size);
  return x < 0 ? -value : size === 0 ? x : value;
}

function atanOfPositive(x: number): number {
  if (x < 0.4375) return atanNear(0, 0, x);
  if (x < 0.6875) return atanNear(0.4636476090008061, 2.2698777452961687e-17, (2 * x - 1) / (2 + x));
  if (x < 1.1875) return atanNear(0.7853981633974483, 3.061616997868383e-17, (x - 1) / (x + 1));
  if (x < 2.4375) return atanNear(0.982793723247329, 1.3903311031230998e-17, (x - 1.5) / (1 + 1.5 * x));
  return atanNear(1.5707963267948966, 6.123233995736766e-17, -1 / x);
}

/** high + low + arctan t for |t| <= 7/16; polynomial to 1e-16 of its value, which is below 0.07 t. */
function atanNear(high: number, low: number, t: number): number {
  const z = t * t;
  const series =
    z *
    (-0.3333333333333332 +
      z *
        (0.19999999999986603 +
          z *
            (-0.14285714282932097 +
              z *
                (0.11111110885034843 +
                  z *
                    (-0.0909089963318541 +
                      z *
                        (0.07692075701061427 +
                          z *
                            (-0.06663093015943815 +
                              z *
                                (0.058465916600748055 +
                                  z *
                                    (-0.05028655774469561 +
                                      z * (0.03768901965761332 + z * -0.017398493746311847))))))))));
  return high + (low + t * series + t);
}

const PI = 3.141592653589793;
const PI_LOW = 1.2246467991473532e-16;

/** Angle of the point (x, y) in (-pi, pi], with the special cases of Math.atan2. */
export function atan2(y: number, x: number): number {
  if (x !== x || y !== y) return NaN;
  const ySize = Math.abs(y);
  const xSize = Math.abs(x);
  const leftHalf = x < 0 || Object.is(x, -0);
  let angle: number;
  if (ySize === 0) angle = 0;
  else if (xSize === Infinity && ySize === Infinity) angle = 0.7853981633974483;
  else angle = atanOfPositive(ySize / xSize);
  if (leftHalf) angle = PI - (angle - PI_LOW);
  return y < 0 || Object.is(y, -0) ? -angle : angle;
}

/** sqrt(x^2 + y^2) without overflow. */
export function hypot(x: number, y: number): number {
  const xSize = Math.abs(x);
  const ySize = Math.abs(y);
  if (xSize === Infinity || ySize === Infinity) return Infinity;
  const large = xSize > ySize ? xSize : ySize;
  if (large === 0 || x !== x || y !== y) return x + y === 0 ? 0 : NaN;
  const ratio = (xSize > ySize ? ySize : xSize) / large;
  return large * Math.sqrt(1 + ratio * ratio);
}
