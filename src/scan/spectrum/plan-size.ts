/** How large the fits of a spectrum become, known before memory is taken for them. */
import { DarkscanError } from '../../errors.ts';
import { backgroundOf, countParams, isLogBackground, type FitModel } from '../../model/spectrum/fit-model.ts';
import type { Hypothesis } from '../../model/spectrum/hypotheses.ts';
import { NODES } from '../../model/spectrum/log-backgrounds.ts';
import { fitIntervals } from '../../model/spectrum/ranges.ts';
import type { Spectrum } from '../../model/spectrum/spectrum.ts';

/** About 2 GB while they are made. */
export const MOST_NUMBERS = 2 ** 26;

/**
 * Error (kind resource) where the fits need more numbers than are allowed: bins times parameters, over all hypotheses.
 * @param nPlans orders of the background that are tried, each in a plan of its own
 * @param where path of the block, for messages
 */
export function checkPlanSize(
  spectrum: Spectrum,
  hypotheses: readonly Hypothesis[],
  model: FitModel,
  nPlans: number,
  where: string,
): void {
  let [total, mostBins] = [0, 0];
  hypotheses.forEach((hypothesis, i) => {
    const background = backgroundOf(model, hypothesis, i);
    const [nCoefficients, nParams] = countParams(background, model);
    const perBin = nParams + (isLogBackground(background) ? NODES * (nCoefficients + 1) : 0);
    const nBins = binsOf(spectrum, hypothesis, model);
    mostBins = Math.max(mostBins, nBins);
    total += nPlans * nBins * perBin;
  });
  if (total <= MOST_NUMBERS) return;
  const found = `card: ${where}: ${hypotheses.length} hypotheses with up to ${mostBins} bins each need ${total.toExponential(1)} numbers`;
  throw new DarkscanError(
    'resource',
    `${found}, at most ${MOST_NUMBERS} are allowed; take larger steps, wider bins or narrower ranges`,
    { where },
  );
}

/** Bins between the ends of the range, vetoed ones in it included. */
function binsOf({ low, high, nBins }: Spectrum, hypothesis: Hypothesis, model: FitModel): number {
  const intervals = fitIntervals(hypothesis, model.range, [low[0], high[nBins - 1]]);
  if (intervals.length === 0) return 0;
  return firstAbove(low, intervals[intervals.length - 1][1]) - firstAbove(high, intervals[0][0]);
}

/** First index whose value is above `at`, in ascending values. */
function firstAbove(values: Float64Array, at: number): number {
  let [first, last] = [0, values.length];
  while (first < last) {
    const middle = (first + last) >>> 1;
    if (values[middle] <= at) first = middle + 1;
    else last = middle;
  }
  return first;
}
