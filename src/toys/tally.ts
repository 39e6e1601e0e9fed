/**
 * What is kept of toys [from, to): integers only, so that sums over any tiling of a range give the same words. Its size
 * depends on how many different extremes there are, not on the number of toys.
 */
import { DarkscanError } from '../errors.ts';

export interface ToyTally {
  /** Toy numbers. */
  readonly from: number;
  readonly to: number;
  /** Rank of the most significant window -> toys. */
  readonly byRank: ReadonlyMap<number, number>;
  /** Window (position among the scanned ones) -> toys whose extreme it was. */
  readonly byWindow: ReadonlyMap<number, number>;
  /** Toys at or above the observed rank. */
  readonly nExceedances: number;
  /** The numbers of the first of them, ascending, at most MOST_LISTED. */
  readonly exceedances: readonly number[];
}

export const MOST_LISTED = 10_000;

/** A tally while it grows, toy by toy. */
export class GrowingTally {
  private readonly byRank = new Map<number, number>();
  private readonly byWindow = new Map<number, number>();
  private readonly exceedances: number[] = [];
  private nExceedances = 0;
  private readonly from: number;
  private readonly observedRank: number;
  private to: number;

  constructor(from: number, observedRank: number) {
    this.from = from;
    this.to = from;
    this.observedRank = observedRank;
  }

  /** The next toy. A toy in which no window has an event has rank 0 and no window. */
  add(rank: number, window: number): void {
    this.byRank.set(rank, (this.byRank.get(rank) ?? 0) + 1);
    if (rank > 0) this.byWindow.set(window, (this.byWindow.get(window) ?? 0) + 1);
    if (rank >= this.observedRank) {
      this.nExceedances++;
      if (this.exceedances.length < MOST_LISTED) this.exceedances.push(this.to);
    }
    this.to++;
  }

  get exceedanceCount(): number {
    return this.nExceedances;
  }

  finish(): ToyTally {
    const { from, to, byRank, byWindow, nExceedances, exceedances } = this;
    return { from, to, byRank, byWindow, nExceedances, exceedances: exceedances.slice() };
  }
}

export interface Merged {
  readonly tally: ToyTally;
  /** Ranges [from, to) between the first and the last toy that nobody threw. */
  readonly gaps: readonly (readonly [number, number])[];
}

/** Sums of integers. Error (kind conflict) where two ranges overlap: a toy would count twice. */
export function mergeTallies(tallies: readonly ToyTally[]): Merged {
  if (tallies.length === 0) throw new DarkscanError('data', 'toys: no shard to merge; name shards or their folder');
  const sorted = tallies.filter((t) => t.to > t.from).sort((a, b) => a.from - b.from);
  if (sorted.length === 0) return { tally: tallies[0], gaps: [] };
  const gaps: [number, number][] = [];
  sorted.forEach((tally, i) => {
    const before = sorted[i - 1];
    if (before === undefined) return;
    if (tally.from < before.to) {
      const found = `toys [${before.from}, ${before.to}) and [${tally.from}, ${tally.to})`;
      throw new DarkscanError('conflict', `toys: ${found} overlap, a toy would count twice; leave one of them out`);
    }
    if (tally.from > before.to) gaps.push([before.to, tally.from]);
  });
  const sum = (maps: readonly ReadonlyMap<number, number>[]) => {
    const total = new Map<number, number>();
    for (const map of maps) map.forEach((n, key) => total.set(key, (total.get(key) ?? 0) + n));
    return total;
  };
  const tally: ToyTally = {
    from: sorted[0].from,
    to: sorted[sorted.length - 1].to,
    byRank: sum(sorted.map((t) => t.byRank)),
    byWindow: sum(sorted.map((t) => t.byWindow)),
    nExceedances: sorted.reduce((n, t) => n + t.nExceedances, 0),
    exceedances: listed(sorted),
  };
  return { tally, gaps };
}

/** Toys thrown: those of the range less the gaps. */
export function toysIn(tally: ToyTally): number {
  let n = 0;
  tally.byRank.forEach((count) => (n += count));
  return n;
}

/** The first exceedances of all; a shard whose own list was cut ends the list, so that none is missing before its end. */
function listed(sorted: readonly ToyTally[]): number[] {
  const list: number[] = [];
  for (const { exceedances, nExceedances } of sorted) {
    list.push(...exceedances.slice(0, MOST_LISTED - list.length));
    if (exceedances.length < nExceedances || list.length === MOST_LISTED) break;
  }
  return list;
}
