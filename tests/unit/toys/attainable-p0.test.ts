/** Tables of p0 for toys against closed forms written here, and how often p0 <= alpha happens, summed over all outcomes. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CountingModel, Nuisance } from '../../../src/model/counting-model.ts';
import { auxiliarySteps } from '../../../src/model/toys/auxiliary-steps.ts';
import { attainableByOff, attainableCounts, quickMethod } from '../../../src/toys/attainable-p0.ts';
import { rowsBelow, rowsFromZero } from '../../../src/toys/count-rows.ts';
import { selectWindows } from '../../../src/scan/select-windows.ts';
import { shiftedModel } from '../../../src/toys/shifted-model.ts';

const golden = JSON.parse(readFileSync('tests/golden/toys_p0.json', 'utf8')) as {
  'how-often': { b: number; tau: number; alpha: number; 'on-off': number; 'on-off-mid-p': number }[];
};

function modelOf(part: Partial<CountingModel> & Pick<CountingModel, 'components'>): CountingModel {
  const nWindows = part.components[0].b0.length;
  return {
    nWindows,
    n: new Uint32Array(nWindows),
    sensitivity: new Float64Array(nWindows).fill(1),
    nuisances: [],
    ...part,
  };
}

const known = (...b0: number[]): CountingModel =>
  modelOf({ components: [{ name: 'b', kind: 'known', b0: Float64Array.from(b0) }] });

function band(nOff: number[], tau: number[]): CountingModel {
  const b0 = Float64Array.from(nOff, (n, w) => n / tau[w]);
  const component = {
    name: 'b',
    kind: 'side-band',
    b0,
    nOff: Uint32Array.from(nOff),
    tau: Float64Array.from(tau),
  } as const;
  return modelOf({ components: [component] });
}

const size = (r: number, n: number) => ({ up: new Float64Array(n).fill(r), down: new Float64Array(n).fill(r) });
const normal = (name: string, r: number, n: number, target = 'background'): Nuisance => ({
  name,
  constraint: 'normal',
  effects: [{ target, ...size(r, n) }],
});

/** Upper tail of the normal distribution by Simpson's rule over 12 standard deviations. */
function normalTail(z: number): number {
  const [steps, width] = [4000, 12];
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = z + (i * width) / steps;
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-0.5 * x * x);
  }
  return (sum * width) / (3 * steps) / Math.sqrt(2 * Math.PI);
}

const poisson = (n: number, b: number) => {
  let p = Math.exp(-b);
  for (let k = 1; k <= n; k++) p *= b / k;
  return p;
};
/** sum over j >= n of Binomial(j; n + off, 1/(1 + tau)) */
function binomialTail(n: number, off: number, tau: number): number {
  const total = n + off;
  let [coefficient, sum] = [1, 0];
  for (let j = 0; j <= total; j++) {
    if (j >= n) sum += coefficient * (1 / (1 + tau)) ** j * (tau / (1 + tau)) ** (total - j);
    coefficient *= (total - j) / (j + 1);
  }
  return sum;
}

/** P(p0 <= alpha)/alpha over all (n, n_off) of a window with b events and its band with tau b. */
async function chanceOf(method: 'on-off' | 'on-off-mid-p', b: number, tau: number, alpha: number): Promise<number> {
  const model = { ...band([Math.round(tau * b)], [tau]), n: Uint32Array.of(0) };
  const mean = Float64Array.of(tau * b);
  const [{ least, lnP }] = await attainableByOff(model, method, { low: mean, high: mean }, 0);
  let sum = 0;
  lnP.forEach((row, i) => {
    const n = row.findIndex((p, k) => k > 0 && p <= Math.log(alpha));
    for (let k = n; n > 0 && k < n + 150; k++) sum += poisson(least + i, tau * b) * poisson(k, b);
  });
  return sum / alpha;
}

