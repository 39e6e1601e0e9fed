/**
 * All fits of a scan as flat arrays: expected events of a bin are linear in the parameters, nu_i = sum_k theta_k a_ik, with
 * the background coefficients, the yields of peaking backgrounds, and S as the last parameter. Depends on the edges of the
 * spectrum, not on its counts: made once for the data and all toys.
 */
import { DarkscanError } from '../../errors.ts';
import { rangeBasis, type BackgroundBasis, type RangeBasis } from './background-bases.ts';
import type { Hypothesis } from './hypotheses.ts';
import { countLogCoefficients, logNodes, type LogBackground } from './log-backgrounds.ts';
import { packPlans, SETTINGS, type FitPlan, type OnePlan, type PlanStatus } from './plan-layout.ts';
import { fitRange, type RangeRule } from './ranges.ts';
import type { SignalShape } from './signal-shapes.ts';
import type { Spectrum } from './spectrum.ts';

export { HYPOTHESIS_STRIDE, SETTINGS, type FitPlan, type PlanStatus } from './plan-layout.ts';

/** A background of known shape, whose yield is measured elsewhere: a Gaussian constraint, in events of all m. */
export interface PeakingBackground {
  readonly shape: SignalShape;
  readonly expected: number;
  readonly error: number;
}

export type Background = BackgroundBasis | LogBackground;

export interface FitModel {
  readonly signalAt: (hypothesis: Hypothesis) => SignalShape;
  /** One for all, or one per hypothesis. */
  readonly background: Background | ((hypothesis: Hypothesis, index: number) => Background);
  readonly range: RangeRule;
  readonly peaks?: readonly PeakingBackground[];
}

/** The background under the signal is that in mass +- 2 widths of the signal. */
export const SIGNAL_WINDOW = 2;
/** Part of the signal that must be in the range. */
export const LEAST_SIGNAL = 0.5;
/** Part of a column that must be left when the columns before are taken out. */
const LEAST_REST = 1e-6;

/** Hypotheses that cannot be fitted have a status and no rows. */
export function makeFitPlan(spectrum: Spectrum, hypotheses: readonly Hypothesis[], model: FitModel): FitPlan {
  checkPeaks(model.peaks);
  return packPlans(hypotheses.map((hypothesis, i) => planOf(spectrum, hypothesis, i, model)));
}

/** Errors of kind card. */
export function checkPeaks(peaks: FitModel['peaks'] = []): void {
  peaks.forEach(({ expected, error }, i) => {
    if (!(expected >= 0 && expected < Infinity && error > 0 && error < Infinity))
      throw new DarkscanError(
        'card',
        `peaking background ${i}: yield ${expected} +- ${error}, expected numbers above 0`,
      );
  });
}

const NONE = new Float64Array(0);

function planOf(spectrum: Spectrum, hypothesis: Hypothesis, index: number, model: FitModel): OnePlan {
  const { peaks = [], background } = model;
  const spec = typeof background === 'function' ? background(hypothesis, index) : background;
  const isLog = spec.kind === 'exponential' || spec.kind === 'power-law';
  const nCoefficients = isLog ? countLogCoefficients(spec) : spec.degree + 1;
  const nLog = isLog ? nCoefficients : 0;
  const nParams = nCoefficients + peaks.length + 1;
  const range = fitRange(spectrum, hypothesis, model.range, nParams);
  const settings = Array.from({ length: SETTINGS }, () => new Float64Array(nParams));
  const unfit = (status: PlanStatus): OnePlan => ({
    nParams,
    nLog,
    range,
    bins: range.bins,
    status,
    design: NONE,
    nodes: NONE,
    settings,
  });
  if (range.status === 'few-bins') return unfit('few-bins');
  const reach = SIGNAL_WINDOW * (hypothesis.width ?? hypothesis.sigma);
  const window = [Math.max(range.low, hypothesis.mass - reach), Math.min(range.high, hypothesis.mass + reach)] as const;
  const [lows, highs] = [spectrum.low, spectrum.high].map((edges) =>
    Float64Array.from(range.bins, (bin) => edges[bin]),
  );
  const nodes = isLog ? logNodes(spec, lows, highs) : NONE;
  if (nodes === undefined) return unfit('outside-domain');
  const basis = isLog ? partOfBin(window) : rangeBasis(spec, range.low, range.high);
  const [sums, inWindow, centres, weights, starts] = settings;
  const signal = model.signalAt(hypothesis);
  const fill = (row: Float64Array, from: number, to: number) => {
    basis.addIntegrals(row, from, to);
    peaks.forEach(({ shape }, k) => (row[nCoefficients + k] = shape.integral(from, to)));
  };
  const nBins = range.bins.length;
  const design = new Float64Array(nParams * nBins);
  const row = new Float64Array(nParams);
  range.bins.forEach((bin, i) => {
    const [from, to] = [spectrum.low[bin], spectrum.high[bin]];
    fill(row.fill(0), from, to);
    row[nParams - 1] = signal.integral(from, to);
    row.forEach((a, k) => {
      design[k * nBins + i] = a;
      sums[k] += a;
    });
  });
  if (window[0] < window[1]) fill(inWindow, window[0], window[1]);
  peaks.forEach(({ expected, error }, k) => {
    centres[nCoefficients + k] = expected;
    weights[nCoefficients + k] = 1 / (error * error);
  });
  if (spec.kind === 'chebyshev') starts[0] = 1;
  else if (spec.kind === 'bernstein') starts.fill(1 / nCoefficients, 0, nCoefficients);
  const free = Array.from(weights.keys()).filter((k) => k >= nLog && weights[k] === 0);
  const shapes = free.map((k) => design.subarray(k * nBins, (k + 1) * nBins));
  const isInside = sums[nParams - 1] >= LEAST_SIGNAL;
  const problem = !isInside ? 'signal-outside' : areIndependent(shapes) ? 'ok' : 'degenerate';
  const status = range.status === 'ok' ? problem : range.status;
  return { nParams, nLog, range, bins: range.bins, status, design, nodes, settings };
}

/** In the place of a basis: column 0 is the part of a bin in the window, the others are 0. */
function partOfBin([low, high]: readonly [number, number]): Pick<RangeBasis, 'addIntegrals'> {
  return {
    addIntegrals(row, from, to) {
      row[0] += Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
    },
  };
}

/** Whether no column is a combination of those before. Gram-Schmidt, twice for the rounding of the first. */
export function areIndependent(columns: readonly Float64Array[]): boolean {
  const units: Float64Array[] = [];
  for (const column of columns) {
    const rest = column.slice();
    for (let pass = 0; pass < 2; pass++)
      for (const unit of units) {
        const share = dot(unit, rest);
        rest.forEach((_, i) => (rest[i] -= share * unit[i]));
      }
    const length = Math.sqrt(dot(rest, rest));
    if (!(length > LEAST_REST * Math.sqrt(dot(column, column)))) return false;
    units.push(rest.map((value) => value / length));
  }
  return true;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
