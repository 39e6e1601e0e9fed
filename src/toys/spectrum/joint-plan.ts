/** The fits of all spectra of a card as one plan over all their bins: toys are whole spectra, thrown and fitted at once. */
import { HYPOTHESIS_STRIDE, SETTINGS } from '../../kernels/shared/spectrum-arrays.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import type { SpectrumPart } from '../../scan/spectrum/part.ts';

type Planned = Pick<SpectrumPart, 'plan'> & { readonly spectrum: { readonly nBins: number } };

/** [nParts + 1] number of the first bin of every part among all bins. */
export function firstBins(parts: readonly Planned[]): number[] {
  const first = [0];
  for (const { spectrum } of parts) first.push(first[first.length - 1] + spectrum.nBins);
  return first;
}

/** Bins are numbered through all parts, hypotheses as in the scan. */
export function joinPlans(parts: readonly Planned[]): FitPlan {
  const plans = parts.map(({ plan }) => plan);
  const firstBin = firstBins(parts);
  const maxParams = Math.max(...plans.map((plan) => plan.maxParams));
  const nHypotheses = sum(plans.map((plan) => plan.nHypotheses));
  const hypotheses = new Uint32Array(HYPOTHESIS_STRIDE * nHypotheses);
  const settings = new Float64Array(SETTINGS * maxParams * nHypotheses);
  let [nRows, nElements, nNodes, at] = [0, 0, 0, 0];
  for (const plan of plans) {
    for (let h = 0; h < plan.nHypotheses; h++, at++) {
      const [row, nBins, design, nParams, nLog, nodes] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
      hypotheses.set([row + nRows, nBins, design + nElements, nParams, nLog, nodes + nNodes], HYPOTHESIS_STRIDE * at);
      for (let r = 0; r < SETTINGS; r++) settings.set(settingsRow(plan, h, r), (at * SETTINGS + r) * maxParams);
    }
    nRows += plan.bins.length;
    nElements += plan.design.length;
    nNodes += plan.nodes.length;
  }
  return {
    nHypotheses,
    maxParams,
    maxBins: Math.max(...plans.map((plan) => plan.maxBins)),
    hypotheses,
    bins: Uint32Array.from(plans.flatMap((plan, p) => Array.from(plan.bins, (bin) => bin + firstBin[p]))),
    design: joined(plans.map((plan) => plan.design)),
    settings,
    nodes: joined(plans.map((plan) => plan.nodes)),
    ranges: plans.flatMap((plan, p) =>
      plan.ranges.map((range) => ({ ...range, bins: range.bins.map((bin) => bin + firstBin[p]) })),
    ),
    statuses: plans.flatMap((plan) => plan.statuses),
  };
}

function settingsRow({ settings, maxParams }: FitPlan, h: number, row: number): Float64Array {
  const at = (h * SETTINGS + row) * maxParams;
  return settings.subarray(at, at + maxParams);
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(sum(arrays.map((array) => array.length)));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
