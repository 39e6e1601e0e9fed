/** Complementary error function and its scaled form erfcx(x) = exp(x^2) erfc(x), which does not underflow. */
import { domainError } from './domain.ts';
import { productError } from './exact.ts';
import { expOfSum } from './portable.ts';

/**
 * Chebyshev coefficients of (1 + 2x) erfcx(x) in t = (x - 3.75)/(x + 3.75), x in [0, Infinity) (M. M. Shepherd and
 * J. G. Laframboise 1981); the first one left out is 4e-21.
 */
// prettier-ignore
const ERFCX_COEFFICIENTS = [
  2.3551578691348034, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753,
  0.009074997670705265, -0.002413163540417608, 0.0004907758365258086, -6.916973302501207e-5, 4.13902798607301e-6,
  7.74038306619849e-7, -2.1886401049234397e-7, 1.076499946567091e-8, 4.521959811218287e-9, -7.754400208831351e-10,
  -6.318088340886684e-11, 2.86879501093067e-11, 1.9455868545777347e-13, -9.65469674843344e-13, 3.25254814814874e-14,
  3.3478119482868056e-14, -1.864562880419313e-15, -1.2507950530688648e-15, 7.418235256624044e-17, 5.068148904796111e-17,
];

/** exp(x^2) erfc(x); about 1/(x sqrt(pi)) for large x, Infinity below -26.6. Relative error below 1e-15 for x >= 0. */
export function erfcx(x: number): number {
  if (x < 0) return 2 * expOfSquare(x, 1) - erfcx(-x);
  if (x > 1e150) return x === Infinity ? 0 : 0.5641895835477563 / x;
  if (x !== x) throw domainError(`erfcx(${x})`, 'a number');
  const twiceT = (2 * (x - 3.75)) / (x + 3.75);
  let current = 0;
  let previous = 0;
  for (let k = ERFCX_COEFFICIENTS.length - 1; k >= 1; k--) {
    const next = twiceT * current - previous + ERFCX_COEFFICIENTS[k];
    previous = current;
    current = next;
  }
  return (0.5 * (twiceT * current + ERFCX_COEFFICIENTS[0]) - previous) / (1 + 2 * x);
}

/** 1 - erf(x), accurate in the upper tail until it underflows at x = 27.2. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x > 28 ? 0 : expOfSquare(x, -1) * erfcx(x);
}

/** exp(sign x^2) with the rounding error of x^2 carried along. */
function expOfSquare(x: number, sign: 1 | -1): number {
  const square = x * x;
  if (square > 800) return sign > 0 ? Infinity : 0;
  return expOfSum(sign * square, sign * productError(x, x, square));
}
