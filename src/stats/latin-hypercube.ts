/**
 * Latin hypercube in normal quantiles (M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239): of n
 * draws every column has exactly one in each of the n equiprobable parts of its normal distribution, in an order that
 * is independent of the other columns. Means of sums over columns have far less than the variance of n free draws.
 */
import { zFromLnP } from './normal.ts';
import { makeStream } from './philox.ts';
import { log, log1p } from './portable.ts';

const SCALE = 2 ** -32;

/** z with P(X <= z) = p for X ~ N(0,1), p in (0, 1). Error: that of zFromLnP, 1e-15 max(1, |z|) for exact p, 1 - p. */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -zFromLnP(log(p)) : zFromLnP(log1p(-p));
}

/**
 * [rows][columns] standard normal draws: a pure function of its arguments, with the same bits in every engine. Column c
 * is counter (c, stream): it does not depend on the number of columns.
 * @param seed integer below 2^53. @param stream integer below 2^32
 */
export function latinHypercube(rows: number, columns: number, seed: number, stream: number): Float64Array[] {
  const draws = Array.from({ length: rows }, () => new Float64Array(columns));
  for (let c = 0; c < columns; c++) {
    const { words } = makeStream(seed, stream, c);
    const order = Uint32Array.from({ length: rows }, (_, i) => i);
    for (let i = 0; i < rows; i++) {
      const [pick, within] = words(i);
      const other = i + Math.floor(pick * SCALE * (rows - i));
      [order[i], order[other]] = [order[other], order[i]];
      draws[i][c] = normalQuantile((order[i] + (within + 0.5) * SCALE) / rows);
    }
  }
  return draws;
}
