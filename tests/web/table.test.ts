/** The table of windows: which rows in which order, which of them are drawn, where keys lead, which columns. */
import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import type { ResultTable } from '../../src/model/result.ts';
import { columnsOf } from '../../src/web/table/columns.ts';
import { moved } from '../../src/web/table/moved.ts';
import { chooseRows, type RowChoice } from '../../src/web/table/rows.ts';
import { TableModel } from '../../src/web/table/table-model.ts';
import { ROW_HEIGHT, scrollTo, visibleRows } from '../../src/web/table/visible-rows.ts';
import type { AnyScanResult } from '../../src/web/engine/api.ts';
import { syntheticScan } from '../support/synthetic-scan.ts';
import { SPECTRUM_CARD, WINDOWS_CARD } from './support/detail-cards.ts';
import { keepScan } from './support/keep-scan.ts';

const TABLE: ResultTable = {
  rowCount: 6,
  columns: [
    { name: 'id', type: 'i32', description: '', values: Int32Array.of(0, 1, 2, 3, 4, 5) },
    { name: 'n', type: 'i32', description: '', values: Int32Array.of(3, 1, -1, 4, 1, 5) },
    { name: 'z', type: 'f64', description: '', values: Float64Array.of(1.5, NaN, NaN, 2.5, -1, 2.5) },
    { name: 'p0', type: 'f64', description: '', values: Float64Array.of(0, 1, NaN, 0, 0.8, 1e-300) },
    { name: 'ln_p0', type: 'f64', description: '', values: Float64Array.of(-800, 0, NaN, -900, -0.2, -690) },
    {
      name: 'status',
      type: 'string',
      description: '',
      values: ['ok', 'ok', 'blind', 'prior-edge', 'no-mc', 'ok'],
    },
  ],
};
const ALL: RowChoice = { sorting: { column: 'id', descending: false }, status: '', filter: '' };
const choose = (choice: Partial<RowChoice>) => chooseRows(TABLE, { ...ALL, ...choice });
const rowsOf = (choice: Partial<RowChoice>) => [...choose(choice).rows];

describe('order of rows', () => {
  test('rows without a number come last in both directions, equal ones stay in their order', () => {
    expect(rowsOf({ sorting: { column: 'z', descending: true } })).toEqual([3, 5, 0, 4, 1, 2]);
    expect(rowsOf({ sorting: { column: 'z', descending: false } })).toEqual([4, 0, 3, 5, 1, 2]);
  });

  test('p0 below the smallest double is sorted by its logarithm', () => {
    expect(rowsOf({ sorting: { column: 'p0', descending: false } })).toEqual([3, 0, 5, 4, 1, 2]);
  });

  test('texts are sorted too', () => {
    expect(rowsOf({ sorting: { column: 'status', descending: false } })).toEqual([2, 4, 0, 1, 5, 3]);
  });

  test('the most extreme rows are found first, then sorted as asked for', () => {
    const by = { column: 'z', descending: true };
    expect(rowsOf({ extreme: { by, count: 3 } })).toEqual([0, 3, 5]);
    // no row without a number fills them up
    expect(rowsOf({ extreme: { by, count: 5 } })).toEqual([0, 3, 4, 5]);
  });
});

describe('filter', () => {
  test('a number is a row, a word a part of a text', () => {
    expect(rowsOf({ filter: ' 4 ' })).toEqual([4]);
    expect(rowsOf({ filter: 'PRIOR' })).toEqual([3]);
    expect(rowsOf({ filter: 'nothing like it' })).toEqual([]);
  });

  test('a status and a condition hold both', () => {
    expect(rowsOf({ status: 'ok', filter: 'z > 1 && n >= 3' })).toEqual([0, 5]);
  });

  test('rows whose number is missing are left out and counted; a hidden count is no number', () => {
    expect(choose({ filter: 'z < 2' })).toMatchObject({ nUndecided: 2 });
    expect(choose({ filter: 'n < 2' })).toEqual({ rows: Uint32Array.of(1, 4), nUndecided: 1 });
  });

  test.each([
    ['zz > 1', /^filter: unknown name 'zz' in 'zz > 1'; did you mean 'z'/],
    ['z > ', /^filter: 'z >' is not a formula: /],
    ['z + (n > 2)', /^filter: 'z \+ \(n > 2\)' is a number, expected a condition/],
  ])('what is wrong with %s is told, and all rows are shown', (filter, message) => {
    const { rows, problem } = choose({ filter });
    expect(rows).toHaveLength(6);
    expect(problem).toMatch(message);
  });
});

describe('rows in view', () => {
  const VIEW = 300;

  test('are few of many, and stand where the scroll bar says', () => {
    for (const scrollTop of [0, 13, 5000, 100_000 * ROW_HEIGHT - VIEW]) {
      const { first, last, before, after } = visibleRows(100_000, scrollTop, VIEW);
      expect(last - first).toBeLessThan(40);
      expect(before).toBe(first * ROW_HEIGHT);
      expect(before + (last - first) * ROW_HEIGHT + after).toBe(100_000 * ROW_HEIGHT);
      expect(first * ROW_HEIGHT).toBeLessThanOrEqual(scrollTop);
      expect(last * ROW_HEIGHT).toBeGreaterThanOrEqual(Math.min(scrollTop + VIEW, 100_000 * ROW_HEIGHT));
    }
  });

  test('reach the last row of a table that is longer than browsers allow', () => {
    const nRows = 5_000_000;
    const end = scrollTo(nRows - 1, nRows, 0, VIEW);
    expect(end).toBeLessThan(10_000_000);
    const { first, last, before, after } = visibleRows(nRows, end, VIEW);
    expect(last).toBe(nRows);
    expect(before + (last - first) * ROW_HEIGHT).toBeGreaterThanOrEqual(end + VIEW - 1);
    expect(after).toBeLessThan(1);
  });

  test('any row can be scrolled to, and one in view stays where it is', () => {
    for (const nRows of [10, 1000, 5_000_000]) {
      for (const row of [0, Math.floor(nRows / 3), nRows - 1]) {
        const at = scrollTo(row, nRows, 0, VIEW);
        const { first, last } = visibleRows(nRows, at, VIEW);
        expect(row >= first && row < last).toBe(true);
        expect(Math.abs(scrollTo(row, nRows, at, VIEW) - at)).toBeLessThan(1e-3);
      }
    }
  });
});

