import { describe, expect, it } from 'vitest';
import type { ResultColumn, ResultTable } from '../../../src/model/result.ts';
import { compareTables, comparisonText } from '../../../src/report/compare.ts';
import { awkwardTable } from '../../support/result-table.ts';

const TOLERANCE = { rtol: 1e-4, atol: 0 };
const table = (...columns: ResultColumn[]): ResultTable => ({ rowCount: columns[0]!.values.length, columns });
const reals = (...values: number[]): ResultColumn => ({
  name: 'z',
  type: 'f64',
  values: Float64Array.from(values),
  description: '',
});

describe('comparing tables', () => {
  it('finds a table equal to itself, nulls and all', () => {
    const result = compareTables(awkwardTable(50), awkwardTable(50), { rtol: 0, atol: 0 });
    expect(result.equal).toBe(true);
    expect(result.columns.every((column) => column.worst === undefined)).toBe(true);
  });

  it.each([
    [1, 1.00009, true],
    [1, 1.0002, false],
    [-1e300, -1.00009e300, true],
    [0, 1e-30, false],
    [NaN, NaN, true],
    [NaN, 0, false],
  ])('judges %d against %d with rtol 1e-4: %s', (a, b, equal) => {
    expect(compareTables(table(reals(a)), table(reals(b)), TOLERANCE).equal).toBe(equal);
    expect(compareTables(table(reals(b)), table(reals(a)), TOLERANCE).equal).toBe(equal);
  });

  it('allows atol near zero', () =>
    expect(compareTables(table(reals(0)), table(reals(1e-9)), { rtol: 0, atol: 1e-8 }).equal).toBe(true));

  it('wants integers and text equal whatever the tolerance', () => {
    const counts = (n: number): ResultColumn => ({ name: 'n', type: 'i32', values: Int32Array.of(n), description: '' });
    const status = (s: string): ResultColumn => ({ name: 'status', type: 'string', values: [s], description: '' });
    const loose = { rtol: 1, atol: 1e9 };
    expect(compareTables(table(counts(5)), table(counts(6)), loose).columns[0]).toMatchObject({
      nDifferent: 1,
      maxAbsolute: 1,
    });
    expect(compareTables(table(status('ok')), table(status('blind')), loose).equal).toBe(false);
  });

  it('names the worst row of each column', () => {
    const [column] = compareTables(table(reals(1, 2, 3, NaN)), table(reals(1, 2.2, 3.01, NaN)), TOLERANCE).columns;
    expect(column).toMatchObject({ nDifferent: 2, worst: { row: 1, a: '2', b: '2.2' } });
    expect(column!.maxRelative).toBeCloseTo(0.2 / 2.2, 12);
  });

  it('reports missing columns, other types and other numbers of rows', () => {
    const text: ResultColumn = { name: 'z', type: 'string', values: ['1'], description: '' };
    expect(compareTables(table(reals(1)), table(text), TOLERANCE).problems).toEqual([
      'column z: types f64 and string, expected the same',
    ]);
    expect(compareTables(table(reals(1)), table(reals(1, 2)), TOLERANCE).equal).toBe(false);
    expect(compareTables(table(reals(1)), table(reals(1)), { ...TOLERANCE, columns: ['q'] }).problems).toEqual([
      'column q: in neither table',
    ]);
  });

  it('prints differences in capitals', () => {
    const result = compareTables(table(reals(1, 2)), table(reals(1, 3)), TOLERANCE);
    expect(comparisonText(result, TOLERANCE)).toBe(
      'column  rows  different  max abs  max rel  worst\n' +
        'z       2     1 DIFFER   1.00e+0  3.33e-1  row 1: 2 | 3\n' +
        'DIFFERENT (rtol 0.0001, atol 0)\n',
    );
  });
});
