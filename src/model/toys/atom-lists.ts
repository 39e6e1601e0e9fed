/** Lists of regions, each kept once and numbered in the order in which they are first met, found again by their hash. */
import type { CellRuns } from './cell-runs.ts';

export class AtomLists {
  /** Atom 0 is the empty list. */
  count = 1;
  /** [count + 1] and more. */
  first = new Uint32Array(1024);
  private words = new Uint32Array(1 << 16);
  private hashes = new Int32Array(1024);
  /** Open addressing: atom + 1, or 0. */
  private slots = new Uint32Array(4096);
  /** Regions of the cells that are being swept, ascending. */
  private active = new Uint32Array(256);
  private nActive = 0;
  private readonly nRegions: number;
  private readonly most: number;

  /** @param most numbers in all lists together */
  constructor(nRegions: number, most: number) {
    [this.nRegions, this.most] = [nRegions, most];
  }

  /** Atoms of the cells of a column. False when the lists would hold more than they may. */
  sweep({ count, id, from, to }: CellRuns, ofCell: Uint32Array): boolean {
    const { nRegions } = this;
    // every change as one number: cell, region, 1 where it begins; all below 2^53
    const changes = new Float64Array(2 * count);
    for (let i = 0; i < count; i++) {
      changes[2 * i] = (from[i] * nRegions + id[i]) * 2 + 1;
      changes[2 * i + 1] = (to[i] * nRegions + id[i]) * 2;
    }
    changes.sort();
    let hash = 0;
    for (let i = 0; i < changes.length;) {
      const cell = cellOf(changes[i], nRegions);
      let end = cell;
      for (; i < changes.length && (end = cellOf(changes[i], nRegions)) === cell; i++) {
        const region = Math.floor(changes[i] / 2) - cell * nRegions;
        const begins = changes[i] % 2 === 1;
        if (begins) this.enter(region);
        else this.leave(region);
        hash = (hash + (begins ? mixed(region) : -mixed(region))) | 0;
      }
      if (this.nActive === 0) continue;
      const atom = this.atomOf(hash);
      if (atom < 0) return false;
      ofCell.fill(atom, cell, end);
    }
    return true;
  }

  /** Lists one behind the other. */
  regions(): Uint32Array {
    return this.words.slice(0, this.first[this.count]);
  }

  private enter(region: number): void {
    if (this.nActive === this.active.length) this.active = longer(this.active);
    const { active } = this;
    let at = this.nActive++;
    for (; at > 0 && active[at - 1] > region; at--) active[at] = active[at - 1];
    active[at] = region;
  }

  private leave(region: number): void {
    const { active, nActive } = this;
    active.copyWithin(
      active.subarray(0, nActive).indexOf(region),
      active.subarray(0, nActive).indexOf(region) + 1,
      nActive,
    );
    this.nActive--;
  }

  /** Number of the active list, -1 where there is no room for it. */
  private atomOf(hash: number): number {
    const mask = this.slots.length - 1;
    let slot = spread(hash) & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const atom = this.slots[slot] - 1;
      if (this.hashes[atom] === hash && this.isActive(atom)) return atom;
    }
    const start = this.first[this.count];
    const size = start + this.nActive;
    if (size > this.most) return -1;
    while (size > this.words.length) this.words = longer(this.words);
    this.words.set(this.active.subarray(0, this.nActive), start);
    const atom = this.count++;
    if (this.count >= this.hashes.length) {
      this.hashes = Int32Array.from({ length: 2 * this.hashes.length }, (_, a) => this.hashes[a] ?? 0);
      this.first = longer(this.first);
    }
    this.first[this.count] = size;
    this.hashes[atom] = hash;
    this.slots[slot] = atom + 1;
    if (2 * this.count > this.slots.length) this.rehash();
    return atom;
  }

  private isActive(atom: number): boolean {
    const { first, words, active, nActive } = this;
    const start = first[atom];
    if (first[atom + 1] - start !== nActive) return false;
    for (let k = 0; k < nActive; k++) if (words[start + k] !== active[k]) return false;
    return true;
  }

  private rehash(): void {
    this.slots = new Uint32Array(4 * this.slots.length);
    const mask = this.slots.length - 1;
    for (let atom = 1; atom < this.count; atom++) {
      let slot = spread(this.hashes[atom]) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = atom + 1;
    }
  }
}

function cellOf(change: number, nRegions: number): number {
  return Math.floor(change / (2 * nRegions));
}

/** Added over a list: the same in any order. */
function mixed(region: number): number {
  const h = Math.imul(region ^ 0x9e3779b9, 0x85ebca6b);
  return Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ (h >>> 16);
}

function spread(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 3;
}

function longer(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const result = new Uint32Array(2 * words.length);
  result.set(words);
  return result;
}
