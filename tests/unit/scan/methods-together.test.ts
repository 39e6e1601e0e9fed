/**
 * Several p0 methods and limits in one evaluation are the methods asked for one by one, on every backend; a card with
 * several has one column group each, with the numbers and names documented.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/engine/backend.ts';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { parseCard } from '../../../src/io/card.ts';
import { findColumn, numbersOf, type ResultTable } from '../../../src/model/result.ts';
import { figureInputs } from '../../../src/report/figure-inputs.ts';
import { listFigures } from '../../../src/report/figures.ts';
import { summaryText } from '../../../src/report/summary-text.ts';
import { evaluateWindows, type WindowNumbers } from '../../../src/scan/evaluate-windows.ts';
import type { LimitRequest, P0Method } from '../../../src/scan/statistics.ts';
import { scanWindows } from '../../../src/scan/window-scan.ts';
import { testBackends } from '../../support/backends.ts';
import { countingModel, spread, type CountingCase } from '../../support/counting.ts';

const random = spread(17);
/** Bands of few and many events, excesses and deficits, without events here and there. */
const CASES = Array.from({ length: 60 }, (_, i): CountingCase => {
  const tau = 0.5 + 8 * random();
  const b = 10 ** (3 * random() - 1);
  const nOff = i % 9 === 0 ? 0 : Math.round(tau * b);
  const n = i % 7 === 0 ? 0 : Math.max(0, Math.round(b + (6 * random() - 2) * Math.sqrt(b)));
  return { n, b0: 0, s0: 0.5 + random(), band: [nOff, tau] };
});
const BANDS = {
  model: countingModel(CASES),
  p0: ['li-ma', 'marginal', 'on-off-mid-p', 'profile', 'on-off', 'marginal-mid-p'] as readonly P0Method[],
  limits: [
    { method: 'profile', level: 0.95 },
    { method: 'bayes', level: 0.9, poiMax: 1e4 },
    { method: 'bayes', level: 0.95, poiMax: Infinity },
    { method: 'profile', level: 0.9 },
  ] as readonly LimitRequest[],
};
/** The same counts on backgrounds known exactly: what exact CLs needs. */
const KNOWN = {
  model: countingModel(CASES.map(({ n, s0, band }) => ({ n, s0, b0: (band![0] + 0.5) / band![1] }))),
  p0: ['marginal-mid-p', 'profile', 'marginal'] as readonly P0Method[],
  limits: [
    { method: 'cls-exact', level: 0.95 },
    { method: 'bayes', level: 0.95, poiMax: 1e3 },
    { method: 'profile', level: 0.95 },
    { method: 'cls-exact', level: 0.9 },
  ] as readonly LimitRequest[],
};
type Case = typeof BANDS;

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

const evaluate = (
  backend: Backend,
  { model }: Case,
  p0: readonly P0Method[],
  limits: readonly LimitRequest[],
): Promise<WindowNumbers> =>
  evaluateWindows(model, { p0, limits, expected: 'percent' }, backend, { sample: (w) => w === 5 });

/** Equal bits, or (f32: the windows rechecked in f64 depend on the first method) equal to the accuracy of the device. */
function expectSame(found: Float64Array, alone: Float64Array, tolerance: number, what: string): void {
  alone.forEach((value, w) => {
    if (Number.isNaN(value)) expect(found[w], `${what}, window ${w}`).toBeNaN();
    else expect(Math.abs(found[w] - value), `${what}, window ${w}`).toBeLessThanOrEqual(tolerance * Math.abs(value));
  });
}

describe.each([
  ['of side bands', BANDS],
  ['of known backgrounds', KNOWN],
])('all methods %s at once', (_, all) => {
  const { p0: P0, limits: LIMITS } = all;

  test('each is what it is alone, on every backend', async () => {
    for (const backend of backends) {
      const f32 = backend.info.precision === 'f32';
      const together = await evaluate(backend, all, P0, LIMITS);
      expect(together.status.filter((status) => status !== 'ok')).toEqual([]);
      for (const [i, method] of P0.entries()) {
        const alone = await evaluate(backend, all, [method], []);
        const what = `${method} on ${backend.info.description}`;
        expectSame(together.p0[i].z, alone.p0[0].z, f32 ? 1e-4 : 0, what);
        expectSame(together.p0[i].lnP, alone.p0[0].lnP, f32 ? 1e-4 : 0, what);
      }
      for (const [i, request] of LIMITS.entries()) {
        const alone = await evaluate(backend, all, ['marginal'], [request]);
        const what = `${request.method} ${request.level} on ${backend.info.description}`;
        expectSame(together.limits[i].observed, alone.limits[0].observed, f32 ? 1e-4 : 0, what);
        together.limits[i].expected.forEach((values, q) =>
          expectSame(values, alone.limits[0].expected[q], f32 ? 1e-4 : 0, `${what}, quantile ${q}`),
        );
      }
    }
  });

  test('backends agree', async () => {
    const [reference, ...others] = await Promise.all(backends.map((backend) => evaluate(backend, all, P0, LIMITS)));
    for (const found of others) {
      reference.p0.forEach(({ z }, i) =>
        z.forEach((value, w) => {
          if (Number.isNaN(value)) expect(found.p0[i].z[w]).toBeNaN();
          else expect(Math.abs(found.p0[i].z[w] - value), `${P0[i]}, window ${w}`).toBeLessThan(1e-3);
        }),
      );
      reference.limits.forEach(({ observed }, i) =>
        expectSame(found.limits[i].observed, observed, 1e-4, LIMITS[i].method),
      );
    }
  });
});

