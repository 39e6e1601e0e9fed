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

/** Adds the cells of `runs` that are in `others` too, both in order. */
export function intersect(runs: CellRuns, others: CellRuns, to: CellRuns): void {
  let k = 0;
  for (let i = 0; i < runs.count; i++) {
    while (k > 0 && others.to[k - 1] > runs.from[i]) k--;
    for (; k < others.count && others.from[k] < runs.to[i]; k++) {
      to.add(runs.id[i], Math.max(runs.from[i], others.from[k]), Math.min(runs.to[i], others.to[k]));
    }
  }
}

/** Adds, as `id`, what of `open` is not in the runs of number w, which begin at place i of `inBand`; the place after them. */
export function addRest(w: number, id: number, open: CellRuns, inBand: CellRuns, i: number, runs: CellRuns): number {
  for (let k = 0; k < open.count; k++) {
    let from = open.from[k];
    for (; i < inBand.count && inBand.id[i] === w && inBand.from[i] < open.to[k]; i++) {
      runs.add(id, from, inBand.from[i]);
      from = inBand.to[i];
    }
    runs.add(id, from, open.to[k]);
  }
  return i;
}

/** Cells of all runs together. */
export function cellsOf({ count, from, to }: CellRuns): number {
  let cells = 0;
  for (let i = 0; i < count; i++) cells += to[i] - from[i];
  return cells;
}
