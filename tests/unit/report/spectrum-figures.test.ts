/** Figures of spectrum scans: of published spectra with real fits, and of every awkward table. */
import { describe, expect, it } from 'vitest';
import type { Background } from '../../../src/model/spectrum/fit-plan.ts';
import { hypothesesInSteps, type Hypothesis } from '../../../src/model/spectrum/hypotheses.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import type { Spectrum } from '../../../src/model/spectrum/spectrum.ts';
import { loadPngRenderer } from '../../../src/node/png.ts';
import {
  restoreSpectrumFigures,
  storeSpectrumFigures,
  type SpectrumFigureInputs,
} from '../../../src/report/spectrum/figure-inputs.ts';
import { listSpectrumFigures } from '../../../src/report/spectrum/figures.ts';
import { hasShared } from '../../support/fixtures.ts';
import { publishedSpectrum, unitSpectrum } from '../../support/spectra.ts';
import { spectrumFigureInputs, type FittedPart } from '../../support/spectrum-figures.ts';
import { axisOf, cornersOf, elementsOf, overlaps, textsOf } from '../../support/svg.ts';

const renderer = await loadPngRenderer(0.25);
const signalAt = ({ mass, sigma }: Hypothesis) => gaussian(mass, sigma);

function part(
  name: string,
  spectrum: Spectrum,
  hypotheses: readonly Hypothesis[],
  background: Background,
  halfWidth: number,
  excluded: [number, number][] = [],
): FittedPart {
  return { name, label: 'm_{#gamma#gamma}', spectrum, hypotheses, model: { signalAt, background, range: { halfWidth, excluded } } }; // prettier-ignore
}
const draw = (inputs: SpectrumFigureInputs) =>
  Object.fromEntries(listSpectrumFigures(inputs).map((figure) => [figure.name, figure.draw()]));

/** The bump of 2015 with its neighbourhood, and the whole CMS spectrum with a veto. */
function published() {
  const atlas = publishedSpectrum('atlas_diphoton_2015_13TeV_digitised.csv');
  const cms = publishedSpectrum('cms_diphoton_EBEB_13TeV.csv');
  const [low, high] = [
    hypothesesInSteps((m) => 0.04 * m, 300, 1100, 0.5),
    hypothesesInSteps((m) => 0.012 * m, 520, 3800, 1),
  ];
  const function2 = { kind: 'power-law', powers: 2 } as const;
  const one = part('atlas', atlas, low, function2, 8);
  const other = part('cms', cms, high, { kind: 'chebyshev', degree: 3 }, 10, [[1000, 1200]]);
  return { atlas, cms, one: spectrumFigureInputs([one]), two: spectrumFigureInputs([one, other]) };
}

const AWKWARD: Record<string, () => SpectrumFigureInputs> = {
  'without events': () => spectrumFigureInputs([part('s', unitSpectrum(Array.from({ length: 30 }, () => 0)), [{ mass: 9, sigma: 1 }], { kind: 'chebyshev', degree: 1 }, 6)]),
  'of one bin': () => spectrumFigureInputs([part('s', unitSpectrum([7]), [{ mass: 0.5, sigma: 1 }], { kind: 'chebyshev', degree: 0 }, 6)]),
  'of one event': () => spectrumFigureInputs([part('s', unitSpectrum([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), [{ mass: 5.5, sigma: 1 }, { mass: 6.5, sigma: 1 }], { kind: 'chebyshev', degree: 1 }, 6)]),
  'of many events': () => spectrumFigureInputs([part('s', unitSpectrum(Array.from({ length: 40 }, (_, i) => 123_456_789 + i * i)), [{ mass: 15, sigma: 2 }], { kind: 'chebyshev', degree: 1 }, 6)]),
  'of 3000 bins': () => spectrumFigureInputs([part('s', unitSpectrum(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 13)), hypothesesInSteps(() => 12, 100, 2800, 25), { kind: 'chebyshev', degree: 1 }, 90)]),
  'without bins': () => {
    const inputs = AWKWARD['without events']();
    const [spectrum] = inputs.spectra;
    return { ...inputs, spectra: [{ ...spectrum, low: [], high: [], counts: [], background: [] }] };
  },
}; // prettier-ignore

