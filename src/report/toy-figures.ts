/** The figures of a campaign of toys. */
import type { PlotLabels, ResultTable } from '../model/result.ts';
import { numbersOf } from '../model/result.ts';
import type { Figure } from './figures.ts';
import { drawLogLines } from './figures/log-lines.ts';

export interface ToyFigureInputs {
  readonly labels: PlotLabels;
  /** Columns z, toys, toys_or_more (toys/toy-result.ts). */
  readonly extremes: ResultTable;
  readonly nToys: number;
  /** Of the data; null where p0 is 1. */
  readonly zLocal: number | null;
  /** [n] levels of local Z, expected windows at or above each, and p of one window. */
  readonly levels: { readonly z: Float64Array; readonly windows: Float64Array; readonly pLocal: Float64Array };
}

const BLUE = '#1f3b57';
const BIN_WIDTH = 0.1;

export function listToyFigures(inputs: ToyFigureInputs): Figure[] {
  return [
    { name: 'max-z', draw: () => drawMaxZ(inputs) },
    { name: 'global-significance', draw: () => drawGlobal(inputs) },
    { name: 'windows-above', draw: () => drawWindowsAbove(inputs) },
  ];
}

function marker({ zLocal }: ToyFigureInputs) {
  return zLocal === null ? {} : { marker: { value: zLocal, label: `data: Z = ${zLocal.toFixed(2)}` } };
}

/** Distribution of the largest local Z of a toy. */
function drawMaxZ(inputs: ToyFigureInputs): string {
  const { extremes, labels, nToys } = inputs;
  const [z, toys] = [numbersOf(extremes, 'z'), numbersOf(extremes, 'toys')];
  const [low, high] = rangeOf(inputs);
  const bins = Array.from({ length: Math.round((high - low) / BIN_WIDTH) }, () => 0);
  z.forEach((value, i) => {
    const bin = Math.floor((value - low) / BIN_WIDTH);
    if (bin >= 0 && bin < bins.length) bins[bin] += toys[i];
  });
  const floor = 0.5;
  const points: [number, number][] = [[low, floor]];
  bins.forEach((n, b) => points.push([low + b * BIN_WIDTH, n], [low + (b + 1) * BIN_WIDTH, n]));
  points.push([high, floor]);
  return drawLogLines(
    {
      subject: `largest local Z of ${nToys} background-only toys`,
      xTitle: 'largest local Z of a toy',
      yTitle: `toys per ${BIN_WIDTH}`,
      x: [low, high],
      y: [floor, 30 * Math.max(1, ...bins)],
      lines: [{ label: `${nToys} toys`, points, colour: BLUE, filled: true }],
      ...marker(inputs),
    },
    labels,
  );
}

/** p_global against local Z: the share of toys at or above it, and what one window alone would mean. */
function drawGlobal(inputs: ToyFigureInputs): string {
  const { extremes, labels, nToys, levels } = inputs;
  const [z, above] = [numbersOf(extremes, 'z'), numbersOf(extremes, 'toys_or_more')];
  const steps: [number, number][] = [];
  z.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    if (i > 0 && !Number.isNaN(z[i - 1])) steps.push([z[i - 1], above[i] / nToys]);
    steps.push([value, above[i] / nToys]);
  });
  const line = (values: Float64Array) => Array.from(levels.z, (level, i) => [level, values[i]] as const);
  return drawLogLines(
    {
      subject: 'global against local significance',
      xTitle: 'local Z',
      yTitle: 'probability of such a window or a better one',
      x: rangeOf(inputs),
      y: [Math.max(1e-9, 0.1 / nToys, Math.min(...levels.pLocal) * 0.5), 100],
      lines: [
        { label: 'anywhere: toys', points: steps, colour: BLUE },
        {
          label: 'anywhere: sum over windows (bound)',
          points: line(levels.windows.map((n) => Math.min(1, n))),
          colour: '#7a6a00',
          dashes: '6 3',
        },
        { label: 'in one window', points: line(levels.pLocal), colour: '#666666', dashes: '2 3' },
      ],
      ...marker(inputs),
    },
    labels,
  );
}

/** Windows at or above a level that the background alone is expected to give. */
function drawWindowsAbove(inputs: ToyFigureInputs): string {
  const { levels, labels } = inputs;
  const points = Array.from(levels.z, (level, i) => [level, levels.windows[i]] as const);
  return drawLogLines(
    {
      subject: 'windows expected above a level of local Z, background only',
      xTitle: 'local Z',
      yTitle: 'expected windows at or above it',
      x: rangeOf(inputs),
      y: [1e-4, 100 * Math.max(1, ...levels.windows)],
      lines: [{ label: 'exact and discrete', points, colour: BLUE }],
      ...marker(inputs),
    },
    labels,
  );
}

/** Whole units of Z that hold the toys, the data and the levels from 1 on. */
function rangeOf({ extremes, zLocal }: ToyFigureInputs): [number, number] {
  const z = Array.from(numbersOf(extremes, 'z')).filter((value) => !Number.isNaN(value));
  const all = [...z, ...(zLocal === null ? [] : [zLocal])];
  return [Math.max(0, Math.floor(Math.min(...all, 3)) - 1), Math.ceil(Math.max(...all, 4)) + 1];
}
