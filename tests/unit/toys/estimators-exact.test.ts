/**
 * Low-count scans of a line whose global p-value is known exactly by embedding it in a Markov chain (J. C. Fu 2001): bins
 * are Poisson, windows are all runs of 1 to 3 bins, so the state is the counts of the last two bins and a chain that
 * stops when any window reaches its threshold. Nothing of src is used for the exact numbers.
 */
import { describe, expect, test } from 'vitest';
import { rankOf } from '../../../src/toys/rank-rows.ts';
import { attainableLnP, rankOfLnP } from '../../../src/toys/estimators/attainable.ts';
import { bonferroni, sidak } from '../../../src/toys/estimators/bounds.ts';
import { allRuns, bestRanks, binScan } from './bin-scan.ts';

function poisson(n: number, mean: number): number {
  let p = Math.exp(-mean);
  for (let i = 1; i <= n; i++) p *= mean / i;
  return p;
}

function tail(n: number, mean: number): number {
  let sum = 0;
  for (let i = n; i < n + 200; i++) sum += poisson(i, mean);
  return n === 0 ? 1 : sum;
}

const sum = (values: readonly number[]) => values.reduce((total, v) => total + v, 0);
const isTie = (p: number, q: number) => Math.abs(Math.log(p / q)) < 1e-9;

/** Least count whose p0 is at most p. */
function threshold(mean: number, p: number): number {
  let n = 0;
  while (!(tail(n, mean) <= p || isTie(tail(n, mean), p))) n++;
  return n;
}

/** P(some run of 1 to 3 bins has p0 <= p): one minus the probability that the chain survives. */
function exactGlobalP(means: readonly number[], p: number): number {
  let states = new Map<string, number>([['0,0', 1]]);
  means.forEach((mean, bin) => {
    const limits = [1, 2, 3].map((width) =>
      bin + 1 >= width ? threshold(sum(means.slice(bin + 1 - width, bin + 1)), p) : Infinity,
    );
    const next = new Map<string, number>();
    for (const [key, weight] of states) {
      const [before, last] = key.split(',').map(Number);
      for (let n = 0; n < limits[0]; n++) {
        if (n + last >= limits[1] || n + last + before >= limits[2]) break;
        const to = `${last},${n}`;
        next.set(to, (next.get(to) ?? 0) + weight * poisson(n, mean));
      }
    }
    states = next;
  });
  return 1 - sum([...states.values()]);
}

const falling = (bins: number, top: number, scale: number) =>
  Array.from({ length: bins }, (_, i) => top * Math.exp(-i / scale));

/** Scan, and the observed extreme as a count in one run. */
const CASES = [
  { name: '20 falling bins', means: falling(20, 5, 8), width: 1, at: 6, n: 9 },
  { name: '12 flat bins of half an event', means: falling(12, 0.5, 1e9), width: 2, at: 4, n: 5 },
  { name: '30 steep bins', means: falling(30, 12, 5), width: 3, at: 9, n: 16 },
  { name: '8 bins of 3 events, a mild excess', means: falling(8, 3, 1e9), width: 2, at: 2, n: 11 },
];
const TOYS = 100_000;

describe.each(CASES)('$name', ({ means, width, at, n }) => {
  const runs = allRuns(means.length, [1, 2, 3]);
  const scan = binScan(means, runs);
  const window = runs.findIndex(([from, to]) => from === at && to === at + width);
  const rank = rankOf(scan.tables.ranks, window, n);
  const lnPLocal = scan.tables.ranks.lnP[rank];
  const exact = exactGlobalP(means, tail(n, sum(means.slice(at, at + width))));

  test('the local p0 of the table is the Poisson tail', () => {
    expect(lnPLocal).toBeCloseTo(Math.log(tail(n, sum(means.slice(at, at + width)))), 10);
    expect(rankOfLnP(scan.tables.ranks, lnPLocal)).toBe(rank);
  });

  test('toys give the exact global p-value within 3 standard deviations', () => {
    // fixed seed; with the four cases a right kernel fails with 1 % at most
    const k = bestRanks(scan, 20260, 0, TOYS).reduce((hits, best) => hits + (best >= rank ? 1 : 0), 0);
    const allowed = 3 * Math.sqrt((exact * (1 - exact)) / TOYS);
    expect(Math.abs(k / TOYS - exact), `toys ${k / TOYS}, exact ${exact}`).toBeLessThan(allowed);
  });

  test('sidak and bonferroni are bounds, sidak the closer one, and far below windows times p_local', () => {
    const attainable = attainableLnP(scan.tables.ranks, lnPLocal);
    const [s, b] = [sidak(attainable, lnPLocal), bonferroni(attainable, lnPLocal)];
    expect(s.pGlobal!).toBeGreaterThan(exact);
    expect(b.pGlobal!).toBeGreaterThan(s.pGlobal!);
    expect(b.pGlobal!).toBeLessThan(0.9 * runs.length * Math.exp(lnPLocal));
    expect(s.interval!.low).toBeLessThanOrEqual(exact);
    expect([s.kind, s.status]).toEqual(['bound', 'ok']);
  });
});

test('a local p that no window attains: discreteness alone makes the nominal formula too large', () => {
  const means = falling(20, 5, 8);
  const { tables, runs } = binScan(means, allRuns(20, [1, 2, 3]));
  const exact = exactGlobalP(means, 1e-3);
  const discrete = sidak(attainableLnP(tables.ranks, Math.log(1e-3)), Math.log(1e-3)).pGlobal!;
  const nominal = 1 - (1 - 1e-3) ** runs.length;
  expect(exact).toBeLessThan(discrete);
  expect(discrete).toBeLessThan(nominal);
});

test('sidak is exact for disjoint windows', () => {
  const means = falling(40, 4, 12);
  const scan = binScan(means, allRuns(40, [2], 2));
  const lnPLocal = scan.tables.ranks.lnP[rankOf(scan.tables.ranks, 3, 12)];
  const p = Math.exp(lnPLocal);
  let survive = 1;
  for (const [from, to] of scan.runs) {
    const mean = sum(means.slice(from, to));
    survive *= 1 - tail(threshold(mean, p), mean);
  }
  const attainable = attainableLnP(scan.tables.ranks, lnPLocal);
  expect(sidak(attainable, lnPLocal).pGlobal).toBeCloseTo(1 - survive, 10);
  expect(sidak(attainable, lnPLocal).effectiveWindows!).toBeLessThan(20);
});

test('bounds stay finite and ordered at p-values no double holds', () => {
  const lnPLocal = -800;
  const attainable = Float64Array.of(-800, -801, -900);
  const [s, b] = [sidak(attainable, lnPLocal), bonferroni(attainable, lnPLocal)];
  expect(s.lnPGlobal).toBeCloseTo(-800 + Math.log(1 + Math.exp(-1)), 10);
  expect(b.lnPGlobal).toBeCloseTo(s.lnPGlobal!, 10);
  expect(s.effectiveWindows).toBeCloseTo(1 + Math.exp(-1), 10);
  expect(s.zGlobal).toBeGreaterThan(39);
});
