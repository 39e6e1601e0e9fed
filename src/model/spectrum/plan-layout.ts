/** The fits of a scan as flat arrays (FitPlan), packed from one plan per hypothesis. Read by src/kernels/shared/spectrum-*.ts. */
import type { FitRange, RangeStatus } from './ranges.ts';

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

/** What the fits take; rows are bins, or events (UnbinnedPlan). */
export interface FitRows {
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
   * logarithm are not used, but for the first: the part of the bin in mass +- 2 widths of the signal.
   */
  readonly design: Float64Array;
  /**
   * [nHypotheses][5][maxParams]: sums of the columns of the design; events between mass +- 2 widths (0 for S); centre and
   * 1/error^2 of a constraint; start, per event of the range (a constrained parameter starts at its centre).
   */
  readonly settings: Float64Array;
  /** Per hypothesis with a linear logarithm [nBins][4][1 + nCoefficients] as logNodes gives them. */
  readonly nodes: Float64Array;
  readonly ranges: readonly FitRange[];
  readonly statuses: readonly PlanStatus[];
}

export interface FitPlan extends FitRows {
  readonly isUnbinned?: false;
}

/** Of unbinned.ts. Nothing that takes rows for bins (limits, toys, curves) takes it. */
export interface UnbinnedPlan extends FitRows {
  readonly isUnbinned: true;
}

export type AnyPlan = FitPlan | UnbinnedPlan;

/** The fit of one hypothesis. */
export interface OnePlan {
  readonly nParams: number;
  /** Coefficients of a background with a linear logarithm, else 0. */
  readonly nLog: number;
  readonly range: FitRange;
  /** [nBins] bins of the spectrum. */
  readonly bins: Uint32Array;
  readonly status: PlanStatus;
  /** [nParams][nBins] */
  readonly design: Float64Array;
  readonly nodes: Float64Array;
  /** [SETTINGS][nParams] */
  readonly settings: readonly Float64Array[];
}

/** Hypotheses that are not ok keep their status and get no rows. */
export function packPlans(plans: readonly OnePlan[]): FitPlan {
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
    if (plan.status === 'ok') bins.set(plan.bins, table[HYPOTHESIS_STRIDE * h]);
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
