/** Small and large result tables with every awkward value: nulls, -0, subnormals, quotes, several row groups. */
import type { ResultTable } from '../../src/model/result.ts';

/** A table of `rowCount` rows; deterministic. */
export function awkwardTable(rowCount = 7): ResultTable {
  const reals = [0, -0, 0.1, Number.MIN_VALUE, -1.7976931348623157e308, 1 / 3, 123456789012345680];
  const row = (i: number) => i % reals.length;
  return {
    rowCount,
    columns: [
      { name: 'id', type: 'i32', values: Int32Array.from({ length: rowCount }, (_, i) => i), description: 'window' },
      {
        name: 'x',
        type: 'f64',
        values: Float64Array.from({ length: rowCount }, (_, i) => reals[row(i)]!),
        unit: 'GeV',
        description: 'centre',
      },
      {
        name: 'z',
        type: 'f64',
        values: Float64Array.from({ length: rowCount }, (_, i) => (i % 3 === 1 ? NaN : Math.sqrt(i))),
        description: 'local significance',
      },
      {
        name: 'n',
        type: 'i32',
        values: Int32Array.from({ length: rowCount }, (_, i) => 2 ** 31 - 1 - i),
        description: 'events',
      },
      {
        name: 'status',
        type: 'string',
        values: Array.from({ length: rowCount }, (_, i) => ['ok', 'a,b', 'say "no"', 'σ\n2'][i % 4]!),
        description: 'status',
      },
    ],
  };
}
