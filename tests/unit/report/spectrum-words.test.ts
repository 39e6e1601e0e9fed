import { expect, test } from 'vitest';
import { probabilityLabel, withError } from '../../../src/report/spectrum/describe-hypothesis.ts';
import { drawnBins, heightOf } from '../../../src/report/spectrum/drawn-bins.ts';
import { pullOf } from '../../../src/report/spectrum/pull-panel.ts';

test.each([
  [31.234, 9.81, '31.2 ± 9.8 events'],
  [-0.01234, 0.0456, '−0.012 ± 0.046 events'],
  [38992.4, 2102.3, '39000 ± 2100 events'],
  [637.2, 30.1, '637 ± 30 events'],
  [12, 99.6, '12 ± 100 events'],
  [1.1415, NaN, '1.14 events, no error'],
  [NaN, 3, 'no value'],
])('%d +- %d is said as %s', (value, error, words) => expect(withError(value, error)).toBe(words));

test.each([
  [Math.log(0.5), '0.50'],
  [Math.log(0.0234), '0.023'],
  [Math.log(2.84e-4), '2.8×10^{−4}'],
  [Math.log(9.96e-5), '1.0×10^{−4}'],
  [-801.2, '1.1×10^{−348}'], // 10^-347.957
])('ln p = %d is said as %s', (lnP, words) => expect(probabilityLabel(lnP)).toBe(words));

const edges = (widths: readonly number[]) => {
  const low = widths.map((_, i) => widths.slice(0, i).reduce((a, b) => a + b, 0));
  return { low, high: low.map((edge, i) => edge + widths[i]) };
};
const spectrum = (widths: readonly number[], unit: string) => ({
  ...edges(widths),
  name: '',
  label: 'm',
  unit,
  counts: widths.map((_, i) => i + 1),
  background: [],
  excluded: [],
});

test.each([
  [[5, 5, 5], 'GeV', 'events / (5 GeV)', [1, 2, 3]],
  [[1, 1, 1], 'GeV', 'events / GeV', [1, 2, 3]],
  [[1, 1, 1], 'GeV^{2}/c^{4}', 'events / (1 GeV^{2}/c^{4})', [1, 2, 3]],
  [[0.5, 0.5], '', 'events / 0.5', [1, 2]],
  [[1, 2, 4], 'GeV', 'events / GeV', [1, 1, 0.75]],
])('bins of %j %s have the axis %s', (widths, unit, title, heights) => {
  const drawn = drawnBins(spectrum(widths, unit), [...widths.keys()], []);
  expect(drawn.title).toBe(title);
  expect(drawn.bins.map((bin) => heightOf(bin, bin.n, drawn.per))).toEqual(heights);
});

test('too many bins are drawn several as one, without events lost and not across a gap', () => {
  const many = spectrum(Array.from({ length: 1000 }, () => 2), 'GeV'); // prettier-ignore
  const chosen = [...many.counts.keys()].filter((bin) => bin < 301 || bin > 310);
  const curve = chosen.map((bin) => (bin === 0 ? null : 0.5 * many.counts[bin]));
  const { bins, merged, per, title } = drawnBins(many, chosen, [curve]);
  expect([merged, per, title]).toEqual([2, 4, 'events / (4 GeV)']);
  expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(chosen.reduce((sum, bin) => sum + many.counts[bin], 0));
  expect(bins.every(({ low, high }) => !(low < 602 && high > 602))).toBe(true);
  expect(bins[0].expected[0]).toBeNaN();
  expect(bins[1]).toEqual({ low: 4, high: 8, n: 7, expected: [3.5] });
});

test('a pull is (n - b)/sqrt(b), and none where nothing is expected', () => {
  expect(pullOf(13, 9)).toBeCloseTo(4 / 3, 14);
  expect(pullOf(0, 0)).toBeNaN();
  expect(pullOf(0, NaN)).toBeNaN();
});
