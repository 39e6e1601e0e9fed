/**
 * Toys with rows of p0 counted the long way, for tests of toy_scan: events one by one into the lists of their atoms, p0 of
 * every window from the very numbers the tables were made of. Shares only Philox and the layout of the header with src.
 */
import { HEADER, SOURCE_STRIDE } from '../../src/kernels/toys/layout.ts';
import type { Atoms } from '../../src/model/toys/atoms.ts';
import type { FactorNodes } from '../../src/model/toys/factor-nodes.ts';
import type { RankTable } from '../../src/model/toys/rank-table.ts';
import { philox4x32 } from '../../src/stats/philox.ts';
import { sideBandRanks, stepRanks } from '../../src/toys/rank-rows.ts';
import { tablesOf, type ToyTables } from '../../src/toys/toy-tables.ts';
import { spread } from './counting.ts';

export interface RegionShape {
  readonly axis: 'step' | 'sideBand' | 'complement';
  readonly windows: number;
  readonly atoms: number;
  /** Expected events of every source. */
  readonly events: readonly number[];
  /** Steps of the toys. */
  readonly steps?: number;
  /** Rows by n_off: first one, and how many. */
  readonly rows?: readonly [least: number, count: number];
  /** Atoms of `complement` that can be band: this part of all. */
  readonly inPlane?: number;
}

export interface RegionToys {
  readonly shape: RegionShape;
  readonly tables: ToyTables;
  readonly lists: readonly (readonly number[])[];
  /** lnP[w][row][n], multiples of 1/4, so that many are ties. */
  readonly lnP: readonly (readonly Float64Array[])[];
}

/** Above this, p0 has no rank of its own; a multiple of 1/4 lies on it. */
const LN_FLOOR = -0.75;

export function regionToys(shape: RegionShape): RegionToys {
  const { axis, windows, atoms: count, events, steps = 1, rows = [0, 1], inPlane = 0.7 } = shape;
  const next = spread(17 * windows + count);
  const whole = (below: number) => Math.floor(next() * below);
  const lists = Array.from({ length: count }, (_, a) => {
    if (a === 0) return [];
    const regions = new Set<number>();
    for (let k = 1 + whole(4); k > 0; k--) {
      const w = whole(windows);
      const isBand = axis !== 'step' && next() < 0.5;
      regions.add(axis === 'step' ? w : 2 * w + (isBand ? 1 : 0));
    }
    if (axis === 'complement') {
      // what is not band is part of the plane
      if (next() < inPlane || [...regions].some((region) => region % 2 === 1)) regions.add(2 * windows);
    }
    return [...regions].sort((p, q) => p - q);
  });
  const falling = (size: number) => {
    const lnP = new Float64Array(size);
    for (let n = 1; n < size; n++) lnP[n] = lnP[n - 1] - (1 + whole(3)) / 4;
    return lnP;
  };
  const nRows = axis === 'step' ? steps : rows[1];
  const lnP = Array.from({ length: windows }, () => Array.from({ length: nRows }, () => falling(2 + whole(7))));
  const ranks: RankTable =
    axis === 'step'
      ? stepRanks(windows, steps, (w) => lnP[w])
      : sideBandRanks(axis, windows, (w) => ({ least: rows[0], lnP: lnP[w] }), LN_FLOOR);
  const first = new Uint32Array(count + 1);
  lists.forEach((list, a) => (first[a + 1] = first[a] + list.length));
  const atoms: Atoms = { count, ofCell: new Uint32Array(0), first, windows: Uint32Array.from(lists.flat()) };
  const certain: FactorNodes = { factors: Float64Array.of(1), weights: Float64Array.of(1) };
  const common: FactorNodes = {
    factors: Float64Array.from({ length: steps }, (_, k) => 0.6 + (0.8 * k) / steps),
    weights: new Float64Array(steps).fill(1 / steps),
  };
  const sources = events.map((mean, s) => {
    const perAtom = Float64Array.from({ length: count }, (_, a) => (a === 0 ? 0 : 1 + ((a * (s + 3)) % 5)));
    const sum = perAtom.reduce((total, part) => total + part, 0);
    return { name: `source ${s}`, atoms: perAtom.map((part) => (mean * part) / sum), nodes: certain };
  });
  const tables = tablesOf({ sources, common: steps > 1 ? common : certain }, [], atoms, windows, ranks);
  return { shape, tables, lists, lnP };
}