describe('one row per window', () => {
  test('marginal with a known background is the Poisson tail', async () => {
    const rows = await attainableCounts(known(0.3, 7), 'marginal');
    [0.3, 7].forEach((b, w) => {
      expect(Math.exp(rows[w][rows[w].length - 2])).toBeGreaterThan(1e-24);
      for (let n = 1; n < 12; n++) {
        let tail = 0;
        for (let k = n; k < n + 80; k++) tail += poisson(k, b);
        expect(rows[w][n] / Math.log(tail)).toBeCloseTo(1, 10);
      }
    });
  });

  test('the count of the data has its own entry, however small its p0', async () => {
    const rows = await attainableCounts({ ...known(0.01), n: Uint32Array.of(40) }, 'marginal');
    expect(rows[0].length).toBeGreaterThan(41);
    expect(rows[0][40]).toBeLessThan(rows[0][39]);
  });

  test('profile with a normal constraint: q0 of methods.md section 2, and centres moved by a measurement', async () => {
    const [b0, r] = [20, 0.15];
    const model = { ...known(b0), nuisances: [normal('scale', r, 1)] };
    const steps = auxiliarySteps(model, { seed: 1 });
    const d = b0 * r;
    for (const [k, [a]] of steps.z.entries()) {
      const centre = b0 + a * d;
      if (k % 8 !== 0 || centre < 2) continue;
      const [row] = await attainableCounts(shiftedModel(model, steps, k), 'profile');
      for (const n of [Math.ceil(centre) + 1, Math.ceil(centre) + 9, Math.ceil(centre) + 30]) {
        const half = (centre - d * d) / 2;
        const b = half + Math.sqrt(half * half + n * d * d);
        const q0 = 2 * (n * Math.log(n / b) - (n - b)) + ((b - centre) / d) ** 2;
        expect(Math.exp(row[n]) / normalTail(Math.sqrt(q0)), `a ${a}, n ${n}`).toBeCloseTo(1, 6);
      }
      expect(row[Math.floor(centre)]).toBeCloseTo(-Math.LN2, 12);
    }
  });

  test('lognormal centres move by (1 + r)^a; gammas and lopsided sizes are refused in one line', async () => {
    const log: Nuisance = { name: 'k', constraint: 'lognormal', effects: [{ target: 'b', ...size(0.2, 1) }] };
    const steps = { z: [Float64Array.of(1.5)], weights: Float64Array.of(1), kind: 'nodes' as const };
    const shifted = shiftedModel({ ...known(8), nuisances: [log] }, steps, 0);
    expect(shifted.components[0].b0[0]).toBeCloseTo(8 * 1.2 ** 1.5, 10);
    const gamma = { ...log, constraint: 'gamma' as const };
    expect(() => shiftedModel({ ...known(8), nuisances: [gamma] }, steps, 0)).toThrow(/nuisance 'k' is a gamma/);
    const uneven = { ...log, effects: [{ target: 'b', up: Float64Array.of(0.2), down: Float64Array.of(0.1) }] };
    expect(() => shiftedModel({ ...known(8), nuisances: [uneven] }, steps, 0)).toThrow(/different sizes up and down/);
  });
});

