/** Functions of the plane evaluated at many points at once. */

/** out[i] = f(x[i], y[i]) for i < count; on a line (1D) y is 0. */
export type PlaneFunction = (x: Float64Array, y: Float64Array, count: number, out: Float64Array) => void;

/** f, point by point. */
export function pointByPoint(f: (x: number, y: number) => number): PlaneFunction {
  return (x, y, count, out) => {
    for (let i = 0; i < count; i++) out[i] = f(x[i], y[i]);
  };
}
