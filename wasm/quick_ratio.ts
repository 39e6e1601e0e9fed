/** q of two fits by terms n (x - ln(1 + x)), four toys side by side. */

/** ln(1 + x) as a series in y = x/(2 + x) up to this |y|: to 2e-6 of x - ln(1 + x). */
const SERIES_ENDS: f32 = 0.25;

/**
 * Of bins with n events, u = 1 + before with and u + d without signal, and of constraints, whose d is behind them; `along`
 * is the change of u along H^-1 e_S. To out: q; the quadratic form of the Hessian at u along H^-1 e_S; the lowest u.
 */
export function ratioSums(nBins: i32, nRows: i32, n: usize, before: usize, d: usize, along: usize, out: usize): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  let sum = zero;
  let spread = zero;
  let lowest = one;
  let largest = zero;
  let at: usize = 0;
  for (const end = (nBins as usize) << 4; at < end; at += 16) {
    const change = v128.load(d + at);
    const u = f32x4.add(one, v128.load(before + at));
    const uNull = f32x4.add(u, change);
    const both = f32x4.add(uNull, u);
    lowest = f32x4.min(lowest, f32x4.min(uNull, u));
    const count = v128.load(n + at);
    const inverse = f32x4.div(one, f32x4.mul(u, both));
    const x = f32x4.mul(f32x4.mul(change, both), inverse);
    const y = f32x4.mul(f32x4.mul(change, u), inverse);
    largest = f32x4.max(largest, v128.and(f32x4.abs(y), f32x4.gt(count, zero)));
    sum = f32x4.add(sum, f32x4.mul(count, series(x, y)));
    const slope = f32x4.mul(f32x4.mul(v128.load(along + at), both), inverse);
    spread = f32x4.add(spread, f32x4.mul(count, f32x4.mul(slope, slope)));
  }
  const isBroad = v128.not(f32x4.lt(largest, f32x4.splat(SERIES_ENDS)));
  if (v128.any_true(isBroad)) sum = v128.bitselect(broadSum(nBins, n, before, d), sum, isBroad);
  sum = f32x4.add(sum, sum);
  for (const end = (nRows as usize) << 4; at < end; at += 16) {
    const change = v128.load(d + at);
    sum = f32x4.add(sum, f32x4.mul(change, change));
    const slope = v128.load(along + at);
    spread = f32x4.add(spread, f32x4.mul(slope, slope));
  }
  v128.store(out, sum);
  v128.store(out, spread, 16);
  v128.store(out, lowest, 32);
}

/** x - ln(1 + x) = x y - 2 y^3 (1/3 + y^2/5 + y^4/7 + y^6/9). */
function series(x: v128, y: v128): v128 {
  const y2 = f32x4.mul(y, y);
  return f32x4.mul(y, f32x4.sub(x, f32x4.mul(y2, odd(y2))));
}

/** 2/3 + 2/5 y^2 + ... */
function odd(y2: v128): v128 {
  let sum = f32x4.add(f32x4.splat(2.0 / 7.0), f32x4.mul(y2, f32x4.splat(2.0 / 9.0)));
  sum = f32x4.add(f32x4.splat(2.0 / 5.0), f32x4.mul(y2, sum));
  return f32x4.add(f32x4.splat(2.0 / 3.0), f32x4.mul(y2, sum));
}

/** The sum over bins where the series does not do for all of them: few events. */
function broadSum(nBins: i32, n: usize, before: usize, d: usize): v128 {
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let at: usize = 0, end = (nBins as usize) << 4; at < end; at += 16) {
    const change = v128.load(d + at);
    const u = f32x4.add(f32x4.splat(1), v128.load(before + at));
    const uNull = f32x4.add(u, change);
    const x = f32x4.div(change, u);
    const y = f32x4.div(change, f32x4.add(uNull, u));
    const isNarrow = f32x4.lt(f32x4.abs(y), f32x4.splat(SERIES_ENDS));
    const term = v128.bitselect(series(x, y), f32x4.sub(x, logarithm(f32x4.div(uNull, u))), isNarrow);
    const count = v128.load(n + at);
    sum = f32x4.add(sum, v128.and(f32x4.mul(count, term), f32x4.gt(count, zero)));
  }
  return sum;
}

/** ln x to 1e-7 for x > 0: x = 2^e m with m from sqrt(1/2) to sqrt(2), ln m = 2 (y + y^3/3 + ...), y = (m - 1)/(m + 1). */
function logarithm(x: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const one = f32x4.splat(1);
  const y = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const y2 = f32x4.mul(y, y);
  const ln = f32x4.mul(y, f32x4.add(f32x4.splat(2), f32x4.mul(y2, odd(y2))));
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(0.6931471805599453)), ln);
}
