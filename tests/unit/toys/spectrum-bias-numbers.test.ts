/** What ensembles of a measurement of bias are summed up to, which hypotheses it takes, and what it refuses. */
import { expect, test } from 'vitest';
import type { BiasRow } from '../../../src/model/spectrum/bias-result.ts';
import { chooseHypotheses } from '../../../src/toys/spectrum/bias-choice.ts';
import { measured, momentsOf } from '../../../src/toys/spectrum/bias-moments.ts';
import { biasWarnings, overallOf, spuriousSizes } from '../../../src/toys/spectrum/bias-overall.ts';
import { biasTable } from '../../../src/toys/spectrum/bias-table.ts';
import { checkSeen, truthBackground } from '../../../src/toys/spectrum/bias-truth.ts';
import { measureBias } from '../../../src/toys/spectrum/bias.ts';
import { unitSpectrum } from '../../support/spectra.ts';
import { cpu } from './toy-setup.ts';
import { masses, partOf, twoParts } from './spectrum-setup.ts';

test('moments are those of numpy and scipy', () => {
  // numpy 2: x.mean(), scipy.stats.sem(x), x.std(ddof=1); the error of the width from m4 = ((x - mean)**4).mean()
  const found = momentsOf(Float64Array.of(-1.2, 0.4, 0.1, 2.3, -0.7, 1.1, 0.2, -0.3))!;
  expect(found.mean).toBeCloseTo(0.2375, 12);
  expect(found.meanError).toBeCloseTo(0.3844929406745609, 12);
  expect(found.width).toBeCloseTo(1.0875102626773558, 12);
  expect(found.widthError).toBeCloseTo(0.22832167132880937, 12);
  expect(momentsOf(Float64Array.of(1))).toBeUndefined();
});

test('failures are in no number, toys without an error in the mean of S^ only', () => {
  const row = measured(
    {
      sHat: Float64Array.of(1, 3, 0, 4, 0),
      sErr: Float64Array.of(2, 2, 0, 1, 0),
      z: Float64Array.of(0.5, 1.5, 0, 2.5, 0),
      failed: Uint8Array.of(0, 0, 0, 0, 1),
    },
    0,
  );
  expect(row).toMatchObject({ toys: 5, failures: 1, without_error: 1, mean_s: 2, bias: 2 });
  // pulls 0.5, 1.5, 4
  expect(row.pull_mean).toBeCloseTo(2, 12);
  expect(row.coverage).toBeCloseTo(1 / 3, 12);
  expect(row).toMatchObject({ z_above_1: 2, z_above_2: 1, z_below_1: 0, z_below_2: 0 });
  const none = measured({ sHat: Float64Array.of(0), sErr: Float64Array.of(0), z: Float64Array.of(0), failed: Uint8Array.of(1) }, 2); // prettier-ignore
  expect(none).toMatchObject({ failures: 1, mean_s: null, pull_mean: null, coverage: null, p_z: null });
});

const ROW: BiasRow = {
  id: 0,
  spectrum: '',
  mass: 10,
  x: 10,
  sigma: 1,
  strength: 0,
  s_unit: 10,
  s_injected: 0,
  bias_expected: 0.1,
  toys: 100,
  failures: 0,
  without_error: 0,
  mean_s: 0.5,
  bias: 0.5,
  bias_err: 1,
  pull_mean: 0.05,
  pull_mean_err: 0.1,
  pull_width: 1.01,
  pull_width_err: 0.07,
  coverage: 0.68,
  coverage_low: 0.63,
  coverage_high: 0.73,
  z_above_1: 16,
  z_above_2: 2,
  z_below_1: 15,
  z_below_2: 3,
  p_z: 0.5,
};

test('all hypotheses together: mean pull with its error, chi2, tails', () => {
  const rows = [ROW, { ...ROW, id: 1, mass: 20, pull_mean: -0.25, bias: -3, bias_expected: -2.8, z_above_1: 24 }];
  const all = overallOf(0, rows);
  expect(all.pull_mean).toBeCloseTo(-0.1, 12);
  expect(all.pull_mean_err).toBeCloseTo(0.1 / Math.SQRT2, 12);
  // chi2 = 0.25 + 6.25 = 6.5 for 2: exp(-3.25)
  expect(all.ln_p_unbiased).toBeCloseTo(-3.25, 10);
  expect(all.tails!.find(({ tail }) => tail === 'Z > 1')).toMatchObject({ share: 0.2 });
  expect(all.largest).toEqual({ id: 1, mass: 20, bias: -3, in_errors: -0.3 });
  expect(all.coverage).toBeCloseTo(0.68, 12);
  expect(overallOf(2, []).pull_mean).toBeNull();
});

