/** Pseudo-experiments from the fitted background: S^ is unbiased, its pull standard, the p of the signed Z uniform. */
import { expect, test } from 'vitest';
import { FIT_RESULT as R, FIT_RESULT_STRIDE, START } from '../../../src/kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../../src/kernels/spectrum_fit.ts';
import { makeFitPlan } from '../../../src/model/spectrum/fit-plan.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { spectrumInputs } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { withStartsFrom } from '../../../src/scan/spectrum/toy-starts.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { makeStream } from '../../../src/stats/philox.ts';
import { unitSpectrum } from '../../support/spectra.ts';

const N_BINS = 50;
const N_TOYS = 2500;
const SIGNAL = 60;
const background = Array.from({ length: N_BINS }, (_, i) => 150 - 2.5 * i + 0.012 * i * i);
const shape = gaussian(24, 2);
const plan = makeFitPlan(unitSpectrum(background.map(Math.round)), [{ mass: 24, sigma: 2 }], {
  signalAt: () => shape,
  background: { kind: 'chebyshev', degree: 3 },
  range: { halfWidth: 100 },
});

/** Poisson counts by products of uniforms (Knuth): means up to 200. */
function toys(signal: number): Uint32Array {
  return Uint32Array.from({ length: N_BINS * N_TOYS }, (_, k) => {
    const [toy, bin] = [Math.floor(k / N_BINS), k % N_BINS];
    const stream = makeStream(2010 + signal, bin, toy);
    const end = Math.exp(-(background[bin] + signal * shape.integral(bin, bin + 1)));
    let product = 1;
    for (let draw = 0; ; draw++) {
      const words = stream.words(draw >> 2);
      product *= (words[draw & 3] + 0.5) / 2 ** 32;
      if (product < end) return draw;
    }
  });
}

function fitToys(counts: Uint32Array, start: number, isQuick: boolean): Float64Array[] {
  const fitted = start === START.given ? withStartsFrom(plan, Uint32Array.from(background, Math.round)) : plan;
  const { arrays, params, nItems } = spectrumInputs(fitted, counts, N_BINS, { start, isQuick });
  const result = new Float64Array(nItems * FIT_RESULT_STRIDE);
  spectrumFit.run([...arrays, result], params, 0, nItems);
  return Array.from({ length: nItems }, (_, i) => result.subarray(i * FIT_RESULT_STRIDE, (i + 1) * FIT_RESULT_STRIDE));
}

test.each([0, SIGNAL])('with S = %i the pull of S^ has mean 0 and width 1', (signal) => {
  const pulls = fitToys(toys(signal), START.leastSquares, false).map((fit) => (fit[R.sHat] - signal) / fit[R.sErr]);
  const mean = pulls.reduce((sum, pull) => sum + pull, 0) / N_TOYS;
  const width = Math.sqrt(pulls.reduce((sum, pull) => sum + (pull - mean) ** 2, 0) / N_TOYS);
  // 4.5 standard errors (7e-6 each), and 0.02 for the correlation of S^ with its error at these counts
  expect(Math.abs(mean)).toBeLessThan(4.5 / Math.sqrt(N_TOYS) + 0.02);
  expect(Math.abs(width - 1)).toBeLessThan(4.5 / Math.sqrt(2 * N_TOYS) + 0.02);
});

test('the p of the signed Z is uniform, and quick fits from the start of the data find the same', () => {
  const counts = toys(0);
  const quick = fitToys(counts, START.given, true);
  const full = fitToys(counts, START.leastSquares, false);
  const signedZ = (fit: Float64Array) => Math.sign(fit[R.sHat]) * Math.sqrt(fit[R.twiceDeltaLnL]);
  const p = quick.map((fit) => Math.exp(lnNormalTail(signedZ(fit)))).sort((a, b) => a - b);
  const distance = p.reduce((most, value, i) => Math.max(most, value - i / N_TOYS, (i + 1) / N_TOYS - value), 0);
  // Kolmogorov: exceeded with probability 2 exp(-2 2.3^2) = 5e-5
  expect(distance).toBeLessThan(2.3 / Math.sqrt(N_TOYS));
  quick.forEach((fit, i) => {
    expect(fit[R.codes]).toBe(0);
    expect(Math.abs(signedZ(fit) - signedZ(full[i]))).toBeLessThan(1e-4);
  });
  const steps = (fits: Float64Array[]) => fits.reduce((sum, fit) => sum + fit[R.iterations], 0) / N_TOYS;
  expect(steps(quick)).toBeLessThan(0.85 * steps(full));
});
