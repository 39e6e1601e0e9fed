/** Where a function that is not smooth everywhere crosses 0. */

const MAX_STEPS = 200;
const LAST_STEP = 1e-10;
/** |f| that counts as 0: all f here are of order 1 and steep. */
const ZERO = 1e-11;

/**
 * The x > low with f(x) = 0, for a function below 0 at `low` and rising; steps outwards double. Illinois' regula falsi,
 * halving where that is slow. Undefined where f is, or where it does not reach 0 below `highest`.
 */
export function crossing(
  f: (x: number) => number | undefined,
  low: number,
  guess: number,
  highest = Infinity,
): number | undefined {
  let [a, fa] = [low, f(low)];
  if (fa === undefined) return undefined;
  if (fa >= 0) return low;
  let b = Math.min(highest, guess > low ? guess : low + 1);
  let fb = f(b);
  while (fb !== undefined && fb < 0) {
    if (b >= highest) return undefined;
    [a, fa] = [b, fb];
    b = Math.min(highest, low + 2 * (b - low));
    fb = f(b);
  }
  if (fb === undefined) return undefined;
  let side = 0;
  for (let i = 0; i < MAX_STEPS && fb > ZERO; i++) {
    const width: number = b - a;
    if (width <= LAST_STEP * Math.abs(b)) break;
    const secant: number = b - (fb * width) / (fb - fa);
    const x: number = i % 8 === 7 || !(secant > a && secant < b) ? a + 0.5 * width : secant;
    const fx: number | undefined = f(x);
    if (fx === undefined) return undefined;
    if (fx >= 0) {
      [b, fb] = [x, fx];
      if (side === 1) fa *= 0.5;
      side = 1;
    } else {
      if (fx >= -ZERO) return x;
      [a, fa] = [x, fx];
      if (side === -1) fb *= 0.5;
      side = -1;
    }
  }
  return b;
}
