/**
 * Toys of a scan whose background orders are chosen: the choice is made anew from the counts of every toy, by the rule of
 * the data (scan/spectrum/order-choice.ts), so that its freedom is in the global p-value. f64, on one thread.
 */
import type { Kernel, KernelArray } from '../../kernels/kernel.ts';
import { QUICK_BINDINGS, QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE } from '../../kernels/quick/layout.ts';
import { FIT_RESULT_STRIDE, START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import { chooseOrders, runChosen, type ChoicePlans } from '../../scan/spectrum/order-choice.ts';
import type { SpectrumPart } from '../../scan/spectrum/part.ts';
import { withStartsFrom } from '../../scan/spectrum/toy-starts.ts';
import { hasFailed, signedZ, type OneToy } from './fit-toys.ts';
import { firstBins } from './joint-plan.ts';
import type { Pass } from './toy-refits.ts';

/** Numbers [nHypotheses of all parts][FIT_RESULT_STRIDE] of one toy with the counts of all bins. */
type FitAll = (counts: Uint32Array) => Float64Array;

/** @param isQuick as oneToy; quick fits and choices start from the data */
function fitAll(parts: readonly SpectrumPart[], isQuick: boolean): FitAll {
  const firstBin = firstBins(parts);
  const start = isQuick ? START.given : START.leastSquares;
  const fits = parts.map(({ plan, choice, spectrum }) => {
    const started = <P extends SpectrumPart['plan']>(of: P) => (isQuick ? withStartsFrom(of, spectrum.counts) : of);
    if (choice === undefined) {
      const own = started(plan);
      return (counts: Uint32Array) => {
        const { arrays, params, nItems } = spectrumInputs(own, counts, counts.length, { start, isQuick });
        const result = new Float64Array(nItems * FIT_RESULT_STRIDE);
        spectrumFit.run([...arrays, result], params, 0, nItems);
        return result;
      };
    }
    const plans: ChoicePlans = { ...choice, plans: choice.plans.map(started) };
    return (counts: Uint32Array) => runChosen(plans, counts, chooseOrders(plans, counts, start), { start, isQuick });
  });
  const nHypotheses = parts.reduce((sum, { plan }) => sum + plan.nHypotheses, 0);
  const all = new Float64Array(nHypotheses * FIT_RESULT_STRIDE);
  return (counts) => {
    parts.forEach(({ first }, p) =>
      all.set(fits[p](counts.slice(firstBin[p], firstBin[p + 1])), first * FIT_RESULT_STRIDE),
    );
    return all;
  };
}

/** @param ids of the tested hypotheses in the scan */
export function chosenPass(parts: readonly SpectrumPart[], ids: readonly number[]): Pass {
  const fit = fitAll(parts, true);
  const nBins = firstBins(parts)[parts.length];
  const kernel: Kernel = {
    name: 'spectrum_chosen',
    bindings: [QUICK_BINDINGS[0], QUICK_BINDINGS[QUICK_BINDINGS.length - 1]],
    params: [],
    isCpuOnly: true,
    run([counts, result]: readonly KernelArray[], _, first, count) {
      for (let toy = first; toy < first + count; toy++) {
        const numbers = fit((counts as Uint32Array).subarray(toy * nBins, (toy + 1) * nBins));
        ids.forEach((id, h) => {
          const at = (toy * ids.length + h) * QUICK_RESULT_STRIDE;
          const isFailed = hasFailed(numbers, id * FIT_RESULT_STRIDE);
          result[at + Q.z] = isFailed ? 0 : signedZ(numbers, id * FIT_RESULT_STRIDE);
          result[at + Q.code] = isFailed ? QUICK_CODE.undecided : QUICK_CODE.ok;
        });
      }
    },
  };
  return { kernel, arrays: [], params: {}, itemsPerToy: 1 };
}

/** As oneToy to the last step, with the choice made from the toy's own fits. */
export function oneChosenToy(parts: readonly SpectrumPart[], ids: readonly number[]): OneToy {
  const fit = fitAll(parts, false);
  const counts = new Uint32Array(firstBins(parts)[parts.length]);
  let numbers: Float64Array = new Float64Array(0);
  return {
    counts,
    load: () => (numbers = fit(counts)),
    fit: (h) => numbers.subarray(ids[h] * FIT_RESULT_STRIDE, (ids[h] + 1) * FIT_RESULT_STRIDE),
  };
}
