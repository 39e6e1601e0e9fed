/** Quick fits of toys against spectrum_fit, the f64 fits that MIGRAD and scipy agree with. */
import { describe, expect, test } from 'vitest';
import { FIT_CODE, FIT_RESULT as R, FIT_RESULT_STRIDE } from '../../../src/kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../../src/kernels/spectrum_fit.ts';
import { fitWithTwin, QUICK_RESULT_STRIDE } from '../../../src/kernels/spectrum_quick.ts';
import { hypothesesInSteps } from '../../../src/model/spectrum/hypotheses.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { spectrumInputs } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { hasShared } from '../../support/fixtures.ts';
import { dimuonSpectrum, publishedSpectrum } from '../../support/spectra.ts';
import { fallingCase, quickCase, quickFits, throwToys, type QuickCase } from './quick-cases.ts';

const cubic = { kind: 'chebyshev', degree: 3 } as const;
const peaks = [
  { shape: gaussian(40, 3), expected: 150, error: 30 },
  { shape: gaussian(81, 2), expected: 20, error: 20 },
];

const SYNTHETIC: readonly [QuickCase, number][] = [
  [fallingCase('100 events per bin', 100), 30],
  [fallingCase('4 million events in the first bin', 9e5), 10],
  [fallingCase('10 events per bin', 10), 30],
  [fallingCase('1 event per bin', 1), 30],
  [fallingCase('0.1 events per bin', 0.1), 30],
  [fallingCase('peaks with constraints', 100, { peaks }), 20],
  [fallingCase('Bernstein', 30, { background: { kind: 'bernstein', degree: 5 } }), 20],
  [fallingCase('constant', 5, { background: { kind: 'chebyshev', degree: 0 } }), 20],
  [fallingCase('degree 7 and peaks', 1000, { background: { kind: 'chebyshev', degree: 7 }, peaks }), 10],
  [fallingCase('a vetoed range', 50, { range: { halfWidth: 11.4, excluded: [[50, 56]] } }), 20],
];

function realCases(): [QuickCase, number][] {
  const steps = (sigma: number, from: number, to: number, step: number) =>
    hypothesesInSteps((mass) => sigma * mass, from, to, step);
  return [
    [
      quickCase('dimuon', dimuonSpectrum(), steps(0.0085, 2.1, 100, 8), {
        background: cubic,
        range: { halfWidth: 10 },
      }),
      4,
    ],
    [
      quickCase('dijet', publishedSpectrum('cms_dijet_13TeV.csv'), steps(0.05, 2000, 7000, 1), {
        background: cubic,
        range: { halfWidth: 5 },
      }),
      10,
    ],
    [
      quickCase('diphoton', publishedSpectrum('cms_diphoton_EBEB_13TeV.csv'), steps(0.012, 520, 2500, 4), {
        background: cubic,
        range: { halfWidth: 10 },
      }),
      10,
    ],
  ];
}

/** Deviations from the full fits in f64 over items with code 0; `missed`: others with an ordinary minimum there. */
function compare(one: QuickCase, nToys: number) {
  const { plan, expected } = one;
  const counts = throwToys(expected, nToys);
  const quick = quickFits(one, counts, fitWithTwin);
  const { arrays, params, nItems } = spectrumInputs(plan, counts, expected.length);
  const full = new Float64Array(nItems * FIT_RESULT_STRIDE);
  spectrumFit.run([...arrays, full], params, 0, nItems);
  const worst = { z: 0, sHat: 0, sErr: 0 };
  let [decided, missed] = [0, 0];
  for (let i = 0; i < nItems; i++) {
    const h = i % plan.nHypotheses;
    const [z, sHat, sErr, code] = quick.subarray(QUICK_RESULT_STRIDE * i);
    if (plan.statuses[h] !== 'ok' || code !== 0) {
      expect([z, sHat, sErr, code]).toEqual([0, 0, 0, plan.statuses[h] === 'ok' ? 1 : 0]);
      if (code !== 0 && full[FIT_RESULT_STRIDE * i + R.codes] === FIT_CODE.ok) missed++;
      continue;
    }
    decided++;
    const fit = full.subarray(FIT_RESULT_STRIDE * i, FIT_RESULT_STRIDE * (i + 1));
    expect(fit[R.codes]).toBe(FIT_CODE.ok);
    const twice = Math.sign(fit[R.sHat]) * Math.sqrt(fit[R.twiceDeltaLnL]);
    worst.z = Math.max(worst.z, Math.abs(z - twice));
    worst.sHat = Math.max(worst.sHat, Math.abs(sHat - fit[R.sHat]) / fit[R.sErr]);
    worst.sErr = Math.max(worst.sErr, Math.abs(sErr / fit[R.sErr] - 1));
  }
  return { worst, decided, missed };
}

test.each(SYNTHETIC.map(([one, nToys]) => [one.name, one, nToys] as const))('%s', (_, one, nToys) => check(one, nToys));

test.each([
  ['more events than f32 can count', fallingCase('', 5e6, { range: { halfWidth: 6 } })],
  ['no event expected', { ...fallingCase('', 10), expected: new Float64Array(120) }],
  ['more parameters than there is room for', fallingCase('', 100, { peaks: Array(9).fill(peaks[0]) })],
] as const)('%s: left to f64', (_, one) => {
  const quick = quickFits(one, throwToys(fallingCase('', 10).expected, 1), fitWithTwin);
  const codes = one.plan.statuses.map((__, h) => quick[QUICK_RESULT_STRIDE * h + 3]);
  expect(codes.filter((code) => code === 1).length).toBeGreaterThan(3);
});

describe.skipIf(!hasShared)('real spectra', () => {
  test('z, S^ and error are those of spectrum_fit', () => realCases().forEach(([one, nToys]) => check(one, nToys)));
});

function check(one: QuickCase, nToys: number): void {
  const { worst, decided, missed } = compare(one, nToys);
  expect(decided).toBeGreaterThan(30);
  // what is left to f64 are fits that end on the boundary there
  expect(missed).toBe(0);
  expect(worst.z).toBeLessThan(1e-6);
  expect(worst.sHat).toBeLessThan(1e-6);
  // of the Hessian one step before the end, that is up to sqrt(1e-9) errors away
  expect(worst.sErr).toBeLessThan(5e-5);
}
