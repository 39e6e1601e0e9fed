/**
 * ln p0 of n = 0, 1, ... for many windows at once, each as far as ranks need it. All windows ask for a few counts more in
 * each round, so that the kernels have thousands of items at a time whatever a single window needs.
 */
import { DarkscanError } from '../errors.ts';
import { SMALLEST } from '../model/toys/rank-table.ts';
import type { LnP0 } from '../scan/p0-solver.ts';

const LN_SMALLEST = Math.log(SMALLEST);
/** Counts of one row, whatever its p0. */
const MOST_COUNTS = 100_000;
/** Rounding makes ln p0 rise with the count by less than this, relative to 1 + |ln p0|; more is an error of the method. */
const ROUNDING = 1e-6;

/** A row is wanted of window `window` of the solver. */
export interface RowWanted {
  readonly window: number;
  /** p0 of this count and of one more must have entries. */
  readonly observed: number;
  /** Counts up to it have p0 = 1/2 (asymptotic methods without an excess); -1: every count is computed. */
  readonly nominal: number;
  /** Of error messages: "window 7", "window 7 with n_off = 3". */
  readonly label: () => string;
}

/**
 * [rows] ln p0 by count, until p0 < 1e-24 and the observed count has its own; falling, so that rounding makes no order.
 * Error (kind data): p0 that do not converge, or rise with the count.
 */
export async function rowsFromZero(lnP0: LnP0, method: string, wanted: readonly RowWanted[]): Promise<Float64Array[]> {
  const rows = wanted.map(({ nominal }) => {
    if (nominal > MOST_COUNTS) throw tooMany();
    return Array.from({ length: Math.max(0, Math.floor(nominal)) + 1 }, (_, n) => (n === 0 ? 0 : -Math.LN2));
  });
  return grow(lnP0, method, wanted, rows);
}

/** The same with 0 for all p0 above a floor, whose end is found by bisection. */
export async function rowsBelow(
  lnP0: LnP0,
  method: string,
  wanted: readonly RowWanted[],
  lnFloor: number,
): Promise<Float64Array[]> {
  const first = await firstBelow(lnP0, method, wanted, lnFloor);
  return grow(
    lnP0,
    method,
    wanted,
    Array.from(first, (n) => Array.from({ length: n }, () => 0)),
  );
}

/** Appends to rows until they are complete. */
async function grow(
  lnP0: LnP0,
  method: string,
  wanted: readonly RowWanted[],
  rows: readonly number[][],
): Promise<Float64Array[]> {
  const starts = rows.map((row) => row.length);
  const isOpen = (r: number) => rows[r].length <= wanted[r].observed + 1 || rows[r][rows[r].length - 1] > LN_SMALLEST;
  const blockOf = (r: number) =>
    Math.max(4, (rows[r].length - starts[r]) >> 2, wanted[r].observed + 2 - rows[r].length);
  for (let open = [...rows.keys()].filter(isOpen); open.length > 0; open = open.filter(isOpen)) {
    const blocks = open.map(blockOf);
    const values = await ask(lnP0, wanted, open, (r, i) => [rows[r].length, blocks[i]]);
    let at = 0;
    open.forEach((r, i) => {
      for (let k = 0; k < blocks[i] && isOpen(r); k++) append(rows[r], values[at + k], wanted[r], method);
      at += blocks[i];
    });
  }
  return rows.map((row) => Float64Array.from(row));
}

function append(row: number[], lnP: number, { label }: RowWanted, method: string): void {
  const n = row.length;
  if (n > MOST_COUNTS) throw tooMany();
  const last = row[n - 1];
  if (Number.isNaN(lnP)) throw notConverged(label(), method, n);
  if (lnP > last + ROUNDING * (1 - last)) throw failed(label(), method, `rises from n = ${n - 1} to n = ${n}`);
  row.push(Math.min(last, lnP));
}

/** [rows] smallest count above the nominal one with ln p0 <= lnFloor: steps of 1, 2, 4, ..., then bisection. */
async function firstBelow(
  lnP0: LnP0,
  method: string,
  wanted: readonly RowWanted[],
  lnFloor: number,
): Promise<Uint32Array> {
  const low = Uint32Array.from(wanted, ({ nominal }) => Math.max(0, Math.floor(nominal)));
  const high = low.map((n) => n + 1);
  const isBelow = async (rows: readonly number[], n: (r: number) => number) => {
    const values = await ask(lnP0, wanted, rows, (r) => [n(r), 1]);
    return rows.map((r, i) => {
      if (Number.isNaN(values[i])) throw notConverged(wanted[r].label(), method, n(r));
      return values[i] <= lnFloor;
    });
  };
  for (let open = [...wanted.keys()]; open.length > 0;) {
    const below = await isBelow(open, (r) => high[r]);
    open = open.filter((_, i) => !below[i]);
    for (const r of open) {
      [low[r], high[r]] = [high[r], high[r] + 2 * (high[r] - low[r])];
      if (high[r] > MOST_COUNTS) throw tooMany();
    }
  }
  const isWide = (r: number) => high[r] - low[r] > 1;
  for (let open = [...wanted.keys()].filter(isWide); open.length > 0; open = open.filter(isWide)) {
    const middle = (r: number) => (low[r] + high[r]) >> 1;
    const below = await isBelow(open, middle);
    open.forEach((r, i) => {
      if (below[i]) high[r] = middle(r);
      else low[r] = middle(r);
    });
  }
  return high;
}

/** ln p0 of a run of counts per row, one behind the other. */
function ask(
  lnP0: LnP0,
  wanted: readonly RowWanted[],
  rows: readonly number[],
  runOf: (r: number, i: number) => readonly [first: number, length: number],
): Promise<Float64Array> {
  const windows: number[] = [];
  const counts: number[] = [];
  rows.forEach((r, i) => {
    const [first, length] = runOf(r, i);
    for (let n = first; n < first + length; n++) {
      windows.push(wanted[r].window);
      counts.push(n);
    }
  });
  return lnP0(Uint32Array.from(windows), Uint32Array.from(counts));
}

export function notConverged(label: string, method: string, n: number): DarkscanError {
  return failed(label, method, `does not converge for n = ${n}`);
}

function failed(label: string, method: string, found: string): DarkscanError {
  const message = `toys: p0 '${method}' of ${label} ${found}`;
  return new DarkscanError('data', `${message}; leave the window out or use another method`);
}

function tooMany(): DarkscanError {
  const message = `toys: a window with more than ${MOST_COUNTS} events to be ranked, expected fewer`;
  return new DarkscanError('resource', `${message}; use smaller windows`);
}
