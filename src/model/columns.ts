/** Numbers by column name, as every table reader hands them over; rows are parallel. */
import { DarkscanError } from '../errors.ts';

export interface Columns {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** Events to count in windows: y absent in 1D, weights absent for data. */
export interface Events {
  readonly x: Float64Array;
  readonly y?: Float64Array;
  readonly weight?: Float64Array;
}

/** Column by name; error (kind data) naming the columns there are. */
export function columnOf(table: Columns, name: string, where: string): Float64Array {
  const column = table.columns.get(name);
  if (column === undefined) {
    const names = [...table.columns.keys()].join(', ');
    throw new DarkscanError('data', `${where}: no column '${name}', the file has ${names}; correct the name`, {
      where,
    });
  }
  return column;
}
