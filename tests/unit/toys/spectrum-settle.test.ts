/** What decides a toy: fast fits away from the data, f64 fits near them and where fast fits are open, failures else. */
import { expect, test } from 'vitest';
import { FIT_CODE, FIT_RESULT as R, FIT_RESULT_STRIDE } from '../../../src/kernels/shared/spectrum-arrays.ts';
import { RESULT_CODE } from '../../../src/kernels/plan-bindings.ts';
import { makeThrowTables } from '../../../src/model/spectrum/throw-tables.ts';
import { fitChosen, makeChoicePlans } from '../../../src/scan/spectrum/order-choice.ts';
import { throwToys } from '../../../src/toys/campaign.ts';
import { throwSpectrum } from '../../../src/toys/spectrum/fit-toys.ts';
import { MARGIN, rankFast, settleToys, type FastFits } from '../../../src/toys/spectrum/settle.ts';
import { observedRank, rankOfZ } from '../../../src/toys/spectrum/z-ranks.ts';
import { hasTestGpu, testWebGpu } from '../../support/backends.ts';
import { cpu } from './toy-setup.ts';
import { masses, partOf, setupOf, twoParts } from './spectrum-setup.ts';
import { unitSpectrum } from '../../support/spectra.ts';

const Z_DATA = 3;
/** Fast Z of two hypotheses in single toys; undefined: open. */
type Toy = readonly [number | undefined, number | undefined];

/** Words of toys, and the hypotheses that were fitted in f64, whose Z are `exact` (undefined: no minimum there either). */
function settled(toys: readonly Toy[], exact: number | undefined): { words: number[][]; fitted: number[] } {
  const flat = toys.flat();
  const fits: FastFits = { nHypotheses: 2, z: (item) => flat[item] ?? 0, isOpen: (item) => flat[item] === undefined };
  const words = new Uint32Array(4 * toys.length);
  const fitted: number[] = [];
  const numbers = new Float64Array(FIT_RESULT_STRIDE);
  if (exact === undefined) numbers[R.codes] = FIT_CODE.notConverged;
  else [numbers[R.sHat], numbers[R.twiceDeltaLnL]] = [exact, exact * exact];
  const toy = {
    counts: new Uint32Array(3),
    load: () => undefined,
    fit: (h: number) => {
      fitted.push(h);
      return numbers;
    },
  };
  const decider = { tables: makeThrowTables([1, 2, 3]), seed: 1, zObserved: Z_DATA, toy };
  settleToys(decider, fits, (i) => i, rankFast(fits, toys.length, Z_DATA, words), words);
  return { words: toys.map((_, i) => [...words.subarray(4 * i, 4 * i + 4)]), fitted };
}

const word = (z: number, place: number, code: number = RESULT_CODE.ok) => [rankOfZ(z, Z_DATA), place, 0, code];

test('toys away from the data keep their fast fits', () => {
  const toys: Toy[] = [
    [1, 2],
    [3.5, 0],
    [-1, -2],
  ];
  expect(settled(toys, 9)).toEqual({ words: [word(2, 1), word(3.5, 0), word(-1, 0)], fitted: [] });
});

test('near the data the hypotheses that may decide are fitted in f64', () => {
  const near = Z_DATA - MARGIN / 2;
  expect(settled([[1, near]], Z_DATA + 1e-4)).toEqual({ words: [word(Z_DATA, 1)], fitted: [1] });
  expect(settled([[1, near]], Z_DATA - 1e-4)).toEqual({ words: [word(Z_DATA - 1e-4, 1)], fitted: [1] });
  // a tie reaches the data
  expect(settled([[near, 1]], Z_DATA - 1e-9).words[0][0]).toBe(observedRank(Z_DATA));
});

test('open hypotheses are fitted in any toy, and without a minimum the toy is a failure unless it reaches the data', () => {
  expect(settled([[undefined, 1]], 2.5)).toEqual({ words: [word(2.5, 0)], fitted: [0] });
  expect(settled([[undefined, 1]], undefined)).toEqual({ words: [word(1, 1, RESULT_CODE.notConverged)], fitted: [0] });
  expect(settled([[undefined, undefined]], undefined).words[0]).toEqual(word(-1, 0, RESULT_CODE.notConverged));
});

test('an order that is chosen is chosen anew in every toy', async () => {
  const counts = Array.from({ length: 40 }, (_, i) => Math.round(150 - 4 * i + 0.06 * i * i) + ((7 * i) % 9) - 4);
  [12, 20, 12].forEach((more, k) => (counts[19 + k] += more));
  const spectrum = unitSpectrum(counts);
  const hypotheses = masses(6, 34, 2, 1.5);
  const part = partOf(spectrum, hypotheses);
  const choice = makeChoicePlans(spectrum, hypotheses, part.model, { rule: 'bic', from: 1, to: 3 });
  const chosen = fitChosen(choice, spectrum.counts);
  const plan = choice.planOf(chosen.map(({ degree }) => degree - 1));
  const setup = await setupOf([{ ...part, plan, choice }]);
  expect(setup.observed.z).toBe(Math.max(...chosen.map(({ z }) => z)));
  const degrees = new Set<number>();
  const reached: number[] = [];
  for (let toy = 0; toy < 60; toy++) {
    const own = new Uint32Array(40);
    throwSpectrum(setup.tables, 1, toy, own);
    const fits = fitChosen(choice, own);
    fits.forEach(({ degree }) => degrees.add(degree));
    if (Math.max(...fits.map(({ z }) => z)) >= setup.observed.z) reached.push(toy);
  }
  expect(degrees.size).toBeGreaterThan(1);
  expect(reached.length).toBeGreaterThan(0);
  const { tally } = await throwToys(setup, cpu(), { from: 0, to: 60 });
  expect(tally.exceedances).toEqual(reached);
  expect(setup.identity).not.toBe((await setupOf([{ ...part, plan }])).identity);
});

test('a GPU gives the toys that reach the data of the CPU, at nearly the same Z', async ({ skip }) => {
  if (!(await hasTestGpu())) skip();
  const setup = await setupOf(twoParts());
  const gpu = await testWebGpu();
  try {
    const range = { from: 2 ** 32 - 40, to: 2 ** 32 + 40 };
    const { tally } = await throwToys(setup, gpu, range);
    const { tally: expected } = await throwToys(setup, cpu(), range);
    expect(tally.exceedances).toEqual(expected.exceedances);
    expect(expected.nExceedances).toBeGreaterThan(0);
    const ranks = ({ byRank }: typeof tally) =>
      [...byRank].sort(([a], [b]) => a - b).flatMap(([rank, n]) => Array.from({ length: n }, () => rank));
    const [a, b] = [ranks(tally), ranks(expected)];
    expect(a).toHaveLength(b.length);
    a.forEach((rank, i) => expect(Math.abs(rank - b[i])).toBeLessThanOrEqual(1));
  } finally {
    await gpu.close();
  }
});
