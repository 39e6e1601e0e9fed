/** The profile likelihood against closed forms, ROOT's TRolke and pyhf. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RESULT_CODE } from '../../../src/kernels/plan-bindings.ts';
import { profileInF64Limit, profileInF64P0 } from '../../../src/scan/evaluate-profile.ts';
import { zOf } from '../../../src/scan/recheck.ts';
import { bd0 } from '../../../src/stats/deviance.ts';
import { liMaZ } from '../../../src/stats/li-ma.ts';
import { spread } from '../../support/counting.ts';
import { profileModel, type ProfileCase } from '../../support/profile-cases.ts';

const TROLKE = '../shared/reference/root_trolke_tfeldmancousins.json';
const PYHF = '../shared/reference/pyhf/validation_expected.json';

const z = (c: ProfileCase) => zOf(...profileInF64P0(profileModel(c), 0, c.n));
const limit = (c: ProfileCase, level: number) => profileInF64Limit(profileModel(c), 0, c.n, level);
const known = (b0: number) => [{ name: 'b', kind: 'known', b0 }];
const band = (nOff: number, tau: number) => [{ name: 'b', kind: 'side-band', n_off: nOff, tau }];

describe('closed forms', () => {
  test('a normal background of absolute width d: b^^ of methods.md, to 1e-10', () => {
    const random = spread(3);
    for (let i = 0; i < 300; i++) {
      const b = 10 ** (7 * random() - 1);
      const d = b * 10 ** (3 * random() - 2.7);
      const n = Math.ceil(b + (40 * random() ** 3 + 0.01) * Math.hypot(Math.sqrt(b), d));
      const sum = b - d * d;
      const root = Math.sqrt(sum * sum + 4 * n * d * d);
      const fitted = sum >= 0 ? 0.5 * (sum + root) : (2 * n * d * d) / (root - sum);
      // b^^ - b without cancellation: the root of x^2 + (b + d^2) x + d^2 (b - n) = 0
      const c = b + d * d;
      const change = (2 * d * d * (n - b)) / (c + Math.sqrt(c * c + 4 * d * d * (n - b)));
      const wanted = Math.sqrt(2 * bd0(n, fitted) + (change / d) ** 2);
      const components = [{ name: 'b', kind: 'error-given', b0: b, error: d }];
      const got = z({ n, s: 1, components, nuisances: [] });
      expect(Math.abs(got - wanted), `n ${n}, b ${b}, d ${d}: got ${got}, expected ${wanted}`).toBeLessThan(1e-10);
    }
  });

  test('a side band alone is Li and Ma, to 1e-10', () => {
    const random = spread(4);
    for (let i = 0; i < 300; i++) {
      const nOff = Math.floor(10 ** (6 * random())) - 1;
      const tau = 10 ** (3 * random() - 1);
      const n = Math.ceil(nOff / tau + 40 * random() ** 3 * Math.sqrt(nOff / tau + 1));
      const got = z({ n, s: 1, components: band(nOff, tau), nuisances: [] });
      expect(Math.abs(got - liMaZ(n, nOff, tau)), `${n}, ${nOff}, ${tau}`).toBeLessThan(1e-10);
    }
  });

  test('no events: the limit is z^2/2 whatever is known of the background', () => {
    const half = 1.6448536269514722 ** 2 / 2;
    for (const components of [known(0), known(300), band(5, 2), band(0, 2)]) {
      const [u, code] = limit({ n: 0, s: 2, components, nuisances: [] }, 0.95);
      expect(code).toBe(RESULT_CODE.ok);
      expect(Math.abs(u / (half / 2) - 1)).toBeLessThan(1e-12);
    }
  });

  test('a known background: 2 [n ln(n/(S + b)) - (n - S - b)] is z^2 at the limit', () => {
    for (const [n, b] of [
      [5, 3],
      [1000, 900],
      [1e6, 999000],
    ]) {
      const [u] = limit({ n, s: 1, components: known(b), nuisances: [] }, 0.9);
      expect(Math.abs(Math.sqrt(2 * bd0(n, u + b)) - 1.2815515655446004)).toBeLessThan(1e-10);
    }
  });

  test('no excess: p0 is one half', () => {
    expect(z({ n: 3, s: 1, components: known(3), nuisances: [] })).toBeCloseTo(0, 14);
    expect(profileInF64P0(profileModel({ n: 0, s: 1, components: band(9, 3), nuisances: [] }), 0, 0)).toEqual([
      -Math.LN2,
      -Math.LN2,
    ]);
  });
});

/**
 * The upper end of a two-sided interval is the one-sided limit at level (1 + CL)/2. TRolke 5.34 is that likelihood ratio
 * where POI^ >= 0 (it lets POI^ be negative, darkscan does not), n > 0 (n = 0 is extrapolated) and the normal background
 * stays positive (error <= b; it may be negative in TRolke). Its search ends 1.6e-4 below the crossing at worst.
 */
