/**
 * Toys of every ensemble and background against sums written here: how often a window of a toy is as significant as
 * wanted. Each rate is compared within 4 standard deviations of its toys; a file of 18 such rates fails by chance once in
 * a thousand seeds, and the seed is fixed.
 */
import { describe, expect, test } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import type { FileSource } from '../../../src/io/file-source.ts';
import { prepareScan } from '../../../src/scan/prepare.ts';
import { makeToyThrower } from '../../../src/toys/estimators/toy-field.ts';
import { makeExcess } from '../../../src/toys/estimators/excess.ts';
import { gaussianFields } from '../../../src/toys/estimators/gaussian-fields.ts';
import { yieldMoments } from '../../../src/toys/estimators/yield-moments.ts';
import { makeAttainable } from '../../../src/toys/estimators/attained.ts';
import { throwToys } from '../../../src/toys/campaign.ts';
import { prepareToys, type ToySetup } from '../../../src/toys/prepare-toys.ts';
import { rankOf } from '../../../src/toys/rank-rows.ts';
import { rankOfLnP } from '../../../src/toys/estimators/attainable.ts';
import { toyResult } from '../../../src/toys/toy-result.ts';
import { spread } from '../../support/counting.ts';
import { cpu, edit, LINE_TOYS } from './toy-setup.ts';

const TOYS = 20_000;

