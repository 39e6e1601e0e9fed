/** What is fitted, signal and backgrounds, as the columns of a design: events per unit of each parameter, S last. */
import { DarkscanError } from '../../errors.ts';
import { rangeBasis, type BackgroundBasis, type RangeBasis } from './background-bases.ts';
import type { Hypothesis } from './hypotheses.ts';
import { countLogCoefficients, type LogBackground } from './log-backgrounds.ts';
import { SETTINGS } from './plan-layout.ts';
import type { Interval, RangeRule } from './ranges.ts';
import type { SignalShape } from './signal-shapes.ts';

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
const SIGNAL_WINDOW = 2;

/** Error of kind card. */
export function checkPeaks(peaks: FitModel['peaks'] = []): void {
  peaks.forEach(({ expected, error }, i) => {
    if (!(expected >= 0 && expected < Infinity && error > 0 && error < Infinity))
      throw new DarkscanError(
        'card',
        `peaking background ${i}: yield ${expected} +- ${error}, expected numbers above 0`,
      );
  });
}

export function backgroundOf({ background }: FitModel, hypothesis: Hypothesis, index: number): Background {
  return typeof background === 'function' ? background(hypothesis, index) : background;
}

export function isLogBackground(background: Background): background is LogBackground {
  return background.kind === 'exponential' || background.kind === 'power-law';
}

/** Coefficients of the background, and all parameters. */
export function countParams(
  background: Background,
  { peaks = [] }: FitModel,
): [nCoefficients: number, nParams: number] {
  const nCoefficients = isLogBackground(background) ? countLogCoefficients(background) : background.degree + 1;
  return [nCoefficients, nCoefficients + peaks.length + 1];
}

/** Both fill a row [nParams]. */
export interface FitColumns {
  /** Events from `from` to `to`. */
  integrals(row: Float64Array, from: number, to: number): void;
  /** Events per unit of x. */
  densities(row: Float64Array, x: number): void;
  /** [SETTINGS][nParams], without the sums of the columns. */
  readonly settings: readonly Float64Array[];
}

/**
 * Of one hypothesis in the range from low to high. Where the background has a linear logarithm its first column is the part
 * of the bin that is in the window under the signal, and its others, which the fit makes, are 0.
 */
export function fitColumns(
  background: Background,
  model: FitModel,
  hypothesis: Hypothesis,
  [low, high]: Interval,
): FitColumns {
  const { peaks = [] } = model;
  const [nCoefficients, nParams] = countParams(background, model);
  const reach = SIGNAL_WINDOW * (hypothesis.width ?? hypothesis.sigma);
  const window = [Math.max(low, hypothesis.mass - reach), Math.min(high, hypothesis.mass + reach)] as const;
  const basis = isLogBackground(background) ? partOfBin(window) : rangeBasis(background, low, high);
  const peakShapes = peaks.map(({ shape }) => shape);
  const shapes = [...peakShapes, model.signalAt(hypothesis)];
  const settings = Array.from({ length: SETTINGS }, () => new Float64Array(nParams));
  const [, inWindow, centres, weights, starts] = settings;
  const fill = (row: Float64Array, from: number, to: number, wanted: readonly SignalShape[]) => {
    basis.addIntegrals(row.fill(0), from, to);
    wanted.forEach((shape, k) => (row[nCoefficients + k] = shape.integral(from, to)));
  };
  if (window[0] < window[1]) fill(inWindow, window[0], window[1], peakShapes);
  peaks.forEach(({ expected, error }, k) => {
    centres[nCoefficients + k] = expected;
    weights[nCoefficients + k] = 1 / (error * error);
  });
  if (background.kind === 'chebyshev') starts[0] = 1;
  else if (background.kind === 'bernstein') starts.fill(1 / nCoefficients, 0, nCoefficients);
  return {
    integrals: (row, from, to) => fill(row, from, to, shapes),
    densities(row, x) {
      basis.addDensities(row.fill(0), x);
      shapes.forEach((shape, k) => (row[nCoefficients + k] = shape.density(x)));
    },
    settings,
  };
}

function partOfBin([low, high]: Interval): Pick<RangeBasis, 'addIntegrals' | 'addDensities'> {
  return {
    addIntegrals(row, from, to) {
      row[0] += Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
    },
    addDensities() {},
  };
}