export interface CountedToy {
  readonly step: number;
  /** Events per region, [2 windows + 1] with side bands. */
  readonly counts: Uint32Array;
}

/** One toy, event by event. @param toy, seed integers below 2^53 */
export function countedToy({ shape, tables, lists }: RegionToys, seed: number, toy: number): CountedToy {
  const [header, totals, alias] = tables.arrays;
  const draw = (stream: number, number: number) => {
    const words = new Uint32Array(4);
    const high = Math.floor(toy / 2 ** 32);
    philox4x32(words, toy >>> 0, high, stream, number, seed >>> 0, Math.floor(seed / 2 ** 32));
    return words;
  };
  const inTable = (place: number, bits: number, slotWord: number, word: number) => {
    const slot = Math.floor(slotWord / 2 ** (32 - bits));
    const [threshold, other] = [alias[2 * (place + slot)], alias[2 * (place + slot) + 1]];
    return threshold === 0xffffffff || word < threshold ? slot : other;
  };
  const steps = header[HEADER.steps];
  const stepWords = draw(0xffff, 0);
  const step = steps > 1 ? inTable(header[HEADER.stepAlias], header[HEADER.stepBits], stepWords[0], stepWords[1]) : 0;
  const counts = new Uint32Array(shape.axis === 'step' ? shape.windows : 2 * shape.windows + 1);
  for (let source = 0; source < shape.events.length; source++) {
    const at = HEADER.firstSource + SOURCE_STRIDE * (step * shape.events.length + source);
    const [place, least, size, aliasPlace, bits] = header.subarray(at, at + SOURCE_STRIDE);
    const [high, low] = draw(source, 0xffffffff);
    const word = (BigInt(high) << 32n) | BigInt(low);
    let total = least;
    for (let k = place; k < place + size; k++) {
      if (((BigInt(totals[2 * k]) << 32n) | BigInt(totals[2 * k + 1])) <= word) total++;
    }
    for (let event = 0; event < total; event++) {
      const words = draw(source, event >> 1);
      const from = 2 * (event % 2);
      for (const region of lists[inTable(aliasPlace, bits, words[from], words[from + 1])]) counts[region]++;
    }
  }
  return { step, counts };
}

export interface BestOfToy {
  /** ln p0 of the best window; 0 where no window has a rank. */
  readonly lnP: number;
  readonly window: number;
  /** A window with events whose n_off has no row, below and above them. */
  readonly below: boolean;
  readonly above: boolean;
}

/** The smallest p0, and the first window that has it. */
export function bestOf({ shape, lnP }: RegionToys, { step, counts }: CountedToy): BestOfToy {
  const { axis, windows, rows = [0, 1] } = shape;
  let [best, window, below, above] = [0, 0xffffffff, false, false];
  for (let w = 0; w < windows; w++) {
    const n = counts[axis === 'step' ? w : 2 * w];
    if (n === 0) continue;
    const other = counts[2 * w + 1];
    const row = axis === 'step' ? step : (axis === 'complement' ? counts[2 * windows] - other : other) - rows[0];
    if (axis !== 'step') {
      if (row < 0) below = true;
      if (row >= rows[1]) above = true;
      if (row < 0 || row >= rows[1]) continue;
    }
    const values = lnP[w][row];
    const own = values[Math.min(n, values.length - 1)];
    if (axis !== 'step' && own > LN_FLOOR) continue;
    if (own < best) [best, window] = [own, w];
  }
  return { lnP: best, window, below, above };
}
