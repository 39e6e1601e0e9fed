/** Runs of consecutive cells of a column with a number each: cells [from, to) belong to region `id`. */

export class CellRuns {
  count = 0;
  id = new Uint32Array(1024);
  from = new Uint32Array(1024);
  to = new Uint32Array(1024);

  clear(): void {
    this.count = 0;
  }

  /** Empty runs are left out. */
  add(id: number, from: number, to: number): void {
    if (!(from < to)) return;
    if (this.count === this.id.length) this.grow();
    const at = this.count++;
    this.id[at] = id;
    this.from[at] = from;
    this.to[at] = to;
  }

  /** As `add`, but a cell that follows the last run of its region makes that run longer. */
  addCell(id: number, cell: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.id[last] === id && this.to[last] === cell) this.to[last]++;
    else this.add(id, cell, cell + 1);
  }

  private grow(): void {
    const larger = (old: Uint32Array) => {
      const words = new Uint32Array(2 * old.length);
      words.set(old);
      return words;
    };
    [this.id, this.from, this.to] = [larger(this.id), larger(this.from), larger(this.to)];
  }
}