describe('rows by n_off', () => {
  const model = { ...band([4, 30], [2, 6]), n: Uint32Array.of(3, 9) };
  const range = { low: Float64Array.of(4, 28), high: Float64Array.of(4, 28) };

  test('on-off is the binomial tail; marginal with nothing but a band is on-off', async () => {
    expect(quickMethod(model, 'marginal')).toBe('on-off');
    expect(quickMethod({ ...model, nuisances: [normal('x', 0.1, 2)] }, 'marginal')).toBe('marginal');
    for (const method of ['on-off', 'marginal'] as const) {
      const rows = await attainableByOff(model, method, range, 0);
      [2, 6].forEach((tau, w) => {
        const { least, lnP } = rows[w];
        lnP.forEach((row, i) => {
          for (let n = 1; n < Math.min(row.length, 12); n += 3) {
            expect(Math.exp(row[n]) / binomialTail(n, least + i, tau), `${method} ${n} ${least + i}`).toBeCloseTo(1, 8);
          }
        });
      });
    }
  });

  test('rows reach from and to where n_off is rarer than 1e-11, and to n_off of the data', async () => {
    const { least, lnP } = (await attainableByOff(model, 'on-off', range, 0))[1];
    let below = 0;
    for (let k = 0; k < least; k++) below += poisson(k, 28);
    expect(below).toBeLessThan(1e-11);
    expect(below + poisson(least, 28)).toBeGreaterThan(1e-12);
    let above = 0;
    for (let k = least + lnP.length; k < 200; k++) above += poisson(k, 28);
    expect(above).toBeLessThan(1e-11);
    const ten = { low: Float64Array.of(10), high: Float64Array.of(10) };
    const [far] = await attainableByOff({ ...band([300], [6]), n: Uint32Array.of(1) }, 'on-off', ten, -3);
    expect(far.least + far.lnP.length - 1).toBe(300);
  });

  test('li-ma is the formula of T.-P. Li and Y.-Q. Ma', async () => {
    const { least, lnP } = (await attainableByOff(model, 'li-ma', range, 0))[1];
    const [n, off, tau] = [19, least + 12, 6];
    const q0 = 2 * (n * Math.log((n * (1 + tau)) / (n + off)) + off * Math.log((off * (1 + tau)) / (tau * (n + off))));
    expect(Math.exp(lnP[12][n]) / normalTail(Math.sqrt(q0))).toBeCloseTo(1, 8);
    expect(lnP[12][1], 'no excess: never the best window').toBe(0);
  });

  test('p0 above the floor are left at 1 and the rest is as without a floor', async () => {
    const [all, some] = await Promise.all(
      [0, -4].map(async (floor) => (await attainableByOff(model, 'on-off', range, floor))[0]),
    );
    all.lnP.forEach((row, i) =>
      row.forEach((lnP, n) => {
        expect(some.lnP[i][n]).toBe(lnP > -4 ? 0 : lnP);
      }),
    );
  });

  test.each([0.5, 3, 12])(
    'b = %d: P(p0 <= alpha) over all outcomes is at most alpha for on-off, nearer to alpha for mid-p',
    async (b) => {
      const tau = 3;
      const chance = (method: 'on-off' | 'on-off-mid-p', alpha: number) => chanceOf(method, b, tau, alpha);
      const alphas = [0.2, 0.05, 0.01, 1e-3, 1e-4];
      for (const alpha of alphas) {
        const [plain, mid] = [await chance('on-off', alpha), await chance('on-off-mid-p', alpha)];
        expect(plain).toBeLessThan(1);
        expect(mid).toBeGreaterThanOrEqual(plain);
        expect(mid, 'mid-p is about right').toBeLessThan(1.3);
      }
    },
  );

  test('the same enumerated with scipy; mid-p is not conservative, 6 % too often at b = 0.5, tau = 20', async () => {
    for (const { b, tau, alpha, ...expected } of golden['how-often']) {
      for (const method of ['on-off', 'on-off-mid-p'] as const) {
        const found = alpha * (await chanceOf(method, b, tau, alpha));
        expect(found / expected[method], `${method} ${b} ${tau}`).toBeCloseTo(1, 8);
      }
    }
    const [{ alpha, ...first }] = golden['how-often'];
    expect(first['on-off']).toBeLessThan(alpha);
    expect(first['on-off-mid-p']).toBeGreaterThan(1.06 * alpha);
  });
});

describe('windows without a number', () => {
  const wanted = (label: string) => [{ window: 0, observed: 0, nominal: -1, label: () => label }];
  const solver = (f: (n: number) => number) => async (_: Uint32Array, counts: Uint32Array) =>
    Float64Array.from(counts, f);

  test('p0 that do not converge, or rise with the count, name window, method and count', async () => {
    const gap = solver((n) => (n === 7 ? NaN : -n));
    for (const rows of [
      rowsFromZero,
      (...[f, method, w]: Parameters<typeof rowsFromZero>) => rowsBelow(f, method, w, -3),
    ]) {
      await expect(rows(gap, 'profile', wanted('window 12'))).rejects.toThrow(
        "toys: p0 'profile' of window 12 does not converge for n = 7; leave the window out or use another method",
      );
    }
    const jump = solver((n) => (n === 9 ? -5 : -n));
    await expect(rowsFromZero(jump, 'marginal', wanted('window 3'))).rejects.toThrow(
      "p0 'marginal' of window 3 rises from n = 8 to n = 9",
    );
  });

  test('a rise by rounding is a tie', async () => {
    const [row] = await rowsFromZero(
      solver((n) => (n === 9 ? -8 + 1e-13 : -n)),
      'profile',
      wanted('window 3'),
    );
    expect(row[9]).toBe(row[8]);
    expect(row[10]).toBe(-10);
  });

  test('windows without background have p0 = 1 at any count', async () => {
    const rows = await attainableCounts({ ...known(0, 2), n: Uint32Array.of(5, 1) }, 'marginal');
    expect(rows[0]).toEqual(Float64Array.of(0));
    expect(rows[1].length).toBeGreaterThan(20);
  });
});

test('windows of many chunks of counts are the same one by one', async () => {
  const model = { ...known(0.2, 3, 40), nuisances: [normal('scale', 0.2, 3)], n: Uint32Array.of(0, 90, 2) };
  for (const method of ['marginal', 'marginal-mid-p', 'profile'] as const) {
    const all = await attainableCounts(model, method);
    for (const w of [0, 1, 2]) {
      const [alone] = await attainableCounts(selectWindows(model, [w]), method);
      expect(alone).toEqual(all[w]);
    }
    expect(all[1].length).toBeGreaterThan(91);
  }
});
