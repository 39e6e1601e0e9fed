/**
 * Sum over everything: an exponential spectrum with a band on the lower side only, tau from the exponential. The
 * background is then right on average, window by window, and pulls of independent windows are those of Poisson counts.
 */
import { expect, test } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import type { FileSource } from '../../../src/io/file-source.ts';
import { prepareScan } from '../../../src/scan/prepare.ts';
import { uniforms } from '../model/helpers.ts';

const SLOPE = 0.7;
const LOW = 1;
const HIGH = 5;
const TOTAL = 200_000;
const card = (tau: string, where = 'x < x0') => `
schema: darkscan/card/1
name: one-sided
scan: windows
data: { file: events.csv }
x: { column: m }
windows: { resolution: { x: "0.004 + 0.006*x" }, half_axes: 2, step: 10, region: { x: [${LOW}, ${HIGH}] } }
background:
  components: [{ name: lower, side_band: { inner: 3, outer: 8, where: "${where}", tau: ${tau} } }]
signal: { poi: { name: S, unit: events }, efficiency: 1 }
statistics: { p0: on-off, limits: [] }
`;

/** Exponential between LOW and HIGH, by inversion. */
function spectrum(seed: number): Float64Array {
  const u = uniforms(seed);
  const share = 1 - Math.exp(-SLOPE * (HIGH - LOW));
  return Float64Array.from({ length: TOTAL }, () => LOW - Math.log(1 - share * u()) / SLOPE);
}

const expected = (a: number, b: number) =>
  (TOTAL * (Math.exp(-SLOPE * (a - LOW)) - Math.exp(-SLOPE * (b - LOW)))) / (1 - Math.exp(-SLOPE * (HIGH - LOW)));

const masses = spectrum(20);
const csv = new TextEncoder().encode(`m\n${masses.join('\n')}\n`);
const files: FileSource = {
  read: (name) => Promise.resolve({ name, bytes: csv, sha256: '', storedBytes: csv.length }),
};
const prepare = (text: string) => prepareScan(parseCard(text, 'card.yaml').card, { files, seed: 1, unblind: false });

test('tau from the density gives the exact expectation, and n - n_off/tau the pulls of Poisson counts', async () => {
  const { windows, model } = await prepare(card(`{ density: "exp(-${SLOPE}*x)" }`));
  const [{ nOff, tau, b0, leak }] = model.components;
  let [chi2, used, pull] = [0, 0, 0];
  for (let i = 1; i < windows.count; i++) {
    const [x, half] = [windows.x[i], windows.a[i]];
    const from = Math.max(LOW, x - 4 * half);
    const inWindow = expected(x - half, Math.min(HIGH, x + half));
    const inBand = expected(from, x - 1.5 * half);
    expect(tau![i] / (inBand / inWindow)).toBeCloseTo(1, 8);
    expect(nOff![i]).toBe(masses.filter((m) => m >= x - 4 * half && m < x - 1.5 * half).length);
    // half of (sf(3) - sf(8)) / (0.5 - sf(2)), scipy, where the band is whole
    if (x - 4 * half > LOW) expect(leak![i]).toBeCloseTo(0.0014142466263425938, 14);
    const z = (model.n[i] - b0[i]) / Math.sqrt(inWindow * (1 + 1 / tau![i]));
    chi2 += z * z;
    pull += z;
    used++;
  }
  expect(used).toBeGreaterThan(20);
  // windows 10 resolutions apart share no events, bands of 8 none either. 4 standard deviations each, two tests: another
  // seed would fail by chance in 1.3e-4 of cases
  expect(Math.abs(pull)).toBeLessThan(4 * Math.sqrt(used));
  expect(Math.abs(chi2 - used)).toBeLessThan(4 * Math.sqrt(2 * used));
});

test('tau from areas, which a slope in a one-sided band biases, fails the same pulls', async () => {
  const { windows, model } = await prepare(card('area'));
  const [{ tau, b0 }] = model.components;
  let pull = 0;
  for (let i = 1; i < windows.count; i++) {
    const inWindow = expected(windows.x[i] - windows.a[i], Math.min(HIGH, windows.x[i] + windows.a[i]));
    pull += (model.n[i] - b0[i]) / Math.sqrt(inWindow * (1 + 1 / tau![i]));
  }
  expect(pull).toBeLessThan(-4 * Math.sqrt(windows.count));
});
