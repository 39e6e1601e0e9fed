/** Shapes, backgrounds, ranges, peaks and orders of a card: the same fits as plans and models made by hand. */
import { describe, expect, test } from 'vitest';
import { HYPOTHESIS_STRIDE } from '../../../src/kernels/shared/spectrum-arrays.ts';
import { makeFitPlan, type Background, type FitModel } from '../../../src/model/spectrum/fit-plan.ts';
import type { Hypothesis } from '../../../src/model/spectrum/hypotheses.ts';
import { crystalBall, gaussian, template } from '../../../src/model/spectrum/signal-shapes.ts';
import { makeSpectrum } from '../../../src/model/spectrum/spectrum.ts';
import { voigt } from '../../../src/model/spectrum/voigt.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { fitChosen, makeChoicePlans } from '../../../src/scan/spectrum/order-choice.ts';
import { binnedTable, HISTOGRAM, prepare, scan, type Files } from '../../support/spectrum-cards.ts';
import { findColumn, numbersOf } from '../../../src/model/result.ts';

// 60 bins of width 0.5 from 10 on: a falling spectrum with a bump at 25 and some structure
const LOW = Array.from({ length: 60 }, (_, i) => 10 + 0.5 * i);
const HIGH = LOW.map((edge) => edge + 0.5);
const COUNTS = LOW.map((x, i) => Math.round(400 * Math.exp(-x / 12) + 30 * Math.exp(-((x - 25) ** 2) / 2) + (i % 4)));
const FILES: Files = {
  'counts.csv': binnedTable(LOW, HIGH, COUNTS),
  'shape.csv': 'a,b,w\n-3,-1,0\n-1,0,3\n0,1,1\n1,8,0\n',
};
const SPECTRUM = makeSpectrum(LOW, HIGH, COUNTS);

interface Block {
  readonly shape?: string;
  readonly background?: string;
  readonly range?: string;
  readonly more?: string;
}
const block = ({
  shape = '{ kind: gaussian }',
  background = '{ kind: chebyshev, degree: 3 }',
  range = '{ half_width: 10 }',
  more = '',
}: Block) => `${HISTOGRAM}
x: { label: m, unit: GeV }
hypotheses: { from: 16, to: 34, step: 2 }
resolution: "0.5 + 0.02*x"
shape: ${shape}
background: ${background}
range: ${range}
${more}`;

/** The positions of the card. */
const POSITIONS: Hypothesis[] = [];
for (let mass = 16; mass <= 34; mass += 2 * (0.5 + 0.02 * mass)) POSITIONS.push({ mass, sigma: 0.5 + 0.02 * mass });

const GAUSSIAN: FitModel = {
  signalAt: ({ mass, sigma }) => gaussian(mass, sigma),
  background: { kind: 'chebyshev', degree: 3 },
  range: { halfWidth: 10 },
};

/** Histogram of shape.csv. */
const HISTOGRAM_OF_SHAPE = { edges: [-3, -1, 0, 1, 8], contents: [0, 3, 1, 0] };
// uniform within bins: mean -0.25, mean square (3/3 + 1/3)/4
const SD_OF_SHAPE = Math.sqrt(1 / 3 - 1 / 16);
/** Of the sum of the two, as Olivero and Longbothum, FWHM / 2.3548 (J. Quant. Spectrosc. Radiat. Transfer 17 (1977) 233). */
const voigtSigma = (sigma: number, width: number) => {
  const g = 2 * Math.sqrt(2 * Math.LN2);
  return (0.5346 * width + Math.sqrt(0.2166 * width * width + (g * sigma) ** 2)) / g;
};

