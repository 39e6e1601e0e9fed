/**
 * A finished scan for plots and writers, computed with the project's own windows and statistics but a simple model:
 * background events of a known density, integrated as its value at the centre, no nuisances. Bayesian limits with a known background and
 * a flat prior up to infinity: Q(n+1, b+s)/Q(n+1, b) = 0.1, solved by bisection once per n and b rounded to 0.1.
 */
import type { Card } from '../../src/model/card.ts';
import { countEvents } from '../../src/model/counting.ts';
import { makeScope } from '../../src/model/expression.ts';
import type { BestWindow, ExpectedQuantile, ResultTable, ScanResult, Spread, Summary } from '../../src/model/result.ts';
import { EXPECTED_QUANTILES } from '../../src/model/result.ts';
import { makeWindows } from '../../src/model/windows.ts';
import { gammaQ, lnGammaQ } from '../../src/stats/gamma.ts';
import { zFromLnP } from '../../src/stats/normal.ts';
import { lnPoissonPmf, lnPoissonTail } from '../../src/stats/poisson.ts';

const QUANTILE: Record<ExpectedQuantile, number> = { m2: 0.025, m1: 0.16, '0': 0.5, p1: 0.84, p2: 0.975 };

export interface SyntheticOptions {
  /** Lattice step in units of the resolution; 2.7 gives about 9000 windows of the plane. */
  readonly step?: number;
  readonly nEvents?: number;
  readonly oneDimension?: boolean;
  /** Extra events at (6.5, 2.0). */
  readonly injected?: number;
  /** Region of blind windows in x. */
  readonly blind?: readonly [number, number];
}

const PLANE = {
  functions: {
    'sigma_m(m)': '0.0020 + 0.00135*m + 0.00024*m^2',
  },
  windows: {
    resolution: { x: 'sigma_m(x)', y: 'max(0.06, 0.42 - 0.012*x - 0.0025*x^2) + 0.0*y', correlation: '-0.9' },
    half_axes: 2.7,
    region: { x: [1.65, 10.51], y: [0, 80], where: 'y < x^2 && sqrt(max(y,0)) < 10.58 - x' },
  },
};

export function syntheticScan(options: SyntheticOptions = {}): ScanResult {
  const { step = 2.7, nEvents = 600, oneDimension = false, injected = 0, blind } = options;
  const card = (oneDimension
    ? { windows: { resolution: { x: '0.03 + 0*x' }, half_axes: 2, step, region: { x: [1, 10] } } }
    : { functions: PLANE.functions, y: {}, windows: { ...PLANE.windows, step } }) as unknown as Card;
  const windows = makeWindows(card, makeScope(card));
  const next = lcg(20);
  const [x, y]: [number[], number[]] = [[], []];
  const region = (px: number, py: number) => oneDimension || (py < px * px && Math.sqrt(Math.max(py, 0)) < 10.58 - px);
  let nTries = 0;
  while (x.length < nEvents) {
    nTries++;
    const [px, py] = [1 + 9.6 * next(), oneDimension ? 0 : -1 + 31 * next() ** 2];
    if (!region(px, py)) continue;
    x.push(px);
    y.push(py);
  }
  for (let i = 0; i < injected; i++) {
    x.push(6.5 + 0.02 * (next() + next() - 1));
    y.push(oneDimension ? 0 : 2 - 7 * (x.at(-1)! - 6.5) + 0.05 * next());
  }
  const events = { x: Float64Array.from(x), y: Float64Array.from(y) };
  const n = countEvents(windows, oneDimension ? ({ x: events.x } as never) : events);
  // Density of the events above: 1/9.6 in x, 1/(2 sqrt(31 (y + 1))) in y, over the share of draws inside the region.
  const perArea = (i: number) =>
    nTries === 0
      ? 0
      : nEvents / (9.6 * (nEvents / nTries) * (oneDimension ? 1 : 2 * Math.sqrt(31 * (windows.y[i]! + 1))));
  const area = (i: number) => (oneDimension ? 2 * windows.a[i]! : Math.PI * windows.a[i]! * windows.b[i]!);
  const bkg = Float64Array.from({ length: windows.count }, (_, i) => perArea(i) * area(i));
  const table = tableOf(windows, n, bkg, oneDimension, blind);
  const result: Omit<ScanResult, 'summary'> = {
    name: 'synthetic',
    table,
    labels: {
      title: "e^{+}e^{-} #rightarrow A' h', A' #rightarrow #mu#mu, h' invisible",
      experiment: 'Belle-II-like simulation',
      conditions: '#sqrt{s} = 10.58 GeV,  #int L dt = 8.34 fb^{-1}',
      x: { label: 'M_{#mu#mu}', unit: 'GeV/c^{2}' },
      ...(oneDimension ? {} : { y: { label: 'M_{rec}^{2}', unit: 'GeV^{2}/c^{4}' } }),
      poi: { label: '#sigma', unit: 'fb' },
    },
    events: oneDimension ? { x: events.x } : events,
    limitGroups: [{ method: 'bayes', suffix: '', levelLabel: '90 % credibility' }],
    couplings: [],
    expectedZ: expectedZ(bkg),
    provenance: { seed: '1', note: 'synthetic' },
    cardText: 'schema: darkscan/card/1\nname: synthetic\n',
  };
  return { ...result, summary: summarise(result, nEvents + injected) };
}