function csv(header: string, rows: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${[header, ...rows].join('\n')}\n`);
}

/** Data, a control sample and a weighted simulated sample: uniform in m from 0.5 to 3.5. */
function fileOf(name: string): Uint8Array {
  const next = spread(name.length);
  const m = () => (0.5 + 3 * next()).toFixed(5);
  if (name === 'mc.csv')
    return csv(
      'm,w',
      Array.from({ length: 900 }, (_, i) => `${m()},${i % 2 ? 0.1 : 0.3}`),
    );
  return csv('m', Array.from({ length: name === 'data.csv' ? 300 : 900 }, m));
}
const FILES: FileSource = {
  read: async (name) => {
    const bytes = fileOf(name);
    return { name, bytes, storedBytes: bytes.length, sha256: name };
  },
};

async function setupOf(...edits: readonly (readonly [string, string])[]): Promise<ToySetup> {
  const { card } = parseCard(
    edit(LINE_TOYS, ['data: { simulate: true }', 'data: { file: data.csv }'], ...edits),
    'c.yaml',
  );
  return prepareToys(await prepareScan(card, { files: FILES, seed: 1, unblind: false }), { seed: 5 });
}

const COMPONENT = "{ name: fall, density: 'exp(-x)', events: 120, support: { x: [0.8, 3.2] } }";
const NUISANCES = 'nuisances:\n  - { name: norm, constraint: normal, on: { background: 0.1 } }\n';
const FLAT = "density: '1', events: 240, support: { x: [0.2, 3.8] }";
const band = (spec: string, p0: string): [string, string][] => [
  [COMPONENT, `{ name: b, side_band: { ${spec}, tau: area } }`],
  [NUISANCES, `toys: { density: { b: { ${FLAT} } } }\n`],
  ['p0: marginal', `p0: ${p0}`],
];

/** Per toy: n and n_off (or the step) of a window. */
function outcomes(setup: ToySetup, w: number): { n: number; row: number }[] {
  const { axis, nWindows } = setup.tables.ranks;
  const throwToy = makeToyThrower(setup.tables.arrays, setup.seed);
  const counts = new Uint32Array(2 * nWindows + 1);
  return Array.from({ length: TOYS }, (_, toy) => {
    const step = throwToy(toy, counts);
    if (axis === 'none' || axis === 'step') return { n: counts[w], row: step };
    const inBand = axis === 'complement' ? counts[2 * nWindows] - counts[2 * w + 1] : counts[2 * w + 1];
    return { n: counts[2 * w], row: inBand };
  });
}

const poisson = (n: number, b: number) => {
  let p = Math.exp(-b);
  for (let k = 1; k <= n; k++) p *= b / k;
  return p;
};

function expectRate(seen: number, p: number, slack = 0): void {
  const sigma = Math.sqrt((p * (1 - p)) / TOYS);
  expect(Math.abs(seen / TOYS - p), `${seen} of ${TOYS}, expected ${p * TOYS}`).toBeLessThan(4 * sigma + slack * p);
}

/** sum over j >= n of Binomial(j; n + off, 1/(1 + tau)) */
function onOff(n: number, off: number, tau: number): number {
  let [coefficient, sum] = [1, 0];
  for (let j = 0; j <= n + off; j++) {
    if (j >= n) sum += coefficient * (1 / (1 + tau)) ** j * (tau / (1 + tau)) ** (n + off - j);
    coefficient *= (n + off - j) / (j + 1);
  }
  return sum;
}

describe.each([
  ['a band with two edges', 'inner: 3, outer: 6', 'sideBand'],
  ['a band without outer edge', "inner: 3, where: 'x > 0'", 'complement'],
])('on-off with %s', (_, spec, axis) => {
  test('n_off is counted in the toy, p0 happens as often as its outcomes do', async () => {
    const setup = await setupOf(...band(spec, 'on-off'));
    const { tables, model, ensemble, windows } = setup;
    expect([tables.ranks.axis, ensemble]).toEqual([axis, 'auxiliary']);
    expect(tables.arrays[0][6]).toBe(axis === 'sideBand' ? 2 : 3);
    const w = 17;
    const tau = model.components[0].tau![w];
    // flat: 240 events over 3.6 GeV, windows of +-0.1; the band as the scan has it
    expect(tables.b0[w]).toBeCloseTo((240 / 3.6) * 0.2, 0);
    expect(tables.nOff![w] / (tau * tables.b0[w])).toBeCloseTo(1, 1);
    const thrown = outcomes(setup, w);
    for (const alpha of [0.2, 0.02, 0.002]) {
      let p = 0;
      for (let off = 0; off < 4 * tables.nOff![w] + 40; off++) {
        for (let n = 1; n < 60; n++) {
          if (onOff(n, off, tau) <= alpha) p += poisson(n, tables.b0[w]) * poisson(off, tables.nOff![w]);
        }
      }
      expectRate(thrown.filter(({ n, row }) => n > 0 && onOff(n, row, tau) <= alpha).length, p);
      const { at } = makeAttainable(setup);
      expect(Math.exp(at(Math.log(alpha))[w]) / p).toBeCloseTo(1, alpha < 0.1 ? 6 : 0);
    }
    expect(windows.count).toBe(tables.b0.length);
  });
});

test('a campaign with bands: a global p-value with every estimator, Bonferroni above the toys', async () => {
  const setup = await setupOf(...band('inner: 3, outer: 6', 'on-off'));
  const { tally } = await throwToys(setup, cpu(), { from: 0, to: 4000 });
  const result = toyResult(setup, tally);
  expect(result.ensemble).toBe('auxiliary');
  expect(result.best!.n_off).toBe(setup.observed.nOff![setup.observed.window]);
  const named = Object.fromEntries(result.estimators.map((e) => [e.name, e]));
  expect(named.bonferroni.status).toBe('ok');
  expect(Math.min(1, named.bonferroni.p_global!)).toBeGreaterThan(result.p_global_low_95!);
  expect(named.euler.p_global).toBeNull();
  expect(named.upcrossings.reason).toMatch(/more than the counts of the windows/);
  expect(named.sidak.reason).toMatch(/not proven/);
  expect(result.n_failures).toBe(0);
});

describe('the covariance of the Gaussian process is that of the toys', () => {
  test.each<[string, [string, string][]]>([
    ['with bands', band('inner: 3, outer: 6', 'on-off')],
    ['with bands without outer edge', band("inner: 3, where: 'x > 0'", 'on-off')],
    ['with a nuisance that grows over the spectrum', [['on: { background: 0.1 }', "on: { background: '0.15*x' }"]]],
  ])('%s', async (_, edits) => {
    const setup = await setupOf(...edits);
    const excess = makeExcess(setup.tables.ranks, setup.model);
    const { variance, shifts } = yieldMoments(setup.sources, setup.atoms, excess);
    const fields = gaussianFields(yieldMoments(setup.sources, setup.atoms, excess), setup.atoms, excess, 3, 0, 4000);
    const pair = [14, 16];
    const tau = setup.model.components[0].tau;
    const [first, second] = pair.map((w) =>
      outcomes(setup, w).map(({ n, row }) => (excess.isBanded ? n - row / tau![w] : n)),
    );
    const of = (a: readonly number[], b: readonly number[]) => {
      const [ma, mb] = [a, b].map((v) => v.reduce((sum, x) => sum + x, 0) / v.length);
      return a.reduce((sum, x, i) => sum + (x - ma) * (b[i] - mb), 0) / a.length;
    };
    const toys = of(first, second) / Math.sqrt(of(first, first) * of(second, second));
    expect(of(first, first) / variance[14]).toBeCloseTo(1, 1);
    const [a, b]: [number[], number[]] = [[], []];
    const field = new Float64Array(setup.windows.count);
    for (let i = 0; i < 4000; i++) {
      fields.at(i, field);
      a.push(field[14]);
      b.push(field[16]);
    }
    expect(Math.abs(of(a, b) - toys)).toBeLessThan(4 / Math.sqrt(4000));
    expect(toys).toBeGreaterThan(0.2);
    expect(shifts.length > 0).toBe(!excess.isBanded);
  });
});

test('a control sample is thrown beside the background it measures', async () => {
  const control = '{ name: b, control: { file: control.csv, transfer: 0.33 } }';
  const setup = await setupOf(
    [COMPONENT, control],
    [NUISANCES, `toys: { density: { b: { ${FLAT} } } }\n`],
    ['p0: marginal', 'p0: on-off'],
  );
  const { tables } = setup;
  const w = 20;
  expect(tables.nOff![w] * 0.33).toBeCloseTo(tables.b0[w], 8);
  const thrown = outcomes(setup, w);
  const mean = (of: (o: { n: number; row: number }) => number) => thrown.reduce((s, o) => s + of(o), 0) / TOYS;
  const [n, off] = [mean((o) => o.n), mean((o) => o.row)];
  expect(Math.abs(n - tables.b0[w])).toBeLessThan(4 * Math.sqrt(tables.b0[w] / TOYS));
  expect(Math.abs(off - tables.nOff![w])).toBeLessThan(4 * Math.sqrt(tables.nOff![w] / TOYS));
  const covariance = mean((o) => (o.n - n) * (o.row - off));
  expect(Math.abs(covariance)).toBeLessThan(4 * Math.sqrt((n * off) / TOYS));
});

test('auxiliary: the measurement of a nuisance is thrown and used, the background is nominal', async () => {
  const setup = await setupOf(['p0: marginal', 'p0: profile']);
  const { tables, steps, observed } = setup;
  expect([tables.ranks.axis, setup.ensemble]).toEqual(['step', 'auxiliary']);
  const w = 8;
  const b0 = tables.b0[w];
  const d = 0.1 * b0;
  // q0 of methods.md section 2 around a measured centre
  const z = (n: number, centre: number, width: number) => {
    if (n <= centre) return 0;
    const half = (centre - width * width) / 2;
    const b = half + Math.sqrt(half * half + n * width * width);
    return Math.sqrt(2 * (n * Math.log(n / b) - (n - b)) + ((b - centre) / width) ** 2);
  };
  const thrown = outcomes(setup, w);
  for (const level of [1, 2, 3]) {
    // the centre is a normal number: Simpson over 8 standard deviations
    let p = 0;
    for (let i = 0; i <= 400; i++) {
      const a = -8 + i / 25;
      let tail = 0;
      for (let n = 1; n < 90; n++) if (z(n, b0 + a * d, d) >= level) tail += poisson(n, b0);
      p += ((i === 0 || i === 400 ? 1 : i % 2 ? 4 : 2) / 75) * tail * (Math.exp(-0.5 * a * a) / Math.sqrt(2 * Math.PI));
    }
    const rank = rankOfLnP(tables.ranks, lnTail(level));
    expectRate(thrown.filter(({ n, row }) => rankOf(tables.ranks, w, n, row) >= rank).length, p, 0.02);
  }
  // the data have nominal measurements
  const { window, counts, lnPLocal } = observed;
  const own = tables.b0[window];
  expect(lnPLocal).toBeCloseTo(lnTail(z(counts[window], own, 0.1 * own)), 6);
  expect(steps!.at(-1)).toBe(0);
});

test('a nuisance that grows over the spectrum: counts of a window follow its own p0', async () => {
  const setup = await setupOf(['on: { background: 0.1 }', "on: { background: '0.15*x' }"]);
  expect(setup.sources.scenarios!.kind).toBe('nodes');
  for (const w of [2, 30]) {
    const thrown = outcomes(setup, w);
    const b = setup.tables.b0[w];
    for (const n of [Math.ceil(b) + 2, Math.ceil(b + 3 * Math.sqrt(b))]) {
      const lnP = setup.tables.ranks.lnP[rankOf(setup.tables.ranks, w, n)];
      expectRate(thrown.filter((o) => o.n >= n).length, Math.exp(lnP), 0.02);
    }
  }
});

test('weighted simulation: replica maps spread a window by its own statistics', async () => {
  const setup = await setupOf(
    [COMPONENT, "{ name: b, sample: { file: mc.csv, weight: 'w' }, mc_stat: true }"],
    [NUISANCES, 'toys: { scenarios: 512 }\n'],
  );
  const { tables, model, sources } = setup;
  expect(sources.scenarios!.weights.length).toBe(512);
  const w = 15;
  const { b0, sumW2 } = model.components[0];
  const thrown = outcomes(setup, w);
  const mean = thrown.reduce((sum, { n }) => sum + n, 0) / TOYS;
  const variance = thrown.reduce((sum, { n }) => sum + (n - mean) ** 2, 0) / TOYS;
  expect(tables.b0[w]).toBeCloseTo(b0[w], 8);
  // 512 replicas: 4 standard deviations of their mean and variance, and of the toys
  expect(Math.abs(mean - b0[w])).toBeLessThan(4 * Math.sqrt(sumW2![w] / 512 + b0[w] / TOYS));
  expect(variance / (b0[w] + sumW2![w])).toBeCloseTo(1, 1);
});

/** ln of the upper tail of the normal distribution, Simpson over 12 standard deviations. */
function lnTail(z: number): number {
  let sum = 0;
  for (let i = 0; i <= 4000; i++) {
    const x = z + (i * 12) / 4000;
    sum += (i === 0 || i === 4000 ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-0.5 * x * x);
  }
  return Math.log((sum * 12) / 12_000 / Math.sqrt(2 * Math.PI));
}