function checkFigure(name: string, svg: string) {
  expect(svg, name).not.toMatch(/NaN|undefined|Infinity|\[object|null/);
  expect(svg, name).toMatch(/<title>[^<]{5,}<\/title><desc>[^<]{10,}<\/desc>/);
  expect(overlaps(svg), name).toEqual([]);
  if (typeof renderer === 'function') expect([...renderer(svg).subarray(1, 4)], name).toEqual([...Buffer.from('PNG')]);
}

describe.each(Object.keys(AWKWARD))('figures of a spectrum %s', (name) => {
  it('are valid, without NaN and without labels on top of each other', () => {
    const figures = Object.entries(draw(AWKWARD[name]()));
    expect(figures.length).toBeGreaterThan(0);
    for (const [figure, svg] of figures) checkFigure(figure, svg);
  });
});

it('hypotheses without numbers leave gaps, and no figure where none has a number', () => {
  const none = draw(AWKWARD['without events']());
  expect(Object.keys(none)).toEqual(['spectrum']);
  const inputs = AWKWARD['of 3000 bins']();
  const rows = inputs.table.rowCount;
  const columns = inputs.table.columns.map((column) =>
    column.type === 'f64' && ['z', 'ln_p0', 's_err', 'limit_obs'].includes(column.name)
      ? { ...column, values: column.values.map((value, i) => (i === 4 || i === 6 ? NaN : value)) }
      : column,
  );
  const table = { rowCount: rows, columns };
  // a fit whose row has lost its numbers
  for (const [name, svg] of Object.entries(draw({ ...inputs, fits: [{ ...inputs.fits[0], id: 4 }], table })))
    checkFigure(name, svg);
  const figures = draw({ ...inputs, fits: [], table });
  // rows 0-3, 5, 7-: three pieces, the middle one a dash
  const lines = (svg: string, stroke: string) =>
    elementsOf(svg, 'path').filter((one) => one.stroke === stroke && one.d.includes('l'));
  for (const name of ['p0', 'pull']) {
    const [{ d }] = lines(figures[name], '#1b3f8b');
    expect(d.split('M').length - 1, name).toBe(3);
    expect(d.split('M')[2], name).toMatch(/l3 0$/);
  }
  expect(textsOf(figures.pull).map(({ text }) => text)).toContain('2 hypotheses without an error');
});

describe.skipIf(!hasShared)('figures of published spectra', () => {
  const { atlas, cms, one, two } = published();
  const [figures, both] = [draw(one), draw(two)];

  it('are the ones a scan has', () => {
    expect(Object.keys(figures)).toEqual(['spectrum', 'spectrum-1', 'spectrum-2', 'spectrum-3', 'p0', 'pull', 'limit', 'limit-g-agg']); // prettier-ignore
    expect(Object.keys(both).slice(0, 3)).toEqual(['spectrum-of-atlas', 'spectrum-of-cms', 'spectrum-1']);
  });

  it('are valid, without NaN and without labels on top of each other', () => {
    for (const [name, svg] of [...Object.entries(figures), ...Object.entries(both)]) checkFigure(name, svg);
  });

  it('are the same from the stored inputs', () => {
    const stored = JSON.parse(JSON.stringify(storeSpectrumFigures(two))) as ReturnType<typeof storeSpectrumFigures>;
    expect(draw(restoreSpectrumFigures(stored, two.table))).toEqual(both);
  });

  it('the fit has a point per bin at its count, with the interval of Garwood', () => {
    const [fit] = one.fits;
    const svg = figures['spectrum-1'];
    const [x, y] = [axisOf(svg, 'x', [84, 776]), axisOf(svg, 'y', [62, 374])];
    const points = elementsOf(svg, 'circle', 'data');
    expect(points.length).toBe(fit.bins.length);
    const bars = ['errors', 'errors-empty'].flatMap((name) =>
      elementsOf(svg, 'path', name).flatMap(({ d }) => cornersOf(d)),
    );
    // N. Gehrels, Astrophys. J. 303 (1986) 336
    const interval: Record<number, [number, number]> = {
      0: [0, 1.841],
      1: [0.173, 3.3],
      2: [0.708, 4.638],
      10: [6.891, 14.27],
    };
    let nChecked = 0;
    fit.bins.forEach((bin, i) => {
      const centre = x(0.5 * (atlas.low[bin] + atlas.high[bin]));
      expect(Number(points[i].cx)).toBeCloseTo(centre, 0);
      expect(Math.abs(Number(points[i].cy) - y(atlas.counts[bin]))).toBeLessThan(0.2);
      const bar = bars.find(([[at]]) => Math.abs(at - centre) < 0.6)!;
      const ends = interval[atlas.counts[bin]];
      if (ends === undefined) return;
      nChecked++;
      bar.forEach(([, at], end) => expect(Math.abs(at - y(ends[end]))).toBeLessThan(0.2));
    });
    expect(nChecked).toBeGreaterThan(3);
  });

  it('the pulls of the fit without signal stand below, up to their own height', () => {
    const [fit] = one.fits;
    const svg = figures['spectrum-1'];
    const y = axisOf(svg, 'y', [382, 496]);
    const bars = ['pulls', 'pulls-few'].flatMap((name) =>
      elementsOf(svg, 'path', name).flatMap(({ d }) => cornersOf(d)),
    );
    expect(bars.length).toBe(fit.bins.length);
    const heights = bars.sort(([[a]], [[b]]) => a - b).map(([, [, top]]) => top);
    fit.bins.forEach((bin, i) => {
      const pull = (atlas.counts[bin] - fit.background[i]) / Math.sqrt(fit.background[i]);
      expect(Math.abs(heights[i] - y(pull))).toBeLessThan(0.2);
    });
  });

  it('a spectrum over more than two decades is logarithmic, per GeV where its bins differ', () => {
    const svg = both['spectrum-of-cms'];
    const y = axisOf(svg, 'y', [62, 374], 'log');
    const points = elementsOf(svg, 'circle', 'data');
    expect(points.length).toBe(cms.nBins);
    expect(textsOf(svg).map(({ text }) => text)).toContain('events / GeV');
    for (const bin of [0, 20, 80]) {
      const density = cms.counts[bin] / (cms.high[bin] - cms.low[bin]);
      expect(Math.abs(Number(points[bin].cy) - y(density))).toBeLessThan(0.3);
    }
    // below the box, which clips them
    const empty = points.filter((_, bin) => cms.counts[bin] === 0);
    expect(empty.length).toBeGreaterThan(10);
    for (const { cy } of empty) expect(Number(cy)).toBeGreaterThan(376);
    expect(textsOf(figures.spectrum).map(({ text }) => text)).toContain('events / (40 GeV)');
  });

  it('the vetoed region is hatched from edge to edge in both panels, and breaks the background', () => {
    const svg = both['spectrum-of-cms'];
    const x = axisOf(svg, 'x', [84, 776]);
    const hatched = elementsOf(svg, 'rect').filter(({ fill, height }) => fill === 'url(#hatch)' && Number(height) > 50);
    expect(hatched.length).toBe(2);
    for (const { x: left, width } of hatched) {
      expect(Math.abs(Number(left) - x(1000))).toBeLessThan(0.6);
      expect(Math.abs(Number(left) + Number(width) - x(1200))).toBeLessThan(0.6);
    }
    const [curve] = elementsOf(svg, 'path').filter(
      ({ stroke, d }) => stroke === '#b3001b' && d.split('l')[1]?.length > 50,
    );
    expect(curve.d.split('M').length - 1).toBeGreaterThanOrEqual(2);
  });

  it('Z, mass, S and its error are said as in the table', () => {
    const texts = textsOf(figures['spectrum-1']).map(({ text }) => text);
    const value = (name: string) =>
      Number(one.table.columns.find((column) => column.name === name)!.values[one.fits[0].id]);
    expect(texts).toContain(`mX = ${value('mass').toFixed(0)} GeV, σ = ${value('sigma').toPrecision(3)} GeV`);
    expect(texts.some((text) => text.startsWith(`local Z = ${value('z').toFixed(2)}, p0 = `))).toBe(true);
    const words = texts.find((text) => text.startsWith('Ŝ = '))!;
    const [, sHat, sErr] = /Ŝ = (−?[\d.]+) ± ([\d.]+) events/.exec(words)!;
    expect(Number(sHat)).toBeCloseTo(value('s_hat'), 0);
    expect(Number(sErr)).toBeCloseTo(value('s_err'), 0);
    expect(texts).toContain(`hypothesis ${one.fits[0].id}, most significant of ${one.table.rowCount} hypotheses`);
  });
});

it('a mass that is a function of the variable is told with its own digits, beside the variable', () => {
  const inputs = AWKWARD['of one event']();
  const squares = inputs.table.columns.flatMap((column) =>
    column.name === 'mass' && column.type === 'f64'
      ? [
          { ...column, values: column.values.map(Math.sqrt) },
          { ...column, name: 'x' },
        ]
      : [column],
  );
  const figures = draw({ ...inputs, table: { ...inputs.table, columns: squares } });
  const words = textsOf(figures['spectrum-1']).map(({ text }) => text);
  // sqrt(5.5) = 2.3452, resolution 1 of 5.5: 0.21 or better
  expect(words).toEqual(expect.arrayContaining(['mX = 2.35 GeV', 'mγγ = 5.5, σ = 1 GeV']));
  expect(textsOf(figures.spectrum).some(({ text }) => /^1: Z = [\d.]+ at mX = 2.35$/.test(text))).toBe(true);
  const at = elementsOf(figures.spectrum, 'circle').find(({ r }) => r === '8.5')!;
  expect(Math.abs(Number(at.cx) - axisOf(figures.spectrum, 'x', [84, 776])(5.5))).toBeLessThan(40);
});

it('overlapping labels would be found', () => {
  const text = (x: number, words: string) => `<text x="${x}" y="50" font-size="13">${words}</text>`;
  expect(overlaps(text(10, 'abc') + text(30, 'def'))).toEqual(['abc | def']);
  expect(overlaps(text(10, 'abc') + text(40, 'def'))).toEqual([]);
});

describe('p0 of hypotheses', () => {
  /** Masses 1 to 5, ln_p0 as given; the fourth is that of 3 sigma (scipy.stats.norm.logsf(3)). */
  const inputs = (lnP0: number[], spectra?: string[]): SpectrumFigureInputs => {
    const base = AWKWARD['of one bin']();
    const f64 = (name: string, values: number[]) => ({
      type: 'f64' as const,
      name,
      description: name,
      values: Float64Array.from(values),
    });
    const columns = [
      { type: 'i32' as const, name: 'id', description: 'id', values: Int32Array.from(lnP0.keys()) },
      ...(spectra ? [{ type: 'string' as const, name: 'spectrum', description: 'spectrum', values: spectra }] : []),
      f64(
        'mass',
        lnP0.map((_, i) => i + 1),
      ),
      f64('ln_p0', lnP0),
    ];
    return { ...base, fits: [], limitGroups: [], couplings: [], table: { rowCount: lnP0.length, columns } };
  };
  const line = (svg: string) =>
    elementsOf(svg, 'path').filter(({ stroke, d }) => stroke === '#1b3f8b' && d.includes('l'));
  const LN_3_SIGMA = -6.6077262215103495;

  it('puts 3 sigma on the line of 3 sigma', () => {
    const svg = draw(inputs([-0.7, -0.7, -2, LN_3_SIGMA, -0.7])).p0;
    const label = textsOf(svg).find(({ text }) => text === '3σ')!;
    const [, start, steps] = /^M(?:[\d.]+ ([\d.]+))l(.*)$/.exec(line(svg)[0].d)!;
    const moves = steps
      .split(' ')
      .map(Number)
      .filter((_, i) => i % 2 === 1);
    const fourth = Number(start) + moves[0] + moves[1] + moves[2];
    expect(fourth).toBeCloseTo(label.y - 4, 1);
  });

  it('has lines of sigma that can be told apart, however deep it goes', () => {
    const svg = draw(inputs([-0.7, -850, -0.7, -0.7, -0.7])).p0;
    const labels = textsOf(svg).filter(({ text }) => text.endsWith('σ'));
    expect(labels.map(({ text }) => text).slice(0, 3)).toEqual(['5σ', '10σ', '15σ']);
    labels.slice(1).forEach(({ y }, i) => expect(y - labels[i].y).toBeGreaterThan(12));
    checkFigure('p0', svg);
  });

  it('draws one line per spectrum', () => {
    expect(line(draw(inputs([-1, -2, -1, -3, -1])).p0).length).toBe(1);
    expect(line(draw(inputs([-1, -2, -1, -3, -1], ['a', 'a', 'a', 'b', 'b'])).p0).length).toBe(2);
  });

  it('is logarithmic in the mass where hypotheses follow a resolution that grows with it', () => {
    const base = inputs(Array.from({ length: 200 }, () => -1));
    const mass = Float64Array.from({ length: 200 }, (_, i) => 2 * 1.03 ** i);
    const columns = base.table.columns.map((c) =>
      c.name === 'mass' ? { ...c, type: 'f64' as const, values: mass } : c,
    );
    const labelsOf = (svg: string) => textsOf(svg).filter(({ anchor, size }) => anchor === 'middle' && size === 13).map(({ text }) => text); // prettier-ignore
    expect(labelsOf(draw({ ...base, table: { rowCount: 200, columns } }).p0)).toEqual(['2', '5', '10', '20', '50', '100', '200', '500']); // prettier-ignore
    expect(labelsOf(draw(base).p0)).toContain('100');
    expect(labelsOf(draw(base).p0)).not.toContain('5');
  });
});
