/**
 * li-ma, mid-p and exact CLs of whole windows against their definitions in 50 digits (tests/golden/classic.py), closed
 * forms and, for the on-off p0, the cases of Cousins, Linnemann and Tucker (2008).
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { P0Method } from '../../../src/scan/statistics.ts';
import golden from '../../golden/classic.json' with { type: 'json' };
import type { CountingCase } from '../../support/counting.ts';
import { evaluateCases } from '../../support/evaluate.ts';

type Row = (number | null)[];
const p0Of = async (cases: readonly CountingCase[], method: P0Method) =>
  (await evaluateCases(cases, { p0: [method], limits: [] })).p0[0];
const bands = (rows: readonly Row[]): CountingCase[] =>
  rows.map(([nOn, nOff, tau]) => ({ n: nOn!, b0: 0, band: [nOff!, tau!] }));

/** Largest deviations of ln p, ln(1 - p) and Z from the columns of that order. */
function worst(p0: Awaited<ReturnType<typeof p0Of>>, rows: readonly Row[], at: number): number[] {
  return [p0.lnP, p0.lnComplement, p0.z].map((values, k) =>
    rows.reduce((most, row, i) => Math.max(most, Math.abs(values[i] - row[at + k]!)), 0),
  );
}

describe('li-ma', () => {
  test('Z of windows is that of the formula; p0 is its normal tail', async () => {
    const rows = golden.li_ma.rows as Row[];
    const p0 = await p0Of(bands(rows), 'li-ma');
    rows.forEach(([, , , z], i) => expect(Math.abs(p0.z[i] - z!)).toBeLessThan(1e-10));
  });

  test('no excess: Z is 0 and p0 one half, never null', async () => {
    const cases = bands([
      [0, 0, 1],
      [0, 4, 2],
      [2, 4, 2],
      [1, 4, 2],
    ]);
    const numbers = await evaluateCases(cases, { p0: ['li-ma'], limits: [] });
    expect(Array.from(numbers.p0[0].z)).toEqual([0, 0, 0, 0]);
    expect(Array.from(numbers.p0[0].lnP)).toEqual(Array(4).fill(-Math.LN2));
    expect(numbers.status).toEqual(Array(4).fill('ok'));
  });
});

test('a band without exposure, or of none but exposure, is a status; an empty band is not', async () => {
  const cases = bands([
    [5, 0, 0],
    [5, 0, Infinity],
    [5, 3, Infinity],
    [5, 3, NaN],
    [5, 3, -1],
    [5, 0, 2],
    [0, 0, 2],
  ]);
  for (const p0 of ['li-ma', 'on-off', 'on-off-mid-p', 'marginal', 'marginal-mid-p'] as const) {
    const numbers = await evaluateCases(cases, { p0: [p0] });
    expect(numbers.status).toEqual([...Array(5).fill('bad-background'), 'ok', 'ok']);
    expect(Array.from(numbers.p0[0].lnP, (lnP) => Number.isNaN(lnP))).toEqual([...Array(5).fill(true), false, false]);
    expect(numbers.p0[0].z[5]).toBeGreaterThan(1);
    expect(numbers.limits[0].observed[5]).toBeGreaterThan(numbers.limits[0].observed[6]);
  }
});

describe('mid-p', () => {
  test('marginal: Poisson sums and constraints by quadrature', async () => {
    const rows = golden.marginal_mid_p.rows as Row[];
    const cases = rows.map(([n, b0, constraint, r]): CountingCase => ({
      n: n!,
      b0: b0!,
      ...(constraint === null ? {} : { background: [constraint as unknown as 'normal', r!] }),
    }));
    const deviations = worst(await p0Of(cases, 'marginal-mid-p'), rows, 4);
    expect(Math.max(...deviations), `ln p, ln(1 - p), Z: ${deviations.join(', ')}`).toBeLessThan(1e-10);
  });

  test('on-off: negative binomial sums', async () => {
    const rows = golden.on_off_mid_p.rows as Row[];
    const deviations = worst(await p0Of(bands(rows), 'on-off-mid-p'), rows, 3);
    expect(Math.max(...deviations), `ln p, ln(1 - p), Z: ${deviations.join(', ')}`).toBeLessThan(1e-10);
  });

  test('against a side band both are the same number', async () => {
    const cases = bands(golden.on_off_mid_p.rows as Row[]);
    const [marginal, onOff] = [await p0Of(cases, 'marginal-mid-p'), await p0Of(cases, 'on-off-mid-p')];
    onOff.lnP.forEach((lnP, i) => expect(Math.abs(marginal.lnP[i] - lnP)).toBeLessThan(1e-11));
  });

  test('no event: p is 1 - P(0)/2', async () => {
    const { lnP } = await p0Of([{ n: 0, b0: 0.7 }], 'marginal-mid-p');
    expect(lnP[0]).toBeCloseTo(Math.log1p(-0.5 * Math.exp(-0.7)), 14);
    const band = await p0Of(bands([[0, 3, 2]]), 'on-off-mid-p');
    expect(band.lnP[0]).toBeCloseTo(Math.log1p(-0.5 * (2 / 3) ** 4), 14);
  });
});

