/**
 * What is not known exactly about the signal of sliding-range fits, and the columns it adds to a plan: a spurious signal and
 * uncertainties of the shape, each a parameter theta ~ N(0, 1).
 */
import type { Nuisance } from '../counting-model.ts';
import type { FitModel, FitPlan } from './fit-plan.ts';
import { HYPOTHESIS_STRIDE, SETTINGS } from './fit-plan.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { Spectrum } from './spectrum.ts';

export interface SignalNuisances {
  /** On efficiency, luminosity, branching (methods.md section 2); sizes per hypothesis. */
  readonly yields?: readonly Nuisance[];
  /** [nHypotheses] standard deviation of signal events, over all m, that the background's formula makes up: S + it is seen. */
  readonly spurious?: ArrayLike<number>;
  readonly shapes?: readonly ShapeNuisance[];
}

/** By how much the template changes per theta: s + theta delta (linear morphing). */
export interface ShapeNuisance {
  readonly name: string;
  /** [nRows] in the order of `plan.bins`: change of the share of the signal in a bin. */
  readonly deltas: Float64Array;
}

/**
 * `resolution`: the signal stretched about its mass by 1 +- size (of a Voigt profile the width too); `position`: moved by
 * +- size, in units of the variable. delta is half the difference of the two bin integrals.
 * @param sizes [nHypotheses] one standard deviation
 */
export function shapeNuisance(
  kind: 'resolution' | 'position',
  sizes: ArrayLike<number>,
  plan: FitPlan,
  spectrum: Spectrum,
  hypotheses: readonly Hypothesis[],
  signalAt: FitModel['signalAt'],
): ShapeNuisance {
  const deltas = new Float64Array(plan.bins.length);
  hypotheses.forEach((hypothesis, h) => {
    const { mass } = hypothesis;
    const size = sizes[h];
    const [first, nBins] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
    if (size === 0 || nBins === 0) return;
    const signal = signalAt(hypothesis);
    // the edges go the other way
    const moved = (edge: number, theta: number) =>
      kind === 'position' ? edge - theta * size : mass + (edge - mass) / (1 + theta * size);
    for (let row = first; row < first + nBins; row++) {
      const [low, high] = [spectrum.low[plan.bins[row]], spectrum.high[plan.bins[row]]];
      const share = (theta: number) => signal.integral(moved(low, theta), moved(high, theta));
      deltas[row] = 0.5 * (share(1) - share(-1));
    }
  });
  return { name: kind, deltas };
}

/** Columns before S: theta ~ N(0, 1) changes the expected events by theta times them. */
export interface ConstrainedColumn {
  /** Of row `row` of the plan, whose signal template has `share` there. */
  valueAt(hypothesis: number, row: number, share: number): number;
}

/** The spurious signal, as a background with a constrained yield of 0: a plan for fits of data and toys. */
export function withSpuriousSignal(plan: FitPlan, sizes: ArrayLike<number>): FitPlan {
  return withColumns(plan, [{ valueAt: (h, _, share) => sizes[h] * share }]);
}

/** The spurious signal and the shapes, whose columns are delta, to be multiplied by S: for fits at given S only. */
export function withSignalNuisances(plan: FitPlan, { spurious, shapes = [] }: SignalNuisances): FitPlan {
  const isSpurious = Array.from(spurious ?? []).some((size) => size !== 0);
  const withSpurious = isSpurious ? withSpuriousSignal(plan, spurious!) : plan;
  return withColumns(
    withSpurious,
    shapes.map(({ deltas }) => ({ valueAt: (_h, row) => deltas[row] })),
  );
}

/** All parameters before S keep their places. */
function withColumns(plan: FitPlan, columns: readonly ConstrainedColumn[]): FitPlan {
  const { nHypotheses, design: oldDesign, settings: oldSettings, maxParams: oldMax } = plan;
  const nNew = columns.length;
  const maxParams = oldMax + nNew;
  const hypotheses = plan.hypotheses.slice();
  const settings = new Float64Array(SETTINGS * maxParams * nHypotheses);
  const design = new Float64Array(oldDesign.length + nNew * plan.bins.length);
  let offset = 0;
  for (let h = 0; h < nHypotheses; h++) {
    const entry = hypotheses.subarray(HYPOTHESIS_STRIDE * h, HYPOTHESIS_STRIDE * (h + 1));
    const [first, nBins, from, nParams] = entry;
    const last = nParams - 1;
    const signal = oldDesign.subarray(from + last * nBins, from + nParams * nBins);
    design.set(oldDesign.subarray(from, from + last * nBins), offset);
    const added = design.subarray(offset + last * nBins, offset + (last + nNew) * nBins);
    columns.forEach(({ valueAt }, c) =>
      signal.forEach((share, i) => (added[c * nBins + i] = valueAt(h, first + i, share))),
    );
    design.set(signal, offset + (last + nNew) * nBins);
    for (let row = 0; row < SETTINGS; row++) {
      const old = oldSettings.subarray((h * SETTINGS + row) * oldMax);
      const now = settings.subarray((h * SETTINGS + row) * maxParams);
      now.set(old.subarray(0, last));
      now[last + nNew] = old[last];
      for (let c = 0; c < nNew; c++) {
        if (row === SUMS)
          now[last + c] = added.subarray(c * nBins, (c + 1) * nBins).reduce((sum, value) => sum + value, 0);
        if (row === WEIGHTS) now[last + c] = 1;
      }
    }
    entry[2] = offset;
    entry[3] = nParams + nNew;
    offset += (nParams + nNew) * nBins;
  }
  return { ...plan, maxParams, hypotheses, design, settings };
}

/** Rows of the settings of a plan. */
const SUMS = 0;
const WEIGHTS = 3;
