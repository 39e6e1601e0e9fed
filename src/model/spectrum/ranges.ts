/** Which bins of a spectrum are fitted for one hypothesis. */
import { DarkscanError } from '../../errors.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { Spectrum } from './spectrum.ts';

export type Interval = readonly [low: number, high: number];

export interface RangeRule {
  /** The range is mass +- halfWidth sigma. */
  readonly halfWidth: number;
  /** Full width below which no range falls, in the units of the variable (default 0). */
  readonly minWidth?: number;
  /** Nothing outside is fitted. */
  readonly clip?: Interval;
  /** Vetoed resonances: bins that reach into one are left out, and the range goes on behind it. */
  readonly excluded?: readonly Interval[];
}

/** Why a range cannot be fitted. */
export type RangeStatus = 'ok' | 'few-bins' | 'empty-range';

export interface FitRange {
  /** Bins of the spectrum, ascending. */
  readonly bins: Uint32Array;
  /** Edges of the fitted bins together; both the mass where there is no bin. */
  readonly low: number;
  readonly high: number;
  readonly status: RangeStatus;
}

/** Part of a bin by which it may stick out of the range: the rounding of computed edges. */
const ROUNDING = 1e-9;

/**
 * The whole bins inside mass +- max(halfWidth sigma, minWidth/2) and the clip, without those excluded. `few-bins` where
 * they are fewer than parameters of the fit, `empty-range` where no bin has an event.
 * @param nParameters of the signal-plus-background fit: background coefficients and S
 */
export function fitRange(
  spectrum: Spectrum,
  { mass, sigma }: Hypothesis,
  rule: RangeRule,
  nParameters: number,
): FitRange {
  const [from, to] = intervalOf({ mass, sigma }, rule);
  const { low, high, counts, nBins } = spectrum;
  const bins: number[] = [];
  let events = 0;
  for (let i = firstBinFrom(low, from); i < nBins; i++) {
    const slack = ROUNDING * (high[i] - low[i]);
    if (low[i] >= to) break;
    if (low[i] < from - slack || high[i] > to + slack) continue;
    if (rule.excluded?.some(([a, b]) => low[i] < b - slack && high[i] > a + slack)) continue;
    bins.push(i);
    events += counts[i];
  }
  const status = bins.length < nParameters ? 'few-bins' : events === 0 ? 'empty-range' : 'ok';
  return {
    bins: Uint32Array.from(bins),
    low: bins.length > 0 ? low[bins[0]] : mass,
    high: bins.length > 0 ? high[bins[bins.length - 1]] : mass,
    status,
  };
}

/** mass +- max(halfWidth sigma, minWidth/2) inside the clip; ends before it starts where that is elsewhere. */
function intervalOf({ mass, sigma }: Hypothesis, rule: RangeRule): Interval {
  checkRule(rule);
  const half = Math.max(rule.halfWidth * sigma, 0.5 * (rule.minWidth ?? 0));
  const [low, high] = rule.clip ?? [-Infinity, Infinity];
  return [Math.max(mass - half, low), Math.min(mass + half, high)];
}

/** The same range without bins: [nIntervals] what is left of it between low and high, and between excluded regions. */
export function fitIntervals(hypothesis: Hypothesis, rule: RangeRule, [low, high]: Interval): Interval[] {
  const [from, to] = intervalOf(hypothesis, rule);
  let left: Interval[] = [[Math.max(from, low), Math.min(to, high)]];
  for (const [a, b] of rule.excluded ?? [])
    left = left.flatMap(([start, end]): Interval[] => [
      [start, Math.min(end, a)],
      [Math.max(start, b), end],
    ]);
  return left.filter(([start, end]) => start < end).sort((x, y) => x[0] - y[0]);
}

function checkRule({ halfWidth, minWidth = 0, clip, excluded = [] }: RangeRule): void {
  if (!(halfWidth > 0 && halfWidth < Infinity))
    throw new DarkscanError('card', `fit range: half-width is ${halfWidth} resolutions, expected a number above 0`);
  if (!(minWidth >= 0 && minWidth < Infinity))
    throw new DarkscanError('card', `fit range: smallest width is ${minWidth}, expected a number >= 0`);
  for (const [low, high] of clip ? [clip, ...excluded] : excluded)
    if (!(low < high))
      throw new DarkscanError('card', `fit range: interval from ${low} to ${high}, expected the low edge first`);
}

/** The last bin that starts below `from`, or the first one. */
function firstBinFrom(low: Float64Array, from: number): number {
  let [first, last] = [0, low.length];
  while (last - first > 1) {
    const middle = (first + last) >>> 1;
    if (low[middle] < from) first = middle;
    else last = middle;
  }
  return first;
}
