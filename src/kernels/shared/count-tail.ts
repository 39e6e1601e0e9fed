/**
 * ln P(N >= n) and ln P(N < n) of a sum over nodes: each node contributes its smaller tail as a series of positive
 * terms (ratios of neighbouring probabilities), the other one as 1 minus it. Twin of shaders/shared/count_tail.wgsl.
 */
import { lnPmf } from './count-pmf.ts';

/** Two sums kept in logarithms. */
export class TailSum {
  lnUpper = -Infinity;
  lnLower = -Infinity;

  /** Adds exp(lnWeight) times the tails of one count distribution at n >= 1. */
  addNode(n: number, mean: number, shape: number, lnWeight: number): void {
    const middle = shape > 0 ? shape * mean : mean;
    if (middle < n) {
      const lnUpper = lnUpperTail(n, mean, shape);
      this.add(lnWeight + lnUpper, lnWeight + ln1mExp(lnUpper));
    } else {
      const lnLower = lnLowerTail(n, mean, shape);
      this.add(lnWeight + ln1mExp(lnLower), lnWeight + lnLower);
    }
  }

  add(lnUpper: number, lnLower: number): void {
    this.lnUpper = lnAdd(this.lnUpper, lnUpper);
    this.lnLower = lnAdd(this.lnLower, lnLower);
  }
}

export function lnAdd(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** ln(1 - e^x), x <= 0. */
export function ln1mExp(x: number): number {
  if (x >= 0) return -Infinity;
  return x > -0.6931471805599453 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** ln P(N >= n), n above the mean: p(n) (1 + r_n + r_n r_{n+1} + ...). */
function lnUpperTail(n: number, mean: number, shape: number): number {
  const q = mean / (1 + mean);
  let term = 1;
  let sum = 1;
  for (let j = n; term > 1e-17 * sum; j++) {
    term *= shape > 0 ? ((shape + j) * q) / (j + 1) : mean / (j + 1);
    sum += term;
  }
  return Math.min(0, lnPmf(n, mean, shape) + Math.log(sum));
}

/** ln P(N < n), n at or below the mean: p(n-1) (1 + 1/r_{n-2} + ...). */
function lnLowerTail(n: number, mean: number, shape: number): number {
  const q = mean / (1 + mean);
  let term = 1;
  let sum = 1;
  for (let j = n - 1; j > 0 && term > 1e-17 * sum; j--) {
    term *= shape > 0 ? j / ((shape + j - 1) * q) : j / mean;
    sum += term;
  }
  return Math.min(0, lnPmf(n - 1, mean, shape) + Math.log(sum));
}
