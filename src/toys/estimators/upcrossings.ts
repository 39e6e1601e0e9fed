/**
 * Up-crossings in one dimension (E. Gross, O. Vitells 2010, arXiv:1005.1891): with q0 = Z^2 of an excess and c the
 * observed one,
 *   p_global <~ M p_local + <N(c0)> exp(-(c - c0)/2),   p_local = P(chi2_1 > c)/2
 * M disjoint intervals of the scan, <N(c0)> mean number of up-crossings of the low level c0 from a few hundred toys. An
 * upper bound on any Gaussian lattice; close to p_global for a smooth field in fine steps only (validity.ts).
 */
import { zFromLnP } from '../../stats/normal.ts';
import { exp, log } from '../../stats/portable.ts';
import type { WindowSet } from '../../model/windows.ts';
import { makeEstimator, normalIntervals, withoutNumber, type Estimator } from './estimator.ts';
import type { FieldSource } from './toy-field.ts';
import { meanAndError } from './field-mean.ts';

/** Windows in order of x, cut where neighbours share nothing. */
export interface ScanLine {
  /** [nWindows] windows by ascending x. */
  readonly order: Uint32Array;
  /** [nWindows] 1 where a new interval starts. */
  readonly starts: Uint8Array;
  readonly intervals: number;
}

/** Level of q0 at which crossings are counted. */
export const LOW_LEVEL = 1;

/** The line of a scan, or why it is none. */
export function scanLine(windows: WindowSet): ScanLine | string {
  if (windows.kind !== 'intervals') return 'wrong dimension: up-crossings need a scan in one dimension';
  const { x, a, count } = windows;
  const order = Uint32Array.from({ length: count }, (_, w) => w).sort((i, j) => x[i] - x[j] || i - j);
  const starts = new Uint8Array(count);
  let intervals = 0;
  for (let k = 0; k < count; k++) {
    const [w, before] = [order[k], order[Math.max(0, k - 1)]];
    if (k > 0 && !(x[w] - a[w] > x[before] - a[before] && x[w] + a[w] > x[before] + a[before])) {
      return `windows ${before} and ${w} lie inside one another: windows of several widths are not a line`;
    }
    if (k === 0 || x[w] - a[w] >= x[before] + a[before]) {
      starts[k] = 1;
      intervals++;
    }
  }
  return { order, starts, intervals };
}

/** Pairs [..][2] of neighbours on the line. */
export function linePairs({ order, starts }: ScanLine): Uint32Array {
  const pairs: number[] = [];
  for (let k = 1; k < order.length; k++) if (starts[k] === 0) pairs.push(order[k - 1], order[k]);
  return Uint32Array.from(pairs);
}

/** Three in a row [..][3] on the line. */
export function lineTriples({ order, starts }: ScanLine): Uint32Array {
  const triples: number[] = [];
  for (let k = 2; k < order.length; k++) {
    if (starts[k] === 0 && starts[k - 1] === 0) triples.push(order[k - 2], order[k - 1], order[k]);
  }
  return Uint32Array.from(triples);
}

/** Up-crossings of level z along the line. */
export function countUpcrossings({ order, starts }: ScanLine, field: Float64Array, z: number): number {
  let crossings = 0;
  for (let k = 1; k < order.length; k++) {
    if (starts[k] === 0 && field[order[k - 1]] < z && field[order[k]] >= z) crossings++;
  }
  return crossings;
}

/** Mean number of up-crossings of level c0 = z0^2 and its statistical error; no crossing at all: 0 with 1.84 / fields. */
export function meanUpcrossings(line: ScanLine, fields: FieldSource, c0: number) {
  const { mean, covariance } = meanAndError(fields, 1, (field, out) => {
    out[0] = countUpcrossings(line, field, Math.sqrt(c0));
  });
  return { mean: mean[0], error: mean[0] === 0 ? 1.84 / fields.count : Math.sqrt(covariance[0][0]) };
}

export interface LineInput {
  readonly fields: FieldSource;
  readonly lnPLocal: number;
  readonly c0?: number;
  /** Why the fields are not Gaussian enough, or their lattice not fine enough. */
  readonly reason?: (line: ScanLine, z0: number, z: number) => string | undefined;
}

export interface UpcrossingInput extends LineInput {
  readonly windows: WindowSet;
}

export function upcrossings({ windows, ...input }: UpcrossingInput): Estimator {
  const line = scanLine(windows);
  return typeof line === 'string' ? withoutNumber('upcrossings', line, 'bound') : upcrossingsAlong(line, input);
}

export function upcrossingsAlong(line: ScanLine, { fields, lnPLocal, c0 = LOW_LEVEL, reason }: LineInput): Estimator {
  const z = lnPLocal < 0 ? zFromLnP(lnPLocal) : -Infinity;
  if (!(z > Math.sqrt(c0))) {
    const found = `local Z ${z.toFixed(2)} is not above the level ${Math.sqrt(c0).toFixed(2)} of the crossings`;
    return withoutNumber('upcrossings', found, 'bound');
  }
  const { mean, error } = meanUpcrossings(line, fields, c0);
  const lnScale = -0.5 * (z * z - c0);
  // relative to exp(lnScale), which may underflow
  const lnPGlobal = lnScale + log(line.intervals * exp(lnPLocal - lnScale) + mean);
  return makeEstimator({
    name: 'upcrossings',
    kind: 'bound',
    lnPGlobal,
    lnPLocal,
    ...normalIntervals(exp(lnPGlobal), error * exp(lnScale), exp(lnPLocal)),
    reason: reason?.(line, Math.sqrt(c0), z),
  });
}
