import { describe, expect, it } from 'vitest';
import { luminance, NO_EXCESS_FILL, significanceMap, viridis } from '../../../src/report/svg/colour.ts';
import { element, escapeText, formatCoordinate, polyline } from '../../../src/report/svg/element.ts';
import { labelMarkup, labelText, labelWidth } from '../../../src/report/svg/label.ts';
import { exponentScale, linearScale, logScale } from '../../../src/report/svg/scale.ts';

describe('SVG elements', () => {
  it('escape text and attributes', () => {
    expect(element('text', { class: '"><script>' }, escapeText('a < b & "c"\u0000'))).toBe(
      '<text class="&quot;&gt;&lt;script&gt;">a &lt; b &amp; &quot;c&quot;\ufffd</text>',
    );
  });

  it.each([
    [1 / 3, '0.33'],
    [-0.001, '0'],
    [1e-9, '0'],
    [123456.789, '123456.79'],
  ])('write %d as %s', (value, text) => expect(formatCoordinate(value)).toBe(text));

  it.each([NaN, Infinity])('refuse the coordinate %d', (value) => {
    expect(() => element('circle', { cx: value })).toThrow(`plots: a coordinate is ${value}`);
    expect(() => polyline([[0, value]])).toThrow(`plots: a coordinate is ${value}`);
  });

  it('draw polylines whose rounding does not add up', () => {
    const points = Array.from({ length: 1000 }, (_, i): [number, number] => [i * 0.333333, -i * 0.777777]);
    const numbers = polyline(points)
      .match(/-?[\d.]+(e-?\d+)?/g)!
      .map(Number);
    const end = [0, 1].map((k) => numbers.filter((_, i) => i % 2 === k).reduce((sum, v) => sum + v, 0));
    expect(end[0]).toBeCloseTo(999 * 0.333333, 1);
    expect(end[1]).toBeCloseTo(-999 * 0.777777, 1);
    expect(
      polyline(
        [
          [1, 2],
          [3, 4],
        ],
        true,
      ),
    ).toBe('M1 2l2 2z');
  });
});

describe('ROOT-like labels', () => {
  it.each([
    ['M_{#mu#mu} [GeV/c^{2}]', 'M_μμ [GeV/c²]'],
    ["e^{+}e^{-} #rightarrow A' h'", "e⁺e⁻ → A' h'"],
    ['#sqrt{s} = 10.58 GeV, 8.34 fb^{-1}', '√s = 10.58 GeV, 8.34 fb⁻¹'],
    ['#sqrt{s_{NN}}', '√(s_NN)'],
    ['10^{−12} m^{10}', '10⁻¹² m¹⁰'],
    ['#mus #unknown 5 #', 'μs #unknown 5 #'],
    ['#epsilon^{2}#alpha_{D}', 'ε²α_D'],
    ['x_{unclosed', 'x_unclosed'],
    ['^', '^'],
    ['Z_0', 'Z₀'],
  ])('read %s', (label, text) => expect(labelText(label)).toBe(text));

  it('leave names of columns as they are', () => {
    expect(labelMarkup('m_mumu_GeV', 10)).toBe('m_mumu_GeV');
    expect(labelMarkup('m_a', 10)).toMatch(/^m<tspan .*>a<\/tspan>$/);
  });

  it('shift scripts and come back to the baseline', () => {
    expect(labelMarkup('M_{rec} x', 10)).toBe('M<tspan dy="2.5" font-size="7">rec</tspan><tspan dy="-2.5"> x</tspan>');
  });

  it('stack a superscript over a subscript and go on after the wider one', () => {
    const width = labelWidth('M_{rec}^{2} x');
    expect(width).toBeCloseTo(labelWidth('M_{rec} x'), 10);
    expect(width).toBeLessThan(labelWidth('M_{rec}2 x'));
  });

  it('never let markup through', () => expect(labelMarkup('<b>&_{<i>}', 10)).not.toMatch(/<(b|i)>/));
});

describe('scales', () => {
  it('label a linear axis with round numbers and minor ticks between', () => {
    const scale = linearScale([0, 10], [0, 100]);
    expect(scale.major.map((tick) => tick.label)).toEqual(['0', '2', '4', '6', '8', '10']);
    expect(scale.minor).toContain(0.5);
    expect(scale.position(5)).toBe(50);
    expect(linearScale([-2000, 0], [0, 1], 2).major.map((tick) => tick.label)).toEqual(['−2000', '−1000', '0']);
    expect(linearScale([0, 3e-8], [0, 1], 3).major.map((tick) => tick.label)).toEqual([
      '0',
      '10^{−8}',
      '2×10^{−8}',
      '3×10^{−8}',
    ]);
  });

  it('label decades as powers and short ranges with 2 and 5', () => {
    expect(logScale([1e-3, 1e3], [0, 1]).major.map((tick) => tick.label)).toEqual([
      '10^{−3}',
      '10^{−2}',
      '0.1',
      '1',
      '10',
      '100',
      '10^{3}',
    ]);
    expect(logScale([1, 100], [0, 1]).major.map((tick) => tick.label)).toEqual([
      '1',
      '2',
      '5',
      '10',
      '20',
      '50',
      '100',
    ]);
  });

  it('hold probabilities far below the smallest double', () => {
    const scale = exponentScale(-350, [100, 0]);
    expect(scale.position(-349)).toBeCloseTo(99.71, 2);
    expect(scale.major.map(({ value }) => value)).toEqual([0, -50, -100, -150, -200, -250, -300, -350]);
    expect(scale.major.at(-1)!.label).toBe('10^{−350}');
  });

  it.each([
    [3, 3],
    [0, 0],
  ])('survive an empty domain [%d, %d]', (low, high) => {
    expect(Number.isFinite(linearScale([low, high], [0, 1]).position(low))).toBe(true);
    if (low > 0) expect(Number.isFinite(logScale([low, high], [0, 1]).position(low))).toBe(true);
  });
});

describe('colour maps', () => {
  /** The shades a map uses. */
  const steps = Array.from({ length: 64 }, (_, i) => (i + 0.5) / 64);
  const isMonotone = (values: number[], sign: number) =>
    values.every((value, i) => i === 0 || sign * (value - values[i - 1]!) > 0);

  it('viridis gets lighter all the way', () =>
    expect(
      isMonotone(
        steps.map((f) => luminance(viridis(f))),
        1,
      ),
    ).toBe(true));

  it.each([
    [-1, 3],
    [-5, 6],
    [0, 8],
  ])('the map of Z over [%d, %d] gets darker all the way, starting below p0 = 1', (low, high) => {
    const map = significanceMap(low, high);
    expect(
      isMonotone(
        steps.map((f) => luminance(map(f))),
        -1,
      ),
    ).toBe(true);
    expect(luminance(NO_EXCESS_FILL)).toBeGreaterThan(luminance(map(0)));
  });
});
