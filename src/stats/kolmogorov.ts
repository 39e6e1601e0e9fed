/** Kolmogorov's test of a sample against a distribution that is known. */
import { exp } from './portable.ts';

const ROOT_2PI = 2.5066282746310002;
const PI_SQUARED_OVER_8 = 1.2337005501361697;

/** Largest distance of the empirical distribution of values from the given one. @param cumulative P(X <= x), no jumps */
export function kolmogorovDistance(values: ArrayLike<number>, cumulative: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = cumulative(x);
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  });
  return distance;
}

/**
 * P(D >= distance) for n values: the limit of large n at x + 1/(6 sqrt n) + (x - 1)/(4 n), x = sqrt(n) distance (J. Vrbik,
 * Pioneer J. Theor. Appl. Stat. 15 (2018) 15). Error: 5e-4 from n = 20 on (tests/unit/stats/kolmogorov.test.ts).
 */
export function kolmogorovTail(distance: number, n: number): number {
  const root = Math.sqrt(n);
  const x = root * distance;
  return limitTail(x + 1 / (6 * root) + (x - 1) / (4 * n));
}

/** 2 sum_j (-1)^(j-1) exp(-2 j^2 x^2); below 1 the series that converges there (J. V. Uspensky, 1937). */
function limitTail(x: number): number {
  if (!(x > 0)) return 1;
  if (x < 1) {
    const rate = PI_SQUARED_OVER_8 / (x * x);
    let sum = 0;
    for (let j = 1; j <= 9; j += 2) sum += exp(-rate * j * j);
    return 1 - (ROOT_2PI / x) * sum;
  }
  let sum = 0;
  for (let j = 1, sign = 1; j <= 6; j++, sign = -sign) sum += sign * exp(-2 * j * j * x * x);
  return Math.min(1, 2 * sum);
}
