/**
 * All fits of a scan as flat arrays: expected events of a bin are linear in the parameters, nu_i = sum_k theta_k a_ik, with
 * the background coefficients, the yields of peaking backgrounds, and S as the last parameter. Depends on the edges of the
 * spectrum, not on its counts: made once for the data and all toys.
 */
import { backgroundOf, checkPeaks, countParams, fitColumns, isLogBackground, type FitModel } from './fit-model.ts';
import type { Hypothesis } from './hypotheses.ts';
import { logNodes } from './log-backgrounds.ts';
import { packPlans, SETTINGS, type FitPlan, type OnePlan, type PlanStatus } from './plan-layout.ts';
import { fitRange } from './ranges.ts';
import type { Spectrum } from './spectrum.ts';

export type { Background, FitModel, PeakingBackground } from './fit-model.ts';
export { HYPOTHESIS_STRIDE, SETTINGS, type FitPlan, type PlanStatus } from './plan-layout.ts';

/** Part of the signal that must be in the range. */
const LEAST_SIGNAL = 0.5;
/** Part of a column that must be left when the columns before are taken out. */
const LEAST_REST = 1e-6;

/** Hypotheses that cannot be fitted have a status and no rows. */
export function makeFitPlan(spectrum: Spectrum, hypotheses: readonly Hypothesis[], model: FitModel): FitPlan {
  checkPeaks(model.peaks);
  return packPlans(hypotheses.map((hypothesis, i) => planOf(spectrum, hypothesis, i, model)));
}

const NONE = new Float64Array(0);

function planOf(spectrum: Spectrum, hypothesis: Hypothesis, index: number, model: FitModel): OnePlan {
  const background = backgroundOf(model, hypothesis, index);
  const [nCoefficients, nParams] = countParams(background, model);
  const nLog = isLogBackground(background) ? nCoefficients : 0;
  const range = fitRange(spectrum, hypothesis, model.range, nParams);
  const { bins } = range;
  const unfit = (status: PlanStatus): OnePlan => {
    const settings = Array.from({ length: SETTINGS }, () => new Float64Array(nParams));
    return { nParams, nLog, range, bins, status, design: NONE, nodes: NONE, settings };
  };
  if (range.status === 'few-bins') return unfit('few-bins');
  const [lows, highs] = [spectrum.low, spectrum.high].map((edges) => Float64Array.from(bins, (bin) => edges[bin]));
  const nodes = isLogBackground(background) ? logNodes(background, lows, highs) : NONE;
  if (nodes === undefined) return unfit('outside-domain');
  const { integrals, settings } = fitColumns(background, model, hypothesis, [range.low, range.high]);
  const [sums] = settings;
  const nBins = bins.length;
  const design = new Float64Array(nParams * nBins);
  const row = new Float64Array(nParams);
  lows.forEach((low, i) => {
    integrals(row, low, highs[i]);
    row.forEach((a, k) => {
      design[k * nBins + i] = a;
      sums[k] += a;
    });
  });
  const problem = problemOf(design, nBins, nBins, nLog, settings);
  const status = range.status === 'ok' ? problem : range.status;
  return { nParams, nLog, range, bins, status, design, nodes, settings };
}

/**
 * What is wrong with a design [nParams][nRows], if anything: too little of the signal, or columns without constraint that
 * are a combination of others in the first `nUsed` rows.
 */
export function problemOf(
  design: Float64Array,
  nRows: number,
  nUsed: number,
  nLog: number,
  [sums, , , weights]: readonly Float64Array[],
): PlanStatus {
  if (!(sums[sums.length - 1] >= LEAST_SIGNAL)) return 'signal-outside';
  const free = Array.from(weights.keys()).filter((k) => k >= nLog && weights[k] === 0);
  return areIndependent(free.map((k) => design.subarray(k * nRows, k * nRows + nUsed))) ? 'ok' : 'degenerate';
}

/** Whether no column is a combination of those before. Gram-Schmidt, twice for the rounding of the first. */
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