describe.skipIf(!existsSync(TROLKE))('ROOT TRolke', () => {
  const rolke: Record<string, number[][]> = existsSync(TROLKE) ? JSON.parse(readFileSync(TROLKE, 'utf8')) : {};
  const compare = (rows: readonly number[][], componentsOf: (row: readonly number[]) => ProfileCase['components']) => {
    for (const row of rows) {
      const c = { n: row[0], s: 1, components: componentsOf(row), nuisances: [] };
      const [u] = limit(c, 0.975);
      expect(Math.abs(u - row[4]), `${row}: got ${u}`).toBeLessThan(2e-4);
    }
  };

  test('Gaussian background', () => {
    const rows = rolke.rolke_gauss_knownEff_cl95.filter(([n, b, error]) => n >= 1 && n >= b && error <= b);
    expect(rows.length).toBe(75);
    compare(rows, ([, b, error]) => [{ name: 'b', kind: 'error-given', b0: b, error }]);
  });

  test('Poisson background', () => {
    const rows = rolke.rolke_poisson_knownEff_cl95.filter(([n, off, tau]) => n >= 1 && n >= off / tau);
    expect(rows.length).toBe(83);
    compare(rows, ([, off, tau]) => band(off, tau));
  });
});

test.skipIf(!existsSync(PYHF))(
  'pyhf: discovery p-value of one bin with shapesys, to the 1.2e-6 of its minimiser',
  () => {
    const { cases } = JSON.parse(readFileSync(PYHF, 'utf8')) as {
      cases: Record<string, { expected: { obs: number }; source: { bindata: Record<string, number[]> } }>;
    };
    const { expected, source } = cases['1bin_shapesys_q0'];
    const [n, b0, error] = [source.bindata.data[0], source.bindata.bkg[0], source.bindata.bkgerr[0]];
    const components = [{ name: 'b', kind: 'mc-stat', b0, sum_w2: error * error, mean_weight: 1 }];
    const model = profileModel({ n, s: source.bindata.sig[0], components, nuisances: [] });
    const p0 = Math.exp(profileInF64P0(model, 0, n)[0]);
    expect(Math.abs(p0 / expected.obs - 1), `got ${p0}, expected ${expected.obs}`).toBeLessThan(2e-6);
  },
);

describe('windows without a limit are a code, not a number', () => {
  test('no expected signal', () => {
    expect(limit({ n: 3, s: 0, components: known(2), nuisances: [] }, 0.9)).toEqual([0, RESULT_CODE.noSensitivity]);
  });

  test('an efficiency that may be 0 within z: -ln L never falls by enough', () => {
    const nuisances = [{ name: 'e', constraint: 'normal', on: { efficiency: 0.8 } }];
    expect(limit({ n: 3, s: 1, components: known(2), nuisances }, 0.95)).toEqual([0, RESULT_CODE.notConverged]);
    // the same at a level it excludes
    const [u, code] = limit({ n: 3, s: 1, components: known(2), nuisances }, 0.8);
    expect(code).toBe(RESULT_CODE.ok);
    expect(u).toBeGreaterThan(3);
  });
});
