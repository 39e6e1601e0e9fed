/**
 * How many work items to hand out at once, learned from how long the last ones took: short enough that progress, Ctrl-C
 * and browsers' watchdogs are served, long enough that the overhead (0.1 ms per submission) does not show.
 */
export interface ChunkLimits {
  /** First guess. */
  readonly start: number;
  readonly most: number;
}

export const TARGET_MS = 35;
const FASTEST_GROWTH = 8;

export class ChunkSizer {
  readonly #most: number;
  #size: number;
  #msPerItem = 0;

  constructor({ start, most }: ChunkLimits) {
    this.#most = most;
    this.#size = Math.min(start, most);
  }

  get size(): number {
    return this.#size;
  }

  /** How long `items` should take, 0 while unknown. */
  expectedMs(items: number): number {
    return items * this.#msPerItem;
  }

  /** Items that should take `milliseconds`, at least 1; 1 while unknown. */
  itemsFor(milliseconds: number): number {
    return this.#msPerItem > 0 ? Math.max(1, Math.round(milliseconds / this.#msPerItem)) : 1;
  }

  record(items: number, elapsedMs: number): void {
    this.#msPerItem = elapsedMs / items;
    const factor = Math.min(FASTEST_GROWTH, Math.max(1 / FASTEST_GROWTH, TARGET_MS / Math.max(elapsedMs, 1e-3)));
    const proposed = Math.max(1, Math.round(items * factor));
    if (items < this.#size && factor >= 1) return; // a last, partial chunk says nothing against the size
    this.#size = Math.min(this.#most, proposed);
  }

  /** After a device was lost during a chunk: perhaps it ran into a watchdog. */
  shrink(): void {
    this.#size = Math.max(1, Math.floor(this.#size / FASTEST_GROWTH));
  }
}
