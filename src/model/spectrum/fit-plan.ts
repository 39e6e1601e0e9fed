/**
 * All fits of a scan as flat arrays: expected events of a bin are linear in the parameters, nu_i = sum_k theta_k a_ik, with
 * the background coefficients, the yields of peaking backgrounds, and S as the last parameter. Depends on the edges of the
 * spectrum, not on its counts: made once for the data and all toys.
 */
import { DarkscanError } from '../../errors.ts';
import { rangeBasis, type BackgroundBasis, type RangeBasis } from './background-bases.ts';
import type { Hypothesis } from './hypotheses.ts';
import { countLogCoefficients, logNodes, type LogBackground } from './log-backgrounds.ts';
import { fitRange, type FitRange, type RangeRule, type RangeStatus } from './ranges.ts';
import type { SignalShape } from './signal-shapes.ts';
import type { Spectrum } from './spectrum.ts';

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

/**
 * `signal-outside`: less than half of the signal is in the fitted bins (wider than the range, beyond its edges, vetoed);
 * `degenerate`: in these bins the signal is a combination of the backgrounds; `outside-domain`: they reach beyond where
 * the background's formula holds.
 */
export type PlanStatus = RangeStatus | 'signal-outside' | 'degenerate' | 'outside-domain';

/** Numbers per hypothesis in `hypotheses`. */
export const HYPOTHESIS_STRIDE = 6;
/** Rows of `settings`. */
export const SETTINGS = 5;

export interface FitPlan {
  readonly nHypotheses: number;
  /** Largest number of parameters and of bins in a range. */
  readonly maxParams: number;
  readonly maxBins: number;
  /**
   * [nHypotheses][6] first row, number of bins, offset in design, number of parameters; for a background with a linear
   * logarithm the number of its coefficients (else 0) and the offset in nodes.
   */
  readonly hypotheses: Uint32Array;
  /** [nRows] bins of the spectrum. */
  readonly bins: Uint32Array;
  /**
   * Per hypothesis [nParams][nBins] expected events per unit of each parameter. The columns of a background with a linear
   * logarithm are not used, but for the first: the part of the bin in mass +- 2 sigma.
   */
  readonly design: Float64Array;
  /**
   * [nHypotheses][5][maxParams]: sums of the columns of the design; events between mass +- 2 sigma (0 for S); centre and
   * 1/error^2 of a constraint; start, per event of the range (a constrained parameter starts at its centre).
   */
  readonly settings: Float64Array;
  /** Per hypothesis with a linear logarithm [nBins][4][1 + nCoefficients] as logNodes gives them. */
  readonly nodes: Float64Array;
  readonly ranges: readonly FitRange[];
  readonly statuses: readonly PlanStatus[];
}

const SIGNAL_WINDOW = 2;
const LEAST_SIGNAL = 0.5;
/** Part of a column that must be left when the columns before are taken out. */
const LEAST_REST = 1e-6;

/** Hypotheses that cannot be fitted have a status and no rows. */
export function makeFitPlan(spectrum: Spectrum, hypotheses: readonly Hypothesis[], model: FitModel): FitPlan {
  const { peaks = [] } = model;
  peaks.forEach(({ expected, error }, i) => {
    if (!(expected >= 0 && expected < Infinity && error > 0 && error < Infinity))
      throw new DarkscanError(
        'card',
        `peaking background ${i}: yield ${expected} +- ${error}, expected numbers above 0`,
      );
  });
  const plans = hypotheses.map((hypothesis, i) => planOf(spectrum, hypothesis, i, model));
  const fitted = plans.map((plan) => (plan.status === 'ok' ? plan : { ...plan, design: NONE, nodes: NONE }));
  const maxParams = fitted.reduce((most, { nParams }) => Math.max(most, nParams), 1);
  const table = new Uint32Array(HYPOTHESIS_STRIDE * fitted.length);
  const settings = new Float64Array(SETTINGS * maxParams * fitted.length);
  let [nRows, nElements, nNodes, maxBins] = [0, 0, 0, 0];
  fitted.forEach(({ design, nParams, nLog, nodes, settings: rows }, h) => {
    const nBins = design.length / nParams;
    table.set([nRows, nBins, nElements, nParams, nLog, nNodes], HYPOTHESIS_STRIDE * h);
    rows.forEach((row, r) => settings.set(row, (h * SETTINGS + r) * maxParams));
    nRows += nBins;
    nElements += design.length;
    nNodes += nodes.length;
    maxBins = Math.max(maxBins, nBins);
  });
  const bins = new Uint32Array(nRows);
  const design = new Float64Array(nElements);
  const nodes = new Float64Array(nNodes);
  fitted.forEach((plan, h) => {
    if (plan.status === 'ok') bins.set(plan.range.bins, table[HYPOTHESIS_STRIDE * h]);
    design.set(plan.design, table[HYPOTHESIS_STRIDE * h + 2]);
    nodes.set(plan.nodes, table[HYPOTHESIS_STRIDE * h + 5]);
  });
  return {
    nHypotheses: fitted.length,
    maxParams,
    maxBins,
    hypotheses: table,
    bins,
    design,
    settings,
    nodes,
    ranges: fitted.map(({ range }) => range),
    statuses: fitted.map(({ status }) => status),
  };
}

const NONE = new Float64Array(0);

interface OnePlan {
  readonly nParams: number;
  /** Coefficients of a background with a linear logarithm, else 0. */
  readonly nLog: number;
  readonly range: FitRange;
  readonly status: PlanStatus;
  /** [nParams][nBins] */
  readonly design: Float64Array;
  readonly nodes: Float64Array;
  /** [SETTINGS][nParams] */
  readonly settings: readonly Float64Array[];
}

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
    status,
    design: NONE,
    nodes: NONE,
    settings,
  });
  if (range.status === 'few-bins') return unfit('few-bins');
  const reach = SIGNAL_WINDOW * hypothesis.sigma;
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
  return { nParams, nLog, range, status, design, nodes, settings };
}

/** In the place of a basis: column 0 is the part of a bin in the window, the others are 0. */
function partOfBin([low, high]: readonly [number, number]): Pick<RangeBasis, 'addIntegrals'> {
  return {
    addIntegrals(row, from, to) {
      row[0] += Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
    },
  };
}

/** Gram-Schmidt, twice for the rounding of the first. */
function areIndependent(columns: readonly Float64Array[]): boolean {
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