test('warnings: bias, width, coverage, failures, only where toys are sure', () => {
  expect(biasWarnings([ROW])).toEqual([]);
  expect(biasWarnings([{ ...ROW, bias: 3, bias_err: 1 }])).toEqual([]);
  const biased = { ...ROW, bias: 3, bias_err: 0.5 };
  expect(biasWarnings([biased, ROW])[0]).toMatch(/^1 of 2 ensembles: S\^ is biased by .* in 0 of them the expected/);
  expect(biasWarnings([{ ...biased, bias_expected: 2.5 }])[0]).toMatch(/in 1 of them the expected counts alone do so/);
  expect(biasWarnings([{ ...ROW, pull_width: 0.8, pull_width_err: 0.01 }])[0]).toMatch(/width of the pull differs/);
  expect(biasWarnings([{ ...ROW, coverage: 0.6, coverage_high: 0.61 }])[0]).toMatch(/covers in less than 66.3 %/);
  expect(biasWarnings([{ ...ROW, failures: 4 }])).toEqual(['4 toys without a minimum are in none of the numbers']);
});

test('the spurious signal is the largest |mean S^| without signal, per spectrum', () => {
  const rows = [
    { ...ROW, spectrum: 'low', mean_s: 3 },
    { ...ROW, spectrum: 'low', id: 1, mean_s: -7, bias_err: 2, bias_expected: -6.5 },
    { ...ROW, spectrum: 'low', id: 2, mean_s: 50, strength: 5 },
    { ...ROW, spectrum: 'high', id: 3, mean_s: 4 },
  ];
  const sizes = spuriousSizes(rows, ['low', 'high', 'none']);
  expect(sizes.map(({ where, events, id }) => [where, events, id])).toEqual([
    ['spectra[0].spurious_signal', 7, 1],
    ['spectra[1].spurious_signal', 4, 3],
  ]);
  expect(sizes[0]).toMatchObject({ error: 2, in_errors: 0.7, expected: -6.5, envelope: null });
});

test('a power of the mass encloses all mean S^', () => {
  // 1000 m^-2 times what fluctuates
  const rows = [10, 15, 22, 30, 40].map((mass, id) => {
    const mean = 1000 / mass ** 2;
    return { ...ROW, id, mass, mean_s: mean * [1, -1.2, 0.8, 1.1, -0.9][id], bias_err: 0.01 * mean };
  });
  const [{ envelope }] = spuriousSizes(rows, ['']);
  const [, size, reference, power] = /^([\d.]+)\*\(m\/([\d.]+)\)\^\((-?[\d.]+)\)$/.exec(envelope!)!.map(Number);
  expect(Math.abs(power + 2)).toBeLessThan(0.3);
  const ratios = rows.map(({ mass, mean_s }) => Math.abs(mean_s) / (size * (mass / reference) ** power));
  expect(Math.max(...ratios)).toBeLessThanOrEqual(1);
  expect(Math.max(...ratios)).toBeGreaterThan(0.98);
});

test('the table has every number of the rows; null is empty', () => {
  const { columns, rowCount } = biasTable([{ ...ROW, z_above_1: null }], 'GeV');
  expect(rowCount).toBe(1);
  const names = columns.map(({ name }) => name);
  // x is the mass here, and the card has one spectrum
  expect([...names, 'x', 'spectrum'].sort()).toEqual(Object.keys(ROW).sort());
  expect(columns.find(({ name }) => name === 'z_above_1')!.values[0]).toBeNaN();
  expect(columns.find(({ name }) => name === 'mass')!.unit).toBe('GeV');
  const both = biasTable([{ ...ROW, spectrum: 'low', x: 100 }]).columns.map(({ name }) => name);
  expect(both).toEqual(expect.arrayContaining(['spectrum', 'x']));
});

test('hypotheses: spread, every k-th, or named', () => {
  const statuses = Array.from({ length: 100 }, (_, i) => (i < 10 ? 'few-bins' : 'ok') as 'few-bins' | 'ok');
  expect(chooseHypotheses(statuses, { kind: 'spread', number: 3 })).toEqual([25, 55, 85]);
  expect(chooseHypotheses(statuses.slice(0, 12), { kind: 'spread', number: 20 })).toEqual([10, 11]);
  expect(chooseHypotheses(statuses, { kind: 'every', step: 30 })).toEqual([0, 30, 60, 90]);
  expect(chooseHypotheses(statuses, { kind: 'ids', ids: [40, 17, 40] })).toEqual([17, 40]);
  expect(() => chooseHypotheses(statuses, { kind: 'ids', ids: [100] })).toThrow(
    'no hypothesis 100, this scan has 0 to 99',
  );
  expect(() => chooseHypotheses(statuses, { kind: 'ids', ids: [3] })).toThrow(
    'hypothesis 3 cannot be fitted (few-bins)',
  );
});

