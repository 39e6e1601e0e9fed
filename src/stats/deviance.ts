/**
 * The two pieces of C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000):
 * n! = sqrt(2 pi n) (n/e)^n exp(stirlingError(n)) and the deviance bd0, so that a Poisson probability at n = 1e6 is
 * exp(-stirlingError(n) - bd0(n, mean)) / sqrt(2 pi n) without the cancellation of n ln(mean) - mean - ln n!.
 */
import { lnGammaOnePlus, stirlingSeries, LN_SQRT_2PI } from './ln-gamma.ts';
import { log } from './portable.ts';

/**
 * Half of the Poisson deviance, x ln(x/mean) + mean - x >= 0; 0 ln 0 = 0. Relative error below 2e-15.
 * Near x = mean: with v = (x - mean)/(x + mean) it is (x - mean) v + 2x sum_j v^(2j+1)/(2j+1).
 */
export function bd0(x: number, mean: number): number {
  if (x === 0) return mean;
  if (mean === 0) return Infinity;
  const difference = x - mean;
  const v = difference / (x + mean);
  if (v < 0.25 && v > -0.25) return difference * v + 2 * x * (v * v * v) * atanhTail(v * v);
  const ratio = x / mean;
  const lnRatio = ratio > 1e-300 && ratio < 1e300 ? log(ratio) : log(x) - log(mean);
  return x * lnRatio - difference;
}

/** ln Gamma(n+1) - [(n + 1/2) ln n - n + ln sqrt(2 pi)] for real n; Infinity at 0. Absolute error below 1e-15. */
export function stirlingError(n: number): number {
  if (n >= 16) return stirlingSeries(n);
  const index = n | 0;
  return index === n ? INTEGER_ERRORS[index] : stirlingErrorBelow16(n);
}

function stirlingErrorBelow16(n: number): number {
  if (n < 1) return n === 0 ? Infinity : lnGammaOnePlus(n) - (n + 0.5) * log(n) + n - LN_SQRT_2PI;
  let sum = 0;
  let k = n;
  for (; k < 16; k++) {
    // (k + 1/2) ln(1 + 1/k) - 1 = atanh(s)/s - 1 with s = 1/(2k+1)
    const square = 1 / ((2 * k + 1) * (2 * k + 1));
    sum += square * atanhTail(square);
  }
  return sum + stirlingSeries(k);
}

const INTEGER_ERRORS = Float64Array.from({ length: 16 }, (_, n) => stirlingErrorBelow16(n));

/** sum_{j>=0} z^j/(2j+3) for 0 <= z <= 1/9: (atanh(v)/v - 1)/v^2 at z = v^2. */
function atanhTail(z: number): number {
  let power = z;
  let sum = 1 / 3;
  for (let k = 5; ; k += 2) {
    const next = sum + power / k;
    if (next === sum) return sum;
    sum = next;
    power *= z;
  }
}
