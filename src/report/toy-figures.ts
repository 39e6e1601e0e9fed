/** The figures of a campaign of toys: the list as data, so that `toys`, `scan --global` and `plot` draw the same. */
import type { PlotLabels, ResultTable } from '../model/result.ts';
import { numbersOf } from '../model/result.ts';
import type { SignificanceLevels } from '../model/significance-levels.ts';
import type { Figure } from './figures.ts';
import { drawLogLines, type LogLine } from './figures/log-lines.ts';
import { maxZHistogram, maxZRange } from './max-z-histogram.ts';

export interface ToyFigureInputs {
  readonly labels: PlotLabels;
  /** Columns z, toys, toys_or_more, p_low, p_high (toys/toy-extremes.ts). */
  readonly maxZ: ResultTable;
  readonly nToys: number;
  readonly sample: 'background' | 'signal+background';
  /** Of the data; null where p0 is 1. */
  readonly zLocal: number | null;
  readonly levels: SignificanceLevels;
  /** What has a Z; default: windows. */
  readonly of?: 'windows' | 'hypotheses';
}

/** Columns of the table as plain arrays; NaN, a toy without an excess, as null. */
export type StoredToyFigures = Omit<ToyFigureInputs, 'maxZ'> & {
  readonly schema: 'darkscan/toy-figures/1';
  readonly maxZ: Readonly<Record<(typeof COLUMNS)[number], readonly (number | null)[]>>;
};

const COLUMNS = ['z', 'toys', 'toys_or_more', 'p_low', 'p_high'] as const;
const BLUE = '#1f3b57';
const GREY = '#666666';
const BAND = '#7d9cc4';

/** Toys with signals have no global p-value. */
export function listToyFigures(inputs: ToyFigureInputs): Figure[] {
  return [
    { name: 'toys-max-z', draw: () => drawMaxZ(inputs) },
    ...(inputs.sample === 'background' ? [{ name: 'toys-global-significance', draw: () => drawGlobal(inputs) }] : []),
    { name: `toys-${inputs.of ?? 'windows'}-above`, draw: () => drawWindowsAbove(inputs) },
  ];
}

export function storeToyFigures(inputs: ToyFigureInputs): StoredToyFigures {
  const column = (name: string) =>
    Array.from(numbersOf(inputs.maxZ, name), (value) => (Number.isNaN(value) ? null : value));
  const [z, toys, toys_or_more, p_low, p_high] = COLUMNS.map(column);
  return { schema: 'darkscan/toy-figures/1', ...inputs, maxZ: { z, toys, toys_or_more, p_low, p_high } };
}

export function restoreToyFigures(stored: StoredToyFigures): ToyFigureInputs {
  const { labels, maxZ, nToys, sample, zLocal, levels, of } = stored;
  const columns = COLUMNS.map((name) => {
    const values = Float64Array.from(maxZ[name], (value) => value ?? NaN);
    return { type: 'f64', name, values, description: name } as const;
  });
  return {
    labels,
    maxZ: { rowCount: maxZ.z.length, columns },
    nToys,
    sample,
    zLocal,
    levels,
    ...(of === undefined ? {} : { of }),
  };
}

function marker({ zLocal }: ToyFigureInputs) {
  return zLocal === null ? {} : { marker: { value: zLocal, label: `data: Z = ${zLocal.toFixed(2)}` } };
}

/** How the figures name what has a Z. */
function wordsOf({ of = 'windows' }: ToyFigureInputs) {
  return of === 'windows'
    ? { one: 'window', many: 'windows', expected: 'expected from background, exact and discrete', isBound: true }
    : { one: 'hypothesis', many: 'hypotheses', expected: 'expected from background, asymptotic', isBound: false };
}

