/** Problems whose toys are timed: tables as the kernel has them, and histograms as numpy and pyBumpHunter want them. */
import fs from 'node:fs';
import { parseCard } from '../../src/io/card.ts';
import type { Atoms } from '../../src/model/toys/atoms.ts';
import { CERTAIN } from '../../src/model/toys/factor-nodes.ts';
import { makeToyTables, type ToyTables } from '../../src/toys/toy-tables.ts';
import { exampleTables } from '../../tests/unit/toys/example-toys.ts';

export interface ToyProblem {
  readonly name: string;
  readonly windows: number;
  readonly tables: ToyTables;
  /** Where windows are rectangles of bins. */
  readonly histogram?: Histogram;
}

export interface Histogram {
  /** Bins in x and in y; one bin in y: a line. */
  readonly shape: readonly [number, number];
  /** [nx ny] expected events, y fastest. */
  readonly bins: readonly number[];
  /** Least and most bins of a window in each direction. */
  readonly widths: readonly [least: number, most: number];
  /** First bins and one past the last: x, x, y, y. */
  readonly windows: readonly (readonly [number, number, number, number])[];
}

export function toyProblems(): ToyProblem[] {
  return [example(), plane(), rectangles(), line()];
}

/** dark-Higgsstrahlung: ellipses in a plane, background from a smooth density, two nuisances. */
function example(): ToyProblem {
  const file = new URL('../../examples/dark-higgsstrahlung/card.yaml', import.meta.url);
  const tables = exampleTables(parseCard(fs.readFileSync(file, 'utf8'), 'example').card);
  return { name: 'dark-higgsstrahlung', windows: tables.b0.length, tables };
}

/** 95 x 100 windows, 2000 events, each in 7.6 of them (two rows of three, a third of one or two), no nuisances. */
function plane(): ToyProblem {
  const [columns, rows, perWindow] = [95, 100, 6];
  const windows = columns * rows;
  const lists: number[][] = [[]];
  for (let a = 0; a < perWindow * windows; a++) {
    const [x, y] = [a % columns, Math.floor(a / columns / perWindow)];
    const widths = [3, 3, a % 5 < 3 ? 2 : 1];
    const list = widths.flatMap((width, row) =>
      Array.from({ length: width }, (_, k) => ((x + k) % columns) + columns * ((y + row) % rows)),
    );
    lists.push(list.sort((p, q) => p - q));
  }
  const bins = lists.slice(1).map((_, a) => 0.2 + (((a + 1) * 7919) % 1000) / 1000);
  return { name: 'plane of 2000 events', windows, tables: tablesOf(windows, lists, scaledTo(2000, bins)) };
}

/** 20 x 20 bins and 1369 windows of 2 x 2 to 3 x 3, as in pyBumpHunter's 2D test, with 2000 events of an exponential. */
function rectangles(): ToyProblem {
  const bins = Array.from({ length: 400 }, (_, i) => Math.exp(-(Math.floor(i / 20) + (i % 20)) / 8));
  return ofHistogram('20 x 20 bins, 2000 events', [20, 20], scaledTo(2000, bins), [2, 3]);
}

/** Like pyBumpHunter's 1D test: 100,000 events of an exponential of slope 2 on [0, 20], 60 bins, windows of 2 to 6. */
function line(): ToyProblem {
  const bins = Array.from({ length: 60 }, (_, i) => Math.exp(-i / 6));
  return ofHistogram('60 bins, 100,000 events', [60, 1], scaledTo(1e5, bins), [2, 6]);
}

function scaledTo(events: number, bins: readonly number[]): number[] {
  const sum = bins.reduce((total, b) => total + b, 0);
  return bins.map((b) => (events * b) / sum);
}

function ofHistogram(
  name: string,
  shape: readonly [number, number],
  bins: readonly number[],
  widths: readonly [number, number],
): ToyProblem {
  const runs = (n: number) =>
    Array.from({ length: widths[1] - widths[0] + 1 }, (_, k) => widths[0] + k).flatMap((width) =>
      Array.from({ length: n - width + 1 }, (__, from) => [from, from + width] as const),
    );
  const inY = shape[1] === 1 ? [[0, 1] as const] : runs(shape[1]);
  const windows = runs(shape[0]).flatMap(([x0, x1]) => inY.map(([y0, y1]) => [x0, x1, y0, y1] as const));
  const lists = bins.map((_, bin) => {
    const [x, y] = [Math.floor(bin / shape[1]), bin % shape[1]];
    return windows.flatMap(([x0, x1, y0, y1], w) => (x >= x0 && x < x1 && y >= y0 && y < y1 ? [w] : []));
  });
  const tables = tablesOf(windows.length, [[], ...lists], bins);
  return { name, windows: windows.length, tables, histogram: { shape, bins, widths, windows } };
}

/** @param lists windows of every atom; the first atom is in none and gets no events, the others get `expected` */
function tablesOf(windows: number, lists: readonly number[][], expected: readonly number[]): ToyTables {
  const first = new Uint32Array(lists.length + 1);
  lists.forEach((list, a) => (first[a + 1] = first[a] + list.length));
  const all = Uint32Array.from(lists.flat());
  const atoms: Atoms = { count: lists.length, ofCell: new Uint32Array(0), first, windows: all };
  const sources = [{ name: 'background', atoms: Float64Array.of(0, ...expected), nodes: CERTAIN }];
  return makeToyTables({ sources, common: CERTAIN }, [], atoms, windows, new Uint32Array(windows));
}