describe('keys', () => {
  const rows = Uint32Array.of(7, 3, 9, 1);

  test.each([
    ['ArrowDown', 3, 9],
    ['ArrowDown', 1, 1],
    ['ArrowUp', 7, 7],
    ['ArrowUp', 9, 3],
    ['PageDown', 7, 9],
    ['PageUp', 1, 3],
    ['Home', 9, 7],
    ['End', 9, 1],
    ['ArrowDown', undefined, 7],
    ['ArrowUp', 100, 7],
    ['End', undefined, 1],
    ['a', 3, undefined],
  ])('%s from %s leads to %s', (key, from, to) => {
    expect(moved(rows, from, key, 2)).toBe(to);
  });

  test('lead nowhere in an empty table', () => {
    expect(moved(new Uint32Array(), 3, 'ArrowDown', 2)).toBeUndefined();
  });
});

describe('columns', () => {
  test('those one needs first are shown, every one can be', async () => {
    const model = new TableModel(signal<AnyScanResult>((await keepScan(WINDOWS_CARD)).result));
    const names = () => model.shownColumns.value.map(({ name }) => name);
    expect(names()).toEqual(['id', 'x', 'y', 'n', 'bkg', 'bkg_err', 'p0', 'z', 'limit_obs', 'limit_exp_0', 'status']);
    const column = (name: string) => model.columns.value.find((one) => one.name === name)!;
    model.toggleColumn(column('ln_p0'));
    model.toggleColumn(column('bkg_err'));
    expect(names()).toContain('ln_p0');
    expect(names()).not.toContain('bkg_err');
    model.toggleColumn(column('bkg_err'));
    expect(names()).toContain('bkg_err');
    expect(column('limit_obs')).toMatchObject({
      unit: 'fb',
      description: 'observed upper limit, bayes, 90 % credibility',
    });
    for (const { description } of model.columns.value) expect(description).not.toBe('');
  });

  test.each([
    ['windows', WINDOWS_CARD],
    ['fits', SPECTRUM_CARD],
  ])('no cell of %s says NaN or Infinity', async (_name, card) => {
    const { result } = await keepScan(card);
    for (const column of columnsOf(result)) {
      for (let row = 0; row < result.table.rowCount; row++) {
        expect(column.text(row), `${column.name} of ${row}`).toMatch(/^(?!.*(NaN|Infinity|undefined|null)).+$/);
      }
    }
  });

  test('a blind count is called so, and its worst limits are the expected ones', async () => {
    const { result } = await keepScan(WINDOWS_CARD.replace('x: [1.7, 2.1]', 'x: [0, 3]'));
    const cells = (name: string) => columnsOf(result).find((column) => column.name === name)!;
    expect([cells('n').text(0), cells('z').text(0), cells('limit_obs').text(0)]).toEqual(['blind', '-', '-']);
    const model = new TableModel(signal<AnyScanResult>(result));
    model.showExtreme('worst limits');
    expect(model.sorting.value.column).toBe('limit_exp_0');
    expect(model.shown.value.rows).toHaveLength(10);
    model.showExtreme('significant');
    expect(model.shown.value.rows).toHaveLength(0);
  });

  test('a click sorts by the largest first, a second one the other way; a preset brings its own order', () => {
    const result = syntheticScan({ step: 10 });
    const model = new TableModel(signal<AnyScanResult>(result));
    const column = (name: string) => model.columns.value.find((one) => one.name === name)!;
    model.sortBy(column('n'));
    expect(model.sorting.value).toEqual({ column: 'n', descending: true });
    model.sortBy(column('n'));
    expect(model.sorting.value).toEqual({ column: 'n', descending: false });
    model.showExtreme('worst limits');
    expect(model.sorting.value).toEqual({ column: 'limit_obs', descending: true });
    const limits = result.table.columns.find(({ name }) => name === 'limit_obs')!.values as Float64Array;
    const worst = [...limits].filter((limit) => !Number.isNaN(limit)).sort((a, b) => b - a);
    expect(Array.from(model.shown.value.rows, (row) => limits[row])).toEqual(worst.slice(0, 10));
  });

  test('what the next result has not is forgotten: a status, a column to sort by', () => {
    const result = signal<AnyScanResult>(syntheticScan({ step: 10, blind: [3, 6] }));
    const model = new TableModel(result);
    model.status.value = 'blind';
    const nBlind = model.shown.value.rows.length;
    expect(nBlind).toBeGreaterThan(0);
    model.sorting.value = { column: 'no_such_column', descending: true };
    result.value = syntheticScan({ step: 10 });
    expect(model.shown.value.rows).toHaveLength(result.value.table.rowCount);
  });
});