const CASES: [name: string, block: Block, model: Partial<FitModel>, width?: (h: Hypothesis) => number][] = [
  ['gaussian and chebyshev', {}, {}],
  [
    'crystal ball with one tail, formulas of x and m',
    { shape: '{ kind: crystal-ball, low: { alpha: "1 + 0.01*x", n: "2 + m" } }', more: 'mass: "x/10"' },
    {
      signalAt: ({ mass, sigma }) => crystalBall(mass, sigma, { low: { alpha: 1 + 0.01 * mass, n: 2 + mass / 10 } }),
    },
  ],
  [
    'crystal ball with two tails',
    { shape: '{ kind: crystal-ball, low: { alpha: 1.5, n: 3 }, high: { alpha: 2, n: 5 } }' },
    {
      signalAt: ({ mass, sigma }) => crystalBall(mass, sigma, { low: { alpha: 1.5, n: 3 }, high: { alpha: 2, n: 5 } }),
    },
  ],
  [
    'voigt',
    { shape: '{ kind: voigt, width: "0.05*x" }' },
    { signalAt: ({ mass, sigma }) => voigt(mass, sigma, 0.05 * mass) },
    ({ mass, sigma }) => voigtSigma(sigma, 0.05 * mass),
  ],
  [
    'template in resolutions',
    {
      shape:
        '{ kind: template, table: { file: shape.csv, columns: { low: a, high: b, content: w } }, scale: "0.05*x" }',
    },
    { signalAt: ({ mass }) => template(HISTOGRAM_OF_SHAPE, mass, 0.05 * mass) },
    ({ mass }) => SD_OF_SHAPE * 0.05 * mass,
  ],
  [
    'template as it is',
    { shape: '{ kind: template, table: { file: shape.csv, columns: { low: a, high: b, content: w } } }' },
    { signalAt: ({ mass }) => template(HISTOGRAM_OF_SHAPE, mass) },
    () => SD_OF_SHAPE,
  ],
  ['bernstein', { background: '{ kind: bernstein, degree: 2 }' }, { background: { kind: 'bernstein', degree: 2 } }],
  [
    'a degree that changes with the position',
    { background: '{ kind: chebyshev, degree: "x < 25 ? 4.9 : 2" }' },
    { background: ({ mass }): Background => ({ kind: 'chebyshev', degree: mass < 25 ? 4 : 2 }) },
  ],
  [
    'exponential of a polynomial',
    { background: '{ kind: exponential, degree: 2 }' },
    { background: { kind: 'exponential', degree: 2 } },
  ],
  [
    'power law with threshold and end',
    { background: '{ kind: power-law, powers: 2, threshold: 5, end: 100, root: 0.5 }' },
    { background: { kind: 'power-law', powers: 2, threshold: 5, end: 100, root: 0.5 } },
  ],
  [
    'a range with floor, clip and vetoed regions',
    { range: '{ half_width: 4, min_width: 13, clip: [12, 38.2], exclude: [[20.1, 20.9], [30, 31]] }' },
    {
      range: {
        halfWidth: 4,
        minWidth: 13,
        clip: [12, 38.2],
        excluded: [
          [20.1, 20.9],
          [30, 31],
        ],
      },
    },
  ],
  [
    'peaking backgrounds',
    {
      more: 'peaks:\n  - { name: a, x: 25, sigma: 1, events: 100, error: 12 }\n  - { name: b, x: 33, sigma: 2, events: 5, error: 3 }',
    },
    {
      peaks: [
        { shape: gaussian(25, 1), expected: 100, error: 12 },
        { shape: gaussian(33, 2), expected: 5, error: 3 },
      ],
    },
  ],
];

