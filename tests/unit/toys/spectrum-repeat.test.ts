/** Fits of toys that fast fits leave open: the excesses of the full fits to the data's precision, everywhere else 0. */
import { describe, expect, test } from 'vitest';
import { QUICK_RESULT as Q, QUICK_RESULT_STRIDE } from '../../../src/kernels/quick/layout.ts';
import type { Background } from '../../../src/model/spectrum/fit-plan.ts';
import { hypothesesInSteps } from '../../../src/model/spectrum/hypotheses.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { throwSpectrum } from '../../../src/toys/spectrum/fit-toys.ts';
import { refitPasses } from '../../../src/toys/spectrum/toy-refits.ts';
import { hasShared } from '../../support/fixtures.ts';
import { publishedSpectrum } from '../../support/spectra.ts';
import { partOf, setupOf } from './spectrum-setup.ts';

const TOYS = 6;
const CASES: readonly [
  name: string,
  file: string,
  sigma: number,
  from: number,
  to: number,
  half: number,
  Background,
][] = [
  ['sparse polynomials', 'cms_diphoton_EBEB_13TeV.csv', 0.012, 900, 2400, 10, { kind: 'chebyshev', degree: 3 }],
  [
    'a power law over the whole spectrum',
    'atlas_diphoton_2015_13TeV_digitised.csv',
    0.04,
    200,
    1600,
    1000,
    { kind: 'power-law', powers: 1, end: 13000, root: 1 / 3 },
  ],
  ['a sliding exponential', 'cms_diphoton_EBEB_13TeV.csv', 0.012, 600, 2000, 12, { kind: 'exponential', degree: 1 }],
];

describe.skipIf(!hasShared)('toys of public spectra', () => {
  test.each(CASES)('%s', async (_, file, sigma, from, to, half, background) => {
    const hypotheses = hypothesesInSteps((mass) => sigma * mass, from, to, 1);
    const part = partOf(publishedSpectrum(file), hypotheses, { background, range: { halfWidth: half } });
    const { plan, expected, tables } = await setupOf([part]);
    const [nBins, n] = [expected.length, plan.nHypotheses];
    const counts = new Uint32Array(TOYS * nBins);
    for (let toy = 0; toy < TOYS; toy++) throwSpectrum(tables, 5, toy, counts.subarray(toy * nBins, (toy + 1) * nBins));
    const numbers = new Float64Array(TOYS * n * QUICK_RESULT_STRIDE);
    const [quick, repeat] = refitPasses(plan, expected).passes;
    quick.kernel.run([counts, ...quick.arrays, numbers], quick.params, 0, TOYS * n);
    const open = Array.from({ length: TOYS * n }, (__, item) => numbers[item * QUICK_RESULT_STRIDE + Q.code] !== 0);
    const before = numbers.slice();
    repeat.kernel.run([counts, ...repeat.arrays, numbers], repeat.params, 0, TOYS * n);
    let [excesses, worst] = [0, 0];
    for (let toy = 0; toy < TOYS; toy++) {
      fitSpectrum(plan, counts.slice(toy * nBins, (toy + 1) * nBins)).forEach(({ z, status }, h) => {
        const item = toy * n + h;
        const at = item * QUICK_RESULT_STRIDE;
        // what was decided is left alone
        if (!open[item]) return expect(numbers[at + Q.z]).toBe(before[at + Q.z]);
        if (status === 'not-converged') return;
        expect(numbers[at + Q.code]).toBe(0);
        if (z > 0.01) excesses++;
        worst = Math.max(worst, Math.abs(numbers[at + Q.z] - Math.max(0, z)));
      });
    }
    expect(excesses).toBeGreaterThan(20);
    expect(worst).toBeLessThan(1e-3);
    // split anywhere, also where hypotheses share a fit without signal: the same bits
    const again = before.slice();
    for (let item = 0; item < TOYS * n; item += 7)
      repeat.kernel.run([counts, ...repeat.arrays, again], repeat.params, item, Math.min(7, TOYS * n - item));
    expect(again).toEqual(numbers);
  });
});