type Windows = ReturnType<typeof makeWindows>;

function tableOf(
  windows: Windows,
  n: Uint32Array,
  bkg: Float64Array,
  oneDimension: boolean,
  blind?: readonly [number, number],
): ResultTable {
  const count = windows.count;
  const isBlind = (i: number) => blind !== undefined && windows.x[i]! >= blind[0] && windows.x[i]! <= blind[1];
  const real = (f: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => f(i));
  const lnP0 = real((i) => (isBlind(i) ? NaN : lnPoissonTail(n[i]!, bkg[i]!)));
  const sens = real(
    (i) => 8.34 * 0.17 * Math.min(1, (11 - windows.x[i]!) / 2, Math.max(0.05, (windows.x[i]! - 0.8) / 1.7)),
  );
  const f64 = (name: string, values: Float64Array) => ({ name, type: 'f64' as const, values, description: name });
  const status = Array.from({ length: count }, (_, i) =>
    isBlind(i) ? 'blind' : i % 997 === 5 ? 'zero-background' : 'ok',
  );
  const expected = EXPECTED_QUANTILES.map((q) =>
    f64(
      `limit_exp_${q}`,
      real((i) => signalLimit(quantileCount(QUANTILE[q], bkg[i]!), bkg[i]!) / sens[i]!),
    ),
  );
  const usable = (i: number) => status[i] === 'ok';
  return {
    rowCount: count,
    columns: [
      { name: 'id', type: 'i32', values: Int32Array.from({ length: count }, (_, i) => i), description: 'window' },
      f64('x', windows.x),
      ...(oneDimension
        ? [f64('a', windows.a)]
        : [f64('y', windows.y), f64('a', windows.a), f64('b', windows.b), f64('phi_deg', windows.phiDeg)]),
      { name: 'n', type: 'i32', values: Int32Array.from(n), description: 'events' },
      f64('bkg', bkg),
      f64(
        'ln_p0',
        real((i) => (usable(i) ? lnP0[i]! : NaN)),
      ),
      f64(
        'z',
        real((i) => (usable(i) && lnP0[i]! < 0 ? zFromLnP(lnP0[i]!) : NaN)),
      ),
      f64(
        'limit_obs',
        real((i) => (usable(i) ? signalLimit(n[i]!, bkg[i]!) / sens[i]! : NaN)),
      ),
      ...expected,
      { name: 'status', type: 'string', values: status, description: 'status' },
    ],
  };
}

const zBins = new Map<string, number>();

/** Bin of Z of (n, b) in quarters from -3. */
function zBin(n: number, b: number): number {
  const key = `${n}/${b}`;
  if (!zBins.has(key)) zBins.set(key, Math.floor((zFromLnP(lnPoissonTail(n, b)) + 3) / 0.25));
  return zBins.get(key)!;
}

