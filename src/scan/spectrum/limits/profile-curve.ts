/**
 * The profile likelihood of one hypothesis as a smooth function of the signal yield S: fits where they are needed, and
 * between them the polynomial of degree 5 with their values, slopes and curvatures. An interval is used once the fit in its
 * middle agrees with that polynomial; then its halves are 64 times better.
 */
import type { FixedSignalFits, ProfilePoint } from '../../../kernels/shared/spectrum-fixed.ts';

/** -ln L less that of the best fit (2 of it is q), with its derivatives. */
export interface Loss {
  readonly value: number;
  readonly slope: number;
  readonly curvature: number;
}

/** Of -ln L in the middle of an interval, times 1 + -ln L: 1e-6 is left in its halves. */
const LARGEST_MISMATCH = 5e-5;
/** Intervals this part of the first step long are not halved: the curvature jumps where a bin reaches its bound. */
const SHORTEST = 1e-5;
/** Distance of fits, in sqrt(2 -ln L). */
const STEP = 2;
const MAX_FITS = 400;

export class ProfileCurve {
  /** Fits at ascending S; `isSmooth[i]`: the interval behind fit i is as good as it must be. */
  readonly points: ProfilePoint[];
  readonly best: ProfilePoint;
  private readonly isSmooth: boolean[] = [false];
  readonly fits: FixedSignalFits;
  private readonly shortest: number;

  /** @param best the fit with S free, and the reference of `fits`, which must keep what they have loaded */
  constructor(fits: FixedSignalFits, best: ProfilePoint) {
    this.fits = fits;
    this.best = best;
    this.points = [best];
    this.shortest = SHORTEST * this.stepFrom(best, 1);
  }

  /** A fit at S, whatever is there; undefined where it does not converge. */
  fitAt(signal: number): ProfilePoint | undefined {
    const at = this.intervalOf(signal);
    const [before, after] = [this.points[at], this.points[at + 1]];
    if (before?.signal === signal) return before;
    const isNearAfter = after !== undefined && (before === undefined || after.signal - signal < signal - before.signal);
    const point = this.points.length < MAX_FITS ? this.fits.at(signal, isNearAfter ? after : before) : undefined;
    if (point === undefined) return undefined;
    this.points.splice(at + 1, 0, point);
    this.isSmooth.splice(at + 1, 0, at >= 0 && this.isSmooth[at]);
    return point;
  }

  /** Interpolated; undefined where a fit that it needs does not converge. */
  at(signal: number): Loss | undefined {
    if (!this.reach(signal)) return undefined;
    let at = this.intervalOf(signal);
    if (this.points[at].signal === signal) return lossOf(this.points[at]);
    while (!this.isSmooth[at]) {
      const [before, after] = [this.points[at], this.points[at + 1]];
      const middle = 0.5 * (before.signal + after.signal);
      const expected = hermite(before, after, middle);
      const found = this.fitAt(middle);
      if (found === undefined) return undefined;
      const mismatch = Math.abs(found.loss - expected.value);
      const length = after.signal - before.signal;
      const isSmooth = mismatch <= LARGEST_MISMATCH * (1 + found.loss) || length <= this.shortest;
      this.isSmooth[at] = this.isSmooth[at + 1] = isSmooth;
      if (signal > middle) at++;
    }
    return hermite(this.points[at], this.points[at + 1], signal);
  }

  /** Puts fits outwards until S is between them. */
  private reach(signal: number): boolean {
    for (;;) {
      const [first, last] = [this.points[0], this.points[this.points.length - 1]];
      if (signal >= first.signal && signal <= last.signal) return true;
      if (!this.extend(signal < first.signal ? -1 : 1)) return false;
    }
  }

  /** One more fit above the last one, or below the first; false where it does not converge. */
  extend(side: 1 | -1 = 1): boolean {
    const end = this.points[side === 1 ? this.points.length - 1 : 0];
    const next = end.signal + side * this.stepFrom(end, side);
    return next !== end.signal && this.fitAt(next) !== undefined;
  }

  /** How far sqrt(2 -ln L) grows by STEP, from the derivatives at the end. */
  private stepFrom({ loss, slope, curvature, signal }: ProfilePoint, side: number): number {
    const wanted = 0.5 * (Math.sqrt(2 * Math.max(0, loss)) + STEP) ** 2 - Math.max(0, loss);
    const rise = Math.max(0, side * slope);
    const bend = Math.max(0, curvature);
    const root = Math.sqrt(rise * rise + 2 * bend * wanted);
    // the positive root of rise h + bend h^2/2 = wanted
    const step = root + rise > 0 ? (2 * wanted) / (root + rise) : Infinity;
    return Math.min(step, 1 + 2 * Math.abs(signal) + 2 * Math.sqrt(this.fits.events));
  }

  /** The last point at or below S; -1 where there is none. */
  intervalOf(signal: number): number {
    let [low, high] = [-1, this.points.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.points[middle].signal <= signal) low = middle;
      else high = middle;
    }
    return low;
  }
}

function lossOf({ loss, slope, curvature }: ProfilePoint): Loss {
  return { value: loss, slope, curvature };
}

/** Value, slope and curvature of both ends; t = 0..1 between them, u = t - 1. */
function hermite(from: ProfilePoint, to: ProfilePoint, signal: number): Loss {
  const h = to.signal - from.signal;
  const t = (signal - from.signal) / h;
  const u = t - 1;
  const [s0, s1] = [from.slope * h, to.slope * h];
  const [c0, c1] = [0.5 * from.curvature * h * h, 0.5 * to.curvature * h * h];
  // f0 + s0 t + c0 t^2 + t^3 (a + b u + c u^2)
  const a = to.loss - from.loss - s0 - c0;
  const b = s1 - s0 - 2 * c0 - 3 * a;
  const c = c1 - c0 - 3 * (a + b);
  const inner = a + u * (b + u * c);
  const innerSlope = b + 2 * u * c;
  const t2 = t * t;
  return {
    value: from.loss + t * s0 + t2 * c0 + t2 * t * inner,
    slope: (s0 + 2 * t * c0 + 3 * t2 * inner + t2 * t * innerSlope) / h,
    curvature: (2 * c0 + 6 * t * inner + 6 * t2 * innerSlope + t2 * t * 2 * c) / (h * h),
  };
}
