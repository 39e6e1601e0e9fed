/**
 * Bins of the fit beside every window: whole bins laid from the edges of the bands at the window outwards, closed at the
 * end away from it, so that no event of the window is in a bin. Bins that reach into a blind region are left out.
 */
import { DarkscanError } from '../../errors.ts';
import type { BlindRegion, Card, Polynomial } from '../card.ts';
import { blindInBands, isBlind } from '../blind.ts';
import { quadraticForm } from '../ellipse.ts';
import { compileExpression, type Scope } from '../expression.ts';
import { makeRegion } from '../region.ts';
import type { WindowSet } from '../windows.ts';
import type { BandFit } from './band-fit.ts';

/** More bins than this beside one window is a width in the wrong unit. */
const MAX_BINS = 10_000;
/** Part of a bin by which it may stick out: the rounding of edges computed from the window. */
const ROUNDING = 1e-9;

type Interval = readonly [number, number];

/** Where the bands of one window may be: their near edges, the stretches in which whole bins must lie, a condition. */
interface Reach {
  readonly near: Interval;
  readonly stretches: readonly Interval[];
  readonly allows: (x: number) => boolean;
}

/**
 * One fit per window, with the events of its bins counted. Errors of kind card: a bin width that is not above 0, more
 * than MAX_BINS bins, fewer bins than coefficients beside every window.
 */
export function makeBands(
  card: Card,
  spec: Polynomial,
  where: string,
  scope: Scope,
  windows: WindowSet,
  x: Float64Array,
): BandFit[] {
  const blind = blindInBands(card.blind);
  const sorted = x.filter((value) => !isBlind(blind, value, 0)).sort();
  const reachOf = makeReach(card, spec, scope);
  const widthOf = compileExpression(spec.bin_width, ['x'], scope, `${where}.bin_width`);
  const fits = Array.from({ length: windows.count }, (_, i): BandFit => {
    const width = widthOf.evaluate([windows.x[i]]);
    if (!(width > 0 && width < Infinity)) {
      const message = `card: ${where}.bin_width is ${width} at x = ${windows.x[i]}, expected a finite number above 0`;
      throw new DarkscanError('card', `${message}; correct the formula`, { where: `${where}.bin_width` });
    }
    const window = edgesOf(windows, i);
    const bins = binsOf(window, reachOf(windows, i), width, blind, where);
    const counts = countBins(bins, window, sorted, insideRun(windows, i, sorted));
    const edges = Float64Array.from(bins.flat());
    return { degree: spec.degree, edges, counts, window, binContent: spec.bin_content ?? 'integral' };
  });
  const most = fits.reduce((largest, fit) => Math.max(largest, fit.counts.length), 0);
  if (most <= spec.degree) {
    const message = `card: ${where}: no window has more than ${most} whole bins in its bands`;
    const allowed = `expected ${spec.degree + 1} or more for degree ${spec.degree}`;
    throw new DarkscanError('card', `${message}, ${allowed}; take narrower bins or wider bands`, { where });
  }
  return fits;
}

function edgesOf(windows: WindowSet, i: number): Interval {
  return [windows.x[i] - windows.a[i], windows.x[i] + windows.a[i]];
}

/** Fixed ranges, or a distance in resolutions within windows.region: outside it there may be no events at all. */
function makeReach(card: Card, spec: Polynomial, scope: Scope): (windows: WindowSet, i: number) => Reach {
  if (spec.ranges !== undefined) {
    const stretches = spec.ranges.map(([low, high]): Interval => [low, high]);
    return (windows, i) => ({ near: edgesOf(windows, i), stretches, allows: () => true });
  }
  const { inner = 3, outer = inner } = spec;
  const region = 'table' in card.windows ? undefined : makeRegion(card.windows.region, false, scope, 'windows.region');
  const limits = region?.x ?? [-Infinity, Infinity];
  const allows = (x: number) => region === undefined || region.contains(x, 0);
  return (windows, i) => {
    const [centre, sigma] = [windows.x[i], 1 / Math.sqrt(windows.rxx[i])];
    const stretch: Interval = [
      Math.max(limits[0], centre - outer * sigma),
      Math.min(limits[1], centre + outer * sigma),
    ];
    return { near: [centre - inner * sigma, centre + inner * sigma], stretches: [stretch], allows };
  };
}

/** Ascending. */
function binsOf(
  window: Interval,
  { near, stretches, allows }: Reach,
  width: number,
  blind: readonly BlindRegion[],
  where: string,
): Interval[] {
  const slack = ROUNDING * width;
  const lowest = Math.min(...stretches.map(([low]) => low));
  const highest = Math.max(...stretches.map(([, high]) => high));
  const nBelow = Math.floor((near[0] - lowest + slack) / width);
  const nAbove = Math.floor((highest - near[1] + slack) / width);
  const many = Math.max(0, nBelow) + Math.max(0, nAbove);
  if (many > MAX_BINS) {
    const message = `card: ${where}.bin_width ${width} gives ${many} bins at x = ${(window[0] + window[1]) / 2}`;
    throw new DarkscanError('card', `${message}, expected at most ${MAX_BINS}; widen the bins`, { where });
  }
  const isWhole = ([low, high]: Interval) => stretches.some((s) => low >= s[0] - slack && high <= s[1] + slack);
  const isAllowed = ([low, high]: Interval) => [low + slack, (low + high) / 2, high - slack].every(allows);
  const isSeen = ([low, high]: Interval) => !blind.some((b) => low < b.x[1] - slack && high > b.x[0] + slack);
  const bins: Interval[] = [];
  for (let k = nBelow; k > 0; k--) bins.push([near[0] - k * width, near[0] - (k - 1) * width]);
  for (let k = 0; k < nAbove; k++) bins.push([near[1] + k * width, near[1] + (k + 1) * width]);
  return bins.filter((bin) => isWhole(bin) && isAllowed(bin) && isSeen(bin));
}

/** First and one past the last of the sorted events inside the window, by the test that counts its events. */
function insideRun(windows: WindowSet, i: number, sorted: Float64Array): Interval {
  const centre = windows.x[i];
  const inside = (value: number) => quadraticForm(windows.qxx[i], 0, 0, value - centre, 0) <= 1;
  return [
    firstWhere(sorted, (value) => value > centre || inside(value)),
    firstWhere(sorted, (value) => value > centre && !inside(value)),
  ];
}

function countBins(bins: readonly Interval[], window: Interval, sorted: Float64Array, inside: Interval): Uint32Array {
  return Uint32Array.from(bins, ([low, high]) => {
    if (high <= (window[0] + window[1]) / 2) {
      const end = Math.min(
        inside[0],
        firstWhere(sorted, (value) => value >= high),
      );
      // The bin at the edge of the window ends where the window begins, whatever the rounding of the edge.
      const last = high === window[0] ? inside[0] : end;
      return Math.max(0, last - firstWhere(sorted, (value) => value >= low));
    }
    const start = Math.max(
      inside[1],
      firstWhere(sorted, (value) => value > low),
    );
    const first = low === window[1] ? inside[1] : start;
    return Math.max(0, firstWhere(sorted, (value) => value > high) - first);
  });
}

/** First index from which on the condition holds; the length where it never does. */
function firstWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
