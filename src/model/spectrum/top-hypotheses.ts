/** The hypotheses to point at: most significant first, one per excess. */
import { findColumn, numbersOf, type ResultTable } from '../result.ts';

/** Hypotheses closer than this many widths of the signal see the same events: their mass +- 2 widths overlap. */
const APART = 4;

/**
 * Rows of the table of a spectrum scan, at most `count`, only those with z above `minZ`. Distances are in the variable of
 * the spectrum (column x, else mass), hypotheses of different spectra are apart.
 */
export function topHypotheses(table: ResultTable, count = 3, minZ = 0): number[] {
  const z = numbersOf(table, 'z');
  const width = numbersOf(table, findColumn(table, 'width') === undefined ? 'sigma' : 'width');
  const position = numbersOf(table, findColumn(table, 'x') === undefined ? 'mass' : 'x');
  const spectrum = findColumn(table, 'spectrum')?.values;
  const overlap = (i: number, j: number) =>
    spectrum?.[i] === spectrum?.[j] && Math.abs(position[i] - position[j]) < APART * Math.max(width[i], width[j]);
  const ranked = Array.from(z.keys())
    .filter((i) => z[i] > minZ)
    .sort((i, j) => z[j] - z[i] || i - j);
  const chosen: number[] = [];
  for (const i of ranked) {
    if (chosen.length >= count) break;
    if (!chosen.some((j) => overlap(i, j))) chosen.push(i);
  }
  return chosen;
}