describe('methods that must agree do', () => {
  test('on-off and marginal, their mid-p, li-ma and profile of a side band', async () => {
    const { p0 } = await evaluate(backends[0], BANDS, BANDS.p0, []);
    const z = (method: P0Method) => p0[BANDS.p0.indexOf(method)].z;
    for (const [one, other] of [
      ['on-off', 'marginal'],
      ['on-off-mid-p', 'marginal-mid-p'],
      ['li-ma', 'profile'],
    ] as const)
      z(one).forEach((value, w) => {
        if (Number.isNaN(value)) expect(z(other)[w]).toBeNaN();
        else expect(Math.abs(z(other)[w] - value), `${one}, ${other}, window ${w}`).toBeLessThan(1e-8);
      });
    // mid-p counts less of P(N = n): always more significant, and never null here
    z('on-off-mid-p').forEach((value, w) => {
      expect(Number.isNaN(value)).toBe(false);
      if (!Number.isNaN(z('on-off')[w])) expect(value).toBeGreaterThan(z('on-off')[w]);
    });
  });

  test('exact CLs is bayes with a prior without end when the background is known', async () => {
    const { limits } = await evaluate(
      backends[0],
      KNOWN,
      ['marginal'],
      [
        { method: 'cls-exact', level: 0.95 },
        { method: 'bayes', level: 0.95, poiMax: Infinity },
      ],
    );
    expect(limits[0]).toEqual(limits[1]);
  });
});

const CARD = `schema: darkscan/card/1
name: many
scan: windows
data: { file: events.csv }
x: { column: m, unit: GeV }
windows: { resolution: { x: 0.1 }, half_axes: 2, step: 2, region: { x: [1, 3] } }
background: { components: [{ name: around, side_band: { inner: 3, outer: 9, tau: 3 } }] }
signal: { poi: { name: S, unit: events }, efficiency: 0.5 }
statistics:
  p0: [li-ma, on-off-mid-p, marginal]
  limits:
    - { method: bayes, credibility: 0.9, poi_max: 1000 }
    - { method: profile, confidence: 0.975 }
couplings: [{ name: g, formula: sqrt(limit) }]
`;
const MASSES = Array.from({ length: 90 }, (_, i) => 0.5 + 3 * ((0.6180339887 * i) % 1)).concat([1.4, 1.41, 1.42, 1.43]);
const bytes = new TextEncoder().encode(`m\n${MASSES.join('\n')}\n`);
const files = { read: (name: string) => Promise.resolve({ name, bytes, sha256: '', storedBytes: bytes.length }) };

function scanCard(text: string) {
  return scanWindows(parseCard(text, 'card.yaml'), { backend: new CpuBackend({ threads: 1 }), files });
}

describe('a card with three p0 and two limits', () => {
  const namesOf = (table: ResultTable) => table.columns.map(({ name }) => name);

  test('one column group each, the first p0 without suffix, equal to the same card with one method', async () => {
    const { table, limitGroups } = await scanCard(CARD);
    const names = namesOf(table);
    expect(names.slice(names.indexOf('n_off'), names.indexOf('n_off') + 2)).toEqual(['n_off', 'tau']);
    expect(names.filter((name) => /^(p0|ln_p0|z)/.test(name))).toEqual(
      ['', '_on_off_mid_p', '_marginal'].flatMap((suffix) => ['p0', 'ln_p0', 'z'].map((name) => `${name}${suffix}`)),
    );
    expect(limitGroups).toEqual([
      { method: 'bayes', suffix: '_bayes_90', levelLabel: '90 % credibility' },
      { method: 'profile', suffix: '_profile_97p5', levelLabel: '97.5 % CL' },
    ]);
    expect(findColumn(table, 'limit_obs_profile_97p5')!.description).toBe('observed upper limit, profile, 97.5 % CL');
    const [methods, limits] = [/p0: \[.*\]/, /limits:\n.*\n.*\n/];
    for (const [method, suffix] of [
      ['li-ma', ''],
      ['on-off-mid-p', '_on_off_mid_p'],
      ['marginal', '_marginal'],
    ]) {
      const alone = await scanCard(CARD.replace(methods, `p0: ${method}`));
      for (const name of ['p0', 'ln_p0', 'z'])
        expect(numbersOf(table, `${name}${suffix}`), method).toEqual(numbersOf(alone.table, name));
    }
    for (const [request, suffix] of [
      ['{ method: bayes, credibility: 0.9, poi_max: 1000 }', '_bayes_90'],
      ['{ method: profile, confidence: 0.975 }', '_profile_97p5'],
    ]) {
      const alone = await scanCard(CARD.replace(limits, `limits: [${request}]\n`));
      expect(numbersOf(table, `limit_obs${suffix}`)).toEqual(numbersOf(alone.table, 'limit_obs'));
      expect(numbersOf(table, `limit_exp_0${suffix}`)).toEqual(numbersOf(alone.table, 'limit_exp_0'));
    }
  });

  test('summary and figures name each of them', async () => {
    const result = await scanCard(CARD);
    const text = summaryText(result.summary);
    expect(text).toContain('(p0: li-ma, local; limit: bayes, 90 % credibility)');
    expect(text).toMatch(/ Z +Z on-off-mid-p +Z marginal +limit/);
    expect(text).toContain('upper limits over windows in events (bayes, 90 % credibility)');
    expect(text).toContain('upper limits over windows in events (profile, 97.5 % CL)');
    expect(text).not.toMatch(/NaN|undefined/);
    const figures = listFigures(figureInputs(result));
    expect(figures.map(({ name }) => name)).toEqual(['p0', 'z-distribution', 'limit-bayes-90', 'limit-profile-97p5']);
    for (const figure of figures) expect(figure.draw()).not.toMatch(/NaN|undefined/);
    expect(figures[0].draw()).toContain('on-off-mid-p');
  });
});
