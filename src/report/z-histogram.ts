/**
 * How often each local Z occurs over the windows of a scan, in the bins of its expectation where it has one. Windows with
 * p0 = 1 (no event) have no Z: they are counted apart, not put at some place.
 */
import { numbersOf, type ExpectedZ, type ResultTable } from '../model/result.ts';
import { hasNoExcess } from '../model/windows-of-table.ts';

const BIN_WIDTH = 0.25;
/** Expectations below this are nothing to look at. */
export const LEAST_EXPECTED = 0.02;

export interface ZHistogram {
  /** [nBins + 1] ascending; bins are [low, high), as the expectation counts them. */
  readonly edges: Float64Array;
  /** [nBins] windows. */
  readonly counts: Uint32Array;
  /** [nBins] windows expected; absent where the scan did not say. */
  readonly expected?: Float64Array;
  /** Windows with a Z. */
  readonly withZ: number;
  /** Windows with p0 = 1, and how many of them the background predicts. */
  readonly atOne: number;
  readonly expectedAtOne?: number;
  /** Windows with a Z below or above all bins. */
  readonly outside: number;
  /** Range of the bins with something to see, two bins wider on both sides. */
  readonly shown: readonly [low: number, high: number];
}

export function zHistogram(table: ResultTable, expectedZ?: ExpectedZ): ZHistogram {
  const z = Float64Array.from(numbersOf(table, 'z')).filter((value) => !Number.isNaN(value));
  const edges = expectedZ?.edges ?? defaultEdges(z);
  const nBins = edges.length - 1;
  const counts = new Uint32Array(nBins);
  let outside = 0;
  for (const value of z) {
    if (value < edges[0] || value >= edges[nBins]) outside++;
    else counts[binOf(value, edges)]++;
  }
  return {
    edges,
    counts,
    ...(expectedZ && { expected: expectedZ.expected, expectedAtOne: expectedZ.expectedAtOne }),
    withZ: z.length,
    atOne: hasNoExcess(table).filter(Boolean).length,
    outside,
    shown: populated(edges, counts, expectedZ?.expected),
  };
}

/** @param edges ascending, the value is inside */
export function binOf(value: number, edges: ArrayLike<number>): number {
  let [low, high] = [0, edges.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]) low = middle;
    else high = middle;
  }
  return low;
}

function populated(edges: Float64Array, counts: Uint32Array, expected?: Float64Array): [number, number] {
  const bins = [...counts.keys()].filter((i) => counts[i] > 0 || (expected?.[i] ?? 0) > LEAST_EXPECTED);
  const [first, last] = bins.length === 0 ? [0, counts.length - 1] : [bins[0], bins.at(-1)!];
  return [edges[Math.max(0, first - 2)], edges[Math.min(counts.length, last + 3)]];
}

function defaultEdges(z: Float64Array): Float64Array {
  const low = z.reduce((least, value) => Math.min(least, value), -1);
  const high = z.reduce((most, value) => Math.max(most, value), 4);
  const [first, last] = [Math.floor(low / BIN_WIDTH), Math.floor(high / BIN_WIDTH) + 1];
  return Float64Array.from({ length: last - first + 1 }, (_, i) => (first + i) * BIN_WIDTH);
}
