import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { formatReal, tableToCsv } from '../../../src/io/result-csv.ts';
import { tableToJson, tableToJsonColumns, toJsonText } from '../../../src/io/result-json.ts';
import { awkwardTable } from '../../support/result-table.ts';

describe('CSV of a result', () => {
  const table = awkwardTable();
  const rows = Papa.parse<string[]>(tableToCsv(table).trimEnd(), { newline: '\n' }).data;

  it('has the column names of the table and one line per window', () => {
    expect(rows[0]).toEqual(table.columns.map((column) => column.name));
    expect(rows).toHaveLength(table.rowCount + 1);
  });

  it('gives back every double, null as an empty field and quoted text', () => {
    for (const [c, column] of table.columns.entries())
      for (let row = 0; row < table.rowCount; row++) {
        const text = rows[row + 1]![c]!;
        if (column.type === 'string') expect(text).toBe(column.values[row]);
        else if (Number.isNaN(column.values[row])) expect(text).toBe('');
        else expect(Object.is(Number(text), column.values[row])).toBe(true);
      }
  });

  it.each([
    [0.1, '0.10000000000000001'],
    [0.5, '0.5'],
    [100, '100'],
    [1e300, '1.0000000000000001e+300'],
    [-0, '-0'],
    [2.5e-8, '2.4999999999999999e-8'],
    [3e-20, '3.0000000000000003e-20'],
    [NaN, ''],
  ])('writes %d with 17 significant digits', (value, text) => expect(formatReal(value)).toBe(text));
});

describe('JSON of a result', () => {
  it('has the same names and values by rows and by columns, null for null', () => {
    const table = awkwardTable();
    const rows = JSON.parse(tableToJson(table, 'rows')) as Record<string, unknown>[];
    const columns = JSON.parse(tableToJson(table, 'columns')) as Record<string, unknown[]>;
    expect(Object.keys(rows[0]!)).toEqual(table.columns.map((column) => column.name));
    expect(columns).toEqual(
      Object.fromEntries(
        Object.entries(tableToJsonColumns(table)).map(([k, v]) => [k, v.map((x) => (x === 0 ? 0 : x))]),
      ),
    );
    expect(rows.map((row) => row.z)).toEqual(columns.z);
    expect(columns.z![1]).toBeNull();
  });

  it('refuses a number JSON cannot hold, with its path', () => {
    expect(() => toJsonText({ best: [{ z: NaN }] })).toThrow(
      'json: $.best.0.z is NaN, expected a finite number or null',
    );
  });
});
