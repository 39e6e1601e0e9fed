/** Scans of a line of bins: windows are runs of bins, toys come through the real tables. */
import { toyScan, TOY_STRIDE } from '../../../src/kernels/toy_scan.ts';
import type { Atoms } from '../../../src/model/toys/atoms.ts';
import { CERTAIN } from '../../../src/model/toys/factor-nodes.ts';
import type { ToySources } from '../../../src/model/toys/toy-sources.ts';
import type { WindowSet } from '../../../src/model/windows.ts';
import { makeToyTables, type ToyTables } from '../../../src/toys/toy-tables.ts';
import { intervals } from '../model/helpers.ts';

export interface BinScan {
  readonly windows: WindowSet;
  /** [nWindows] first bin and one past the last. */
  readonly runs: readonly (readonly [number, number])[];
  readonly atoms: Atoms;
  readonly sources: ToySources;
  readonly tables: ToyTables;
}

/** All runs of `widths` bins, width by width. */
export function allRuns(bins: number, widths: readonly number[], step = 1): [number, number][] {
  return widths.flatMap((width) => {
    const runs: [number, number][] = [];
    for (let from = 0; from + width <= bins; from += step) runs.push([from, from + width]);
    return runs;
  });
}

/** @param means expected events per bin; bins are 1 wide and start at 0. One atom per bin. */
export function binScan(
  means: ArrayLike<number>,
  runs: readonly (readonly [number, number])[],
  common = CERTAIN,
  observed = new Uint32Array(runs.length),
): BinScan {
  const lists = Array.from(means, (_, bin) => runs.flatMap(([from, to], w) => (bin >= from && bin < to ? [w] : [])));
  const first = new Uint32Array(lists.length + 2);
  lists.forEach((list, bin) => (first[bin + 2] = first[bin + 1] + list.length));
  const atoms: Atoms = {
    count: lists.length + 1,
    ofCell: Uint32Array.from(lists, (_, bin) => bin + 1),
    first,
    windows: Uint32Array.from(lists.flat()),
  };
  const events = Float64Array.of(0, ...Array.from(means));
  const sources = { sources: [{ name: 'bins', atoms: events, nodes: common }], common: CERTAIN };
  const windows = intervals(
    runs.map(([from, to]) => (from + to) / 2),
    runs.map(([from, to]) => (to - from) / 2),
  );
  return { windows, runs, atoms, sources, tables: makeToyTables(sources, [], atoms, runs.length, observed) };
}

/** Best ranks of toys [first, first + count) by the kernel. */
export function bestRanks({ tables }: BinScan, seed: number, first: number, count: number): Uint32Array {
  const result = new Uint32Array(TOY_STRIDE * count);
  const params = { seed_low: seed, seed_high: 0, base_low: first, base_high: 0, fingerprint: 0 };
  toyScan.run([...tables.arrays, result], params, 0, count);
  return Uint32Array.from({ length: count }, (_, i) => result[TOY_STRIDE * i]);
}
