/**
 * What is kept of toys [from, to): integers only, so that sums over any tiling of a range give the same words. Its size
 * depends on how many different extremes there are, not on the number of toys.
 */
import { DarkscanError } from '../errors.ts';

/** Toys [from, to). */
export type ToyRange = readonly [from: number, to: number];

export interface ToyTally {
  readonly from: number;
  readonly to: number;
  /** Parts of [from, to) that nobody threw, ascending; empty but for merged tallies. */
  readonly gaps: readonly ToyRange[];
  /** Rank of the most significant window -> toys. */
  readonly byRank: ReadonlyMap<number, number>;
  /** Window (position among the scanned ones) -> toys whose extreme it was. */
  readonly byWindow: ReadonlyMap<number, number>;
  /** Toys at or above the observed rank. */
  readonly nExceedances: number;
  /** The numbers of the first of them, ascending, at most MOST_LISTED. */
  readonly exceedances: readonly number[];
  /** Toys below the observed rank in which some window has no p0. */
  readonly nFailures: number;
}

export const MOST_LISTED = 10_000;

/** A tally while it grows, toy by toy. */
export class GrowingTally {
  private readonly byRank = new Histogram();
  private readonly byWindow = new Histogram();
  private readonly exceedances: number[] = [];
  private nExceedances = 0;
  private nFailures = 0;
  private readonly from: number;
  private readonly observedRank: number;
  private to: number;

  constructor(from: number, observedRank: number) {
    this.from = from;
    this.to = from;
    this.observedRank = observedRank;
  }

  /** The next toy. A toy in which no window has an event has rank 0 and no window. */
  add(rank: number, window: number, failed = false): void {
    this.byRank.add(rank);
    if (rank > 0) this.byWindow.add(window);
    if (rank >= this.observedRank) {
      this.nExceedances++;
      if (this.exceedances.length < MOST_LISTED) this.exceedances.push(this.to);
    } else if (failed) this.nFailures++;
    this.to++;
  }

  get exceedanceCount(): number {
    return this.nExceedances;
  }

  finish(): ToyTally {
    const { from, to, nExceedances, exceedances, nFailures } = this;
    const [byRank, byWindow] = [this.byRank.toMap(), this.byWindow.toMap()];
    return { from, to, gaps: [], byRank, byWindow, nExceedances, exceedances: exceedances.slice(), nFailures };
  }
}

/** How often each whole number came; grows with the largest of them. */
class Histogram {
  private counts = new Float64Array(1024);

  add(value: number): void {
    if (value >= this.counts.length) {
      const larger = new Float64Array(2 * value);
      larger.set(this.counts);
      this.counts = larger;
    }
    this.counts[value]++;
  }

  /** Ascending. */
  toMap(): Map<number, number> {
    const map = new Map<number, number>();
    this.counts.forEach((n, value) => n > 0 && map.set(value, n));
    return map;
  }
}

/** The toys of a tally as ranges. */
export function rangesOf({ from, to, gaps }: ToyTally): ToyRange[] {
  const starts = [from, ...gaps.map(([, end]) => end)];
  const ends = [...gaps.map(([start]) => start), to];
  return starts.map((start, i) => [start, ends[i]] as const).filter(([start, end]) => end > start);
}

/** Toys thrown. */
export function toysIn(tally: ToyTally): number {
  return rangesOf(tally).reduce((n, [from, to]) => n + to - from, 0);
}

/** Sums of integers. Error (kind conflict) where two ranges overlap: a toy would count twice. */
export function mergeTallies(tallies: readonly ToyTally[]): ToyTally {
  if (tallies.length === 0) throw new DarkscanError('data', 'toys: no shard to merge; name shards or their folder');
  const ranges = tallies.flatMap(rangesOf).sort(([a], [b]) => a - b);
  const gaps: ToyRange[] = [];
  for (let i = 1; i < ranges.length; i++) {
    const [before, range] = [ranges[i - 1], ranges[i]];
    if (range[0] < before[1]) {
      const found = `toys [${before.join(', ')}) and [${range.join(', ')})`;
      throw new DarkscanError('conflict', `toys: ${found} overlap, a toy would count twice; leave one of them out`);
    }
    if (range[0] > before[1]) gaps.push([before[1], range[0]]);
  }
  const total = (numberOf: (tally: ToyTally) => number) => tallies.reduce((sum, tally) => sum + numberOf(tally), 0);
  return {
    from: ranges.length > 0 ? ranges[0][0] : tallies[0].from,
    to: ranges.length > 0 ? ranges[ranges.length - 1][1] : tallies[0].from,
    gaps,
    byRank: sumOf(tallies.map((t) => t.byRank)),
    byWindow: sumOf(tallies.map((t) => t.byWindow)),
    nExceedances: total((t) => t.nExceedances),
    // a list that was cut holds MOST_LISTED itself: none is missing among the first of all
    exceedances: tallies
      .flatMap((t) => t.exceedances)
      .sort((a, b) => a - b)
      .slice(0, MOST_LISTED),
    nFailures: total((t) => t.nFailures),
  };
}

function sumOf(maps: readonly ReadonlyMap<number, number>[]): Map<number, number> {
  const sum = new Map<number, number>();
  for (const map of maps) map.forEach((n, key) => sum.set(key, (sum.get(key) ?? 0) + n));
  return sum;
}
