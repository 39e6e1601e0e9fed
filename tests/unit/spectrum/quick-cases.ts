/** Spectra with hypotheses, and toys of them, for the quick fits. */
import type { KernelArray, ParamValues } from '../../../src/kernels/kernel.ts';
import { QUICK_RESULT_STRIDE } from '../../../src/kernels/spectrum_quick.ts';
import { makeFitPlan, type FitModel, type FitPlan } from '../../../src/model/spectrum/fit-plan.ts';
import { hypothesesInSteps, type Hypothesis } from '../../../src/model/spectrum/hypotheses.ts';
import { makeQuickPlan, type QuickPlan } from '../../../src/model/spectrum/quick-plan.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import type { Spectrum } from '../../../src/model/spectrum/spectrum.ts';
import { makeStream } from '../../../src/stats/philox.ts';
import { unitSpectrum } from '../../support/spectra.ts';

export interface QuickCase {
  readonly name: string;
  readonly spectrum: Spectrum;
  readonly plan: FitPlan;
  readonly expected: Float64Array;
}

const signalAt = ({ mass, sigma }: Hypothesis) => gaussian(mass, sigma);

export function quickCase(
  name: string,
  spectrum: Spectrum,
  hypotheses: readonly Hypothesis[],
  model: Omit<FitModel, 'signalAt'>,
  expected: Float64Array = smoothed(spectrum),
): QuickCase {
  return { name, spectrum, plan: makeFitPlan(spectrum, hypotheses, { signalAt, ...model }), expected };
}

/** Steeply falling, 120 bins, `scale` events in a bin in the middle. */
export function fallingCase(name: string, scale: number, model: Partial<Omit<FitModel, 'signalAt'>> = {}): QuickCase {
  const expected = Float64Array.from({ length: 120 }, (_, i) => scale * Math.exp((60 - i) / 40));
  const spectrum = unitSpectrum(Array.from(expected, (value) => Math.max(1, Math.round(value))));
  const hypotheses = hypothesesInSteps(() => 2.2, 4, 116, 2.5);
  const rest = { background: { kind: 'chebyshev', degree: 3 }, range: { halfWidth: 11.4 }, ...model } as const;
  return quickCase(name, spectrum, hypotheses, rest, expected);
}

/** A running mean of the data: never 0, and without their fluctuations. */
function smoothed({ counts, nBins }: Spectrum): Float64Array {
  return Float64Array.from({ length: nBins }, (_, i) => {
    const near = counts.subarray(Math.max(0, i - 7), i + 8);
    return near.reduce((sum, count) => sum + count, 0) / near.length + 1e-3;
  });
}

/** [nToys][nBins] Poisson counts: products of uniforms (Knuth) up to means of 30, above them rounded normals. */
export function throwToys(expected: Float64Array, nToys: number, seed = 1): Uint32Array {
  const counts = new Uint32Array(nToys * expected.length);
  for (let toy = 0; toy < nToys; toy++)
    expected.forEach((mean, bin) => (counts[toy * expected.length + bin] = throwCount(mean, seed, bin, toy)));
  return counts;
}

function throwCount(mean: number, seed: number, bin: number, toy: number): number {
  const stream = makeStream(seed, bin, toy);
  const uniform = (draw: number) => (stream.words(draw >> 2)[draw & 3] + 0.5) / 2 ** 32;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(uniform(0))) * Math.cos(2 * Math.PI * uniform(1));
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const end = Math.exp(-mean);
  let product = uniform(0);
  let draw = 0;
  while (product > end) product *= uniform(++draw);
  return draw;
}

type Run = (arrays: readonly KernelArray[], params: ParamValues, first: number, count: number) => unknown;

export function quickInputs(quick: QuickPlan, counts: Uint32Array, nBins: number) {
  const nItems = (counts.length / nBins) * quick.nHypotheses;
  const result = new Float64Array(QUICK_RESULT_STRIDE * nItems).fill(Number.NaN);
  return {
    arrays: [counts, quick.hypotheses, quick.bins, quick.rows, quick.scales, result],
    params: {
      n_hypotheses: quick.nHypotheses,
      n_bins: nBins,
      max_bins: quick.maxBins,
      max_params: quick.maxParams,
    },
    nItems,
    result,
  };
}

export function quickFits({ plan, expected }: QuickCase, counts: Uint32Array, run: Run): Float64Array {
  const { arrays, params, nItems, result } = quickInputs(makeQuickPlan(plan, expected), counts, expected.length);
  run(arrays, params, 0, nItems);
  return result;
}