describe('cls-exact', () => {
  test('the limit where the Poisson sums have the ratio 1 - CL', async () => {
    const rows = golden.cls_exact.rows as number[][];
    for (const level of [0.9, 0.95, 0.99]) {
      const chosen = rows.filter((row) => row[2] === level);
      const cases = chosen.map(([n, b0]) => ({ n, b0 }));
      const { limits, status } = await evaluateCases(cases, { limits: [{ method: 'cls-exact', level }] });
      chosen.forEach(([n, b, , limit], i) => {
        if (b === 0 && n > 0) expect(status[i]).toBe('zero-background');
        expect(Math.abs(limits[0].observed[i] / limit - 1), `${n} ${b} ${level}`).toBeLessThan(1e-12);
      });
    }
  });

  test('no event: -ln(1 - CL) whatever the background', async () => {
    const cases = [0, 1e-6, 0.5, 30, 1e5].map((b0) => ({ n: 0, b0, s0: 0.25 }));
    for (const level of [0.5, 0.9, 0.999]) {
      const { limits } = await evaluateCases(cases, { limits: [{ method: 'cls-exact', level }] });
      limits[0].observed.forEach((limit) => expect(0.25 * limit).toBeCloseTo(-Math.log(1 - level), 12));
    }
  });

  test('it is the Bayesian limit of a prior without end, and ignores the priors beside it', async () => {
    const cases = [0, 1, 4, 20].map((n) => ({ n, b0: 6.5, s0: 2 }));
    const { limits } = await evaluateCases(cases, {
      limits: [
        { method: 'bayes', level: 0.9, poiMax: 3 },
        { method: 'cls-exact', level: 0.9 },
        { method: 'bayes', level: 0.9, poiMax: Infinity },
      ],
    });
    expect(Array.from(limits[1].observed)).toEqual(Array.from(limits[2].observed));
    expect(limits[0].observed[3]).not.toBe(limits[1].observed[3]);
  });
});

const CLT = '../shared/reference/z_on_off_cousins_linnemann_tucker.json';
test.skipIf(!existsSync(CLT))('Cousins, Linnemann, Tucker: Z_Bi and Z_PL of windows, n_off whole', async () => {
  const { rows } = JSON.parse(readFileSync(CLT, 'utf8')) as { rows: Record<string, number>[] };
  const whole = rows.filter((row) => Number.isInteger(row.n_off));
  expect(whole).toHaveLength(7);
  const cases = whole.map((row): CountingCase => ({ n: row.n_on, b0: 0, band: [row.n_off, row.tau] }));
  const { p0 } = await evaluateCases(cases, { p0: ['on-off', 'li-ma'], limits: [] });
  whole.forEach(({ Z_Bi, Z_PL_Poisson }, i) => {
    expect(Math.abs(p0[0].z[i] - Z_Bi)).toBeLessThan(1e-9);
    expect(Math.abs(p0[1].z[i] - Z_PL_Poisson)).toBeLessThan(1e-9);
  });
});

const CARDS = '../shared/reference/combine/simple-counting';
const OBSERVED = [
  ['B0-Obs0', 0, 1e-6],
  ['B0-Obs2', 2, 1e-6],
  ['B0-Obs6', 6, 1e-6],
  ['B5p5-Obs1', 1, 5.5],
  ['B5p5-Obs6', 6, 5.5],
  ['B5p5-Obs11', 11, 5.5],
  ['B5p5-Obs20', 20, 5.5],
] as const;

test.skipIf(!existsSync(CARDS))('the StatOnly cards of Combine: exact CLs limits at 95 %', async () => {
  const rows = golden.cls_exact.rows as number[][];
  const cases = OBSERVED.map(([name, n, b]) => {
    const card = readFileSync(`${CARDS}/counting-${name}-StatOnly.txt`, 'utf8');
    expect(Number(/^Observation (\d+)/m.exec(card)![1])).toBe(n);
    expect(/^rate +(\S+) +(\S+)/m.exec(card)!.slice(1).map(Number)).toEqual([1, b]);
    return { n, b0: b };
  });
  const { limits } = await evaluateCases(cases, { limits: [{ method: 'cls-exact', level: 0.95 }] });
  OBSERVED.forEach(([name, n, b], i) => {
    // without background 1e-6 events are as good as none: both are in the table
    const row = rows.find((r) => r[0] === n && r[1] === (n === 0 && b < 1 ? 0 : b) && r[2] === 0.95)!;
    expect(Math.abs(limits[0].observed[i] / row[3] - 1), name).toBeLessThan(1e-10);
  });
});