describe('the fits of a card are those of a plan made by hand', () => {
  test.each(CASES)('%s', async (_, parts, model, width) => {
    const card = { spectra: [block(parts)] };
    const [prepared, scanned] = await Promise.all([prepare(card, FILES), scan(card, FILES)]);
    const [part] = prepared.parts;
    expect(part.hypotheses.map(({ mass, sigma }) => ({ mass, sigma }))).toEqual(POSITIONS);
    part.hypotheses.forEach((h) => {
      if (width === undefined) expect(h.width).toBeUndefined();
      else expect(h.width! / width(h)).toBeCloseTo(1, 3);
    });
    const hypotheses = POSITIONS.map((h, i) => ({ ...h, ...part.hypotheses[i] }));
    const plan = makeFitPlan(SPECTRUM, hypotheses, { ...GAUSSIAN, ...model });
    expect(part.plan).toEqual(plan);
    expect(new Set(plan.statuses)).toEqual(new Set(['ok']));

    const fits = fitSpectrum(plan, SPECTRUM.counts);
    const { table } = scanned;
    const column = (name: string) => [...numbersOf(table, name)];
    expect(column('s_hat')).toEqual(fits.map(({ sHat }) => sHat));
    expect(column('s_err')).toEqual(fits.map(({ sErr }) => sErr));
    expect(column('b_hat')).toEqual(fits.map(({ bHat }) => bHat));
    expect(column('z')).toEqual(fits.map(({ z }) => z));
    expect(column('q0')).toEqual(fits.map(({ z, sHat }) => (sHat > 0 ? expect.closeTo(z * z, 9) : 0)));
    expect(column('p_fit')).toEqual(fits.map(({ pFit }) => pFit));
    expect(column('edm')).toEqual(fits.map(({ edm }) => edm));
    expect(column('range_low')).toEqual(plan.ranges.map(({ low }) => low));
    expect(column('range_high')).toEqual(plan.ranges.map(({ high }) => high));
    expect(findColumn(table, 'status')!.values).toEqual(fits.map(({ status }) => status));
    const nParams = POSITIONS.map((__, h) => plan.hypotheses[HYPOTHESIS_STRIDE * h + 3]);
    const nPeaks = model.peaks?.length ?? 0;
    expect(column('n_background')).toEqual(nParams.map((n) => n - 1 - nPeaks));
    // the bump is found, by every model
    const best = fits.reduce((top, { z }, h) => (z > fits[top].z ? h : top), 0);
    expect(Math.abs(POSITIONS[best].mass - 25)).toBeLessThan(2.5);
    if (nPeaks === 0) expect(fits[best].z).toBeGreaterThan(3);
  });
});

describe('orders chosen by a rule', () => {
  const RULES: [text: string, background: Background, choice: Parameters<typeof makeChoicePlans>[3]][] = [
    [
      '{ kind: chebyshev, degree: { rule: f-test, from: 1, to: 5 } }',
      { kind: 'chebyshev', degree: 5 },
      { rule: 'f-test', level: 0.05, from: 1, to: 5 },
    ],
    [
      '{ kind: bernstein, degree: { rule: f-test, from: 0, to: 4, level: 0.3 } }',
      { kind: 'bernstein', degree: 4 },
      { rule: 'f-test', level: 0.3, from: 0, to: 4 },
    ],
    [
      '{ kind: exponential, degree: { rule: aic, from: 1, to: 4 } }',
      { kind: 'exponential', degree: 4 },
      { rule: 'aic', from: 1, to: 4 },
    ],
    [
      '{ kind: power-law, powers: { rule: bic, from: 1, to: 3 } }',
      { kind: 'power-law', powers: 3 },
      { rule: 'bic', from: 1, to: 3 },
    ],
  ];
  test.each(RULES)('%s', async (text, background, choice) => {
    const model = { ...GAUSSIAN, background };
    const fits = fitChosen(makeChoicePlans(SPECTRUM, POSITIONS, model, choice), SPECTRUM.counts);
    const card = { spectra: [block({ background: text })] };
    const { table } = await scan(card, FILES);
    const isPower = background.kind === 'power-law';
    expect([...numbersOf(table, 'n_background')]).toEqual(fits.map(({ degree }) => degree + 1));
    expect(new Set(fits.map(({ degree }) => degree)).size, 'orders differ').toBeGreaterThan(isPower ? 0 : 1);
    expect([...numbersOf(table, 's_hat')]).toEqual(fits.map(({ sHat }) => sHat));
    expect([...numbersOf(table, 'z')]).toEqual(fits.map(({ z }) => z));
    const { parts } = await prepare(card, FILES);
    expect(parts[0].choice?.choice, 'toys repeat it').toEqual(choice);
  });
});