const limitCache = new Map<string, number>();

function signalLimit(n: number, b: number): number {
  const rounded = Math.round(b * 10) / 10;
  const key = `${n}/${rounded}`;
  if (!limitCache.has(key)) {
    const target = Math.log(0.1) + lnGammaQ(n + 1, rounded);
    let [low, high] = [0, 20 + 4 * n];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (lnGammaQ(n + 1, rounded + middle) > target) low = middle;
      else high = middle;
    }
    limitCache.set(key, low);
  }
  return limitCache.get(key)!;
}

function quantileCount(q: number, b: number): number {
  for (let n = 0; ; n++) if (gammaQ(n + 1, b) >= q) return n;
}

function expectedZ(bkg: Float64Array): NonNullable<ScanResult['expectedZ']> {
  const edges = Float64Array.from({ length: 37 }, (_, i) => -3 + 0.25 * i);
  const expected = new Float64Array(edges.length - 1);
  let expectedAtOne = 0;
  for (const exact of bkg) {
    const b = Number(exact.toPrecision(3));
    expectedAtOne += Math.exp(-b);
    for (let n = 1; n < b + 12 * Math.sqrt(b) + 12; n++) {
      const bin = zBin(n, b);
      if (bin >= 0 && bin < expected.length) expected[bin]! += Math.exp(lnPoissonPmf(n, b));
    }
  }
  return { edges, expected, expectedAtOne };
}

function summarise(result: Omit<ScanResult, 'summary'>, nEvents: number): Summary {
  const { table, labels } = result;
  const column = (name: string) => table.columns.find((c) => c.name === name)?.values as Float64Array;
  const spread = (name: string): Spread | null => {
    const sorted = [...column(name)].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
    return sorted.length === 0 ? null : { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
  };
  const z = column('z');
  const order = [...z.keys()]
    .filter((i) => !Number.isNaN(z[i]))
    .sort((i, j) => z[j]! - z[i]! || i - j)
    .slice(0, 5);
  const best = order.map((i): BestWindow => ({
    id: i,
    x: column('x')[i]!,
    ...(labels.y === undefined ? {} : { y: column('y')[i]! }),
    n: column('n')[i]!,
    bkg: column('bkg')[i]!,
    bkgErr: null,
    lnP0: column('ln_p0')[i]!,
    z: z[i]!,
    limitObs: column('limit_obs')[i]!,
    status: 'ok',
  }));
  const statuses = table.columns.find((c) => c.name === 'status')!.values as readonly string[];
  const status: Record<string, number> = {};
  for (const one of statuses) status[one] = (status[one] ?? 0) + 1;
  const lnBonferroni = Math.min(0, (best[0]?.lnP0 ?? 0) + Math.log(table.rowCount));
  const significance = { lnP: lnBonferroni, z: lnBonferroni < 0 ? zFromLnP(lnBonferroni) : null };
  return {
    schema: 'darkscan/summary/1',
    card: result.name,
    title: labels.title,
    nWindows: table.rowCount,
    rows: { read: nEvents + 3, used: nEvents, rejected: { 'm_mumu is not a number': 3 } },
    x: labels.x,
    y: labels.y,
    p0Method: 'marginal',
    best,
    global: best.length === 0 ? null : { sidak: significance, bonferroni: significance },
    status,
    blindWindows: status.blind ?? 0,
    limits: [
      {
        method: 'bayes',
        levelLabel: '90 % credibility',
        unit: 'fb',
        observed: spread('limit_obs'),
        expected: Object.fromEntries(
          EXPECTED_QUANTILES.map((q) => [q, spread(`limit_exp_${q}`)]),
        ) as Summary['limits'][0]['expected'],
      },
    ],
    backend: { kind: 'cpu', description: '2 CPU workers', precision: 'f64' },
    warnings: [],
    elapsedMs: 1234,
  };
}

/** Numbers in [0, 1): Park and Miller's generator, enough for pictures. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
