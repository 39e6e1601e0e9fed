import { expect, test } from 'vitest';
import type { ResultTable } from '../../../src/model/result.ts';
import { topHypotheses } from '../../../src/model/spectrum/top-hypotheses.ts';

function tableOf(rows: readonly (readonly [mass: number, z: number, spectrum?: string, x?: number])[]): ResultTable {
  const f64 = (name: string, values: (number | undefined)[]) =>
    ({ type: 'f64', name, description: name, values: Float64Array.from(values, (value) => value ?? NaN) }) as const;
  const hasX = rows.some(([, , , x]) => x !== undefined);
  return {
    rowCount: rows.length,
    columns: [
      f64('mass', rows.map(([mass]) => mass)), // prettier-ignore
      f64('sigma', rows.map(() => 1)), // prettier-ignore
      f64('z', rows.map(([, z]) => z)), // prettier-ignore
      ...(hasX ? [f64('x', rows.map(([, , , x]) => x))] : []), // prettier-ignore
      { type: 'string', name: 'spectrum', description: 'spectrum', values: rows.map(([, , name]) => name ?? 'a') },
    ],
  };
}

test('most significant first, one per excess: the next one is 4 resolutions away', () => {
  const rows = [[10, 1], [11, 3], [12, 2.9], [14.9, 2.5], [15, 2], [30, 2.2]] as const; // prettier-ignore
  expect(topHypotheses(tableOf(rows))).toEqual([1, 5, 4]);
  expect(topHypotheses(tableOf(rows), 2)).toEqual([1, 5]);
});

test('rows without Z and deficits are never among them', () => {
  expect(topHypotheses(tableOf([[10, NaN], [20, -3], [30, 0], [40, 0.1]]))).toEqual([3]); // prettier-ignore
  expect(topHypotheses(tableOf([]))).toEqual([]);
});

test('the same mass in two spectra is two excesses, and distances are those of the variable', () => {
  expect(topHypotheses(tableOf([[10, 3, 'a'], [10, 2, 'b']]))).toEqual([0, 1]); // prettier-ignore
  expect(topHypotheses(tableOf([[10, 3, 'a', 100], [11, 2, 'a', 121], [30, 1, 'a', 101]]))).toEqual([0, 1]); // prettier-ignore
});