/** Distribution of the largest local Z of a toy. */
function drawMaxZ(inputs: ToyFigureInputs): string {
  const { maxZ, labels, nToys, sample } = inputs;
  const [low, high] = rangeOf(inputs);
  const { width, toys, outside } = maxZHistogram(numbersOf(maxZ, 'z'), numbersOf(maxZ, 'toys'), [low, high]);
  const floor = 0.5;
  const points: [number, number][] = [[low, floor]];
  toys.forEach((n, b) => points.push([low + b * width, n], [low + (b + 1) * width, n]));
  points.push([high, floor]);
  return drawLogLines(
    {
      subject: `largest local Z of ${nToys} ${sample === 'background' ? 'background-only toys' : 'toys with the injected signal'}`,
      xTitle: 'largest local Z of a toy',
      yTitle: `toys per ${width}`,
      x: [low, high],
      y: [floor, 30 * Math.max(1, ...toys)],
      lines: [{ label: `${nToys} toys`, points, colour: BLUE, filled: true }],
      ...(outside > 0 ? { remarks: [`not drawn: ${outside} toys below the axis or without an event`] } : {}),
      ...marker(inputs),
    },
    labels,
  );
}

/** p_global against local Z: the share of toys at or above it, and what one window alone would mean. */
function drawGlobal(inputs: ToyFigureInputs): string {
  const { maxZ, labels, nToys, levels } = inputs;
  const { one, many, isBound } = wordsOf(inputs);
  const z = numbersOf(maxZ, 'z');
  /** A share of toys falls right after the extreme that is its last. */
  const steps = (values: ArrayLike<number>, scale: number): [number, number][] => {
    const points: [number, number][] = [];
    z.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      if (i > 0 && !Number.isNaN(z[i - 1])) points.push([z[i - 1], values[i] * scale]);
      points.push([value, values[i] * scale]);
    });
    return points;
  };
  const edge = (name: string, label?: string): LogLine => ({
    ...(label === undefined ? {} : { label }),
    points: steps(numbersOf(maxZ, name), 1),
    colour: BAND,
  });
  const line = (values: readonly number[]) => levels.z.map((level, i) => [level, values[i]] as const);
  return drawLogLines(
    {
      subject: 'global against local significance',
      xTitle: 'local Z',
      yTitle: `probability of such a ${one} or a better one`,
      x: rangeOf(inputs),
      y: [Math.max(1e-9, 0.1 / nToys, Math.min(...levels.pLocal) * 0.5), 100],
      lines: [
        edge('p_low', '68 % interval of the toys'),
        edge('p_high'),
        { label: 'anywhere: toys', points: steps(numbersOf(maxZ, 'toys_or_more'), 1 / nToys), colour: BLUE },
        {
          label: `anywhere: independent ${many}${isBound ? ' (bound)' : ''}`,
          points: line(levels.independent),
          colour: '#7a6a00',
          dashes: '6 3',
        },
        { label: `in one ${one}`, points: line(levels.pLocal), colour: GREY, dashes: '2 3' },
      ],
      ...marker(inputs),
    },
    labels,
  );
}

/** Windows at or above a level: what the background alone is expected to give, and the data. */
function drawWindowsAbove(inputs: ToyFigureInputs): string {
  const { levels, labels } = inputs;
  const { many, expected } = wordsOf(inputs);
  const line = (values: readonly number[]) => levels.z.map((level, i) => [level, values[i]] as const);
  const steps = levels.observed.flatMap((n, i): [number, number][] =>
    i === 0
      ? [[levels.z[0], n]]
      : [
          [levels.z[i - 1], n],
          [levels.z[i], n],
        ],
  );
  return drawLogLines(
    {
      subject: `${many} at or above a local Z`,
      xTitle: 'local Z',
      yTitle: `${many} at or above it`,
      x: [0, rangeOf(inputs)[1]],
      y: [1e-4, 100 * Math.max(1, ...levels.windows)],
      lines: [
        { label: 'data', points: steps, colour: BLUE },
        {
          label: expected,
          points: line(levels.windows),
          colour: '#7a6a00',
          dashes: '6 3',
        },
      ],
      remarks: [`${many} overlap: neighbouring levels fluctuate together`],
      ...marker(inputs),
    },
    labels,
  );
}

function rangeOf({ maxZ, zLocal }: ToyFigureInputs): [number, number] {
  return maxZRange(numbersOf(maxZ, 'z'), zLocal);
}