test('thrown from its own fit a hypothesis has no bias in the expected counts, with a veto in its range too', async () => {
  // a kink that no straight line describes: the stitched fits do
  const counts = Array.from({ length: 60 }, (_, i) => (i < 30 ? 1000 : 1000 - 20 * (i - 30)));
  const model = { range: { halfWidth: 12, excluded: [[26, 28]] as [number, number][] } };
  const part = partOf(unitSpectrum(counts), masses(14, 46, 2, 1), model);
  const spectra = { parts: [part], mass: Float64Array.from(part.hypotheses, ({ mass }) => mass) };
  const options = { card: 'kink', strengths: [0, 4], nToys: 100, seed: 4, ids: [8] };
  const stitched = await measureBias(spectra, cpu(), options);
  expect(Math.abs(stitched.rows[0].bias_expected!)).toBeGreaterThan(0.2 * stitched.rows[0].s_unit);
  const own = await measureBias(spectra, cpu(), { ...options, isOwn: true });
  expect([stitched.thrown_from, own.thrown_from]).toEqual(['stitched', 'own']);
  for (const { bias_expected, s_unit, bias, bias_err } of own.rows) {
    expect(Math.abs(bias_expected!)).toBeLessThan(1e-6 * s_unit);
    // false alarm 1e-6
    expect(Math.abs(bias!)).toBeLessThan(5 * bias_err!);
  }
});

test('a truth that does not fit the card is refused', () => {
  const parts = twoParts();
  const refused = (truth: typeof parts) => () => truthBackground(parts, truth, 'other.yaml');
  const { counts, low, high, nBins } = parts[1].spectrum;
  const second = (spectrum: object) => [parts[0], { ...parts[1], spectrum: { ...parts[1].spectrum, ...spectrum } }];
  expect(refused([parts[0]])).toThrow('bias: other.yaml has 1 spectra, not 2; --truth needs a card on the same data');
  expect(refused(second({ nBins: nBins - 1 }))).toThrow('29 bins in spectra[1], not 30');
  expect(refused(second({ low: low.map((edge) => edge + 0.1), high }))).toThrow('other edges in spectra[1], bin 0');
  expect(refused(second({ counts: counts.map((n, i) => (i === 4 ? n + 1 : n)) }))).toThrow(/other counts .* bin 4/);
  expect(truthBackground(parts, parts, 'same.yaml')).toHaveLength(90);
  const narrow = partOf(parts[0].spectrum, masses(28, 32, 1, 1.5), { range: { halfWidth: 10 } });
  checkSeen(parts[0], 25, narrow, 'narrow.yaml');
  expect(() => checkSeen(parts[0], 10, narrow, 'narrow.yaml')).toThrow(
    'bias: no fit of narrow.yaml reaches the bin at 0, in the range of the hypothesis at 15; widen its ranges',
  );
});

test('toys of a hypothesis do not depend on the others; hypotheses that cannot be thrown are counted', async () => {
  // nothing at all from 30 on
  const counts = Array.from({ length: 60 }, (_, i) => (i < 30 ? 40 - i : 0));
  const part = partOf(unitSpectrum(counts), masses(8, 56, 4, 1), { range: { halfWidth: 6 } });
  const spectra = { parts: [part], mass: Float64Array.from(part.hypotheses, ({ mass }) => 2 * mass) };
  const options = { card: 'steps', strengths: [0, 3], nToys: 50, seed: 4 };
  const several = await measureBias(spectra, cpu(), { ...options, ids: [0, 2, 12] });
  expect(several.left_out).toEqual({ 'empty-range': 1 });
  expect(several.n_hypotheses).toBe(2);
  expect(several.rows.map(({ mass, x }) => [mass, x])).toEqual([
    [16, 8],
    [16, 8],
    [32, 16],
    [32, 16],
  ]);
  const alone = await measureBias(spectra, cpu(), { ...options, ids: [2] });
  expect(alone.rows).toEqual(several.rows.filter(({ id }) => id === 2));
  await expect(measureBias(spectra, cpu(), { ...options, ids: [12] })).rejects.toThrow(
    'bias: none of 1 hypotheses can be thrown (1 empty-range); look at the scan',
  );
  const controller = new AbortController();
  const stopped = measureBias(spectra, cpu(), {
    ...options,
    ids: [0, 2],
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ kind: 'interrupted' });
});
