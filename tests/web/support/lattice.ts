/** A table of windows on a lattice of points 1 apart, for tests of geometry. */
import type { ResultColumn, ResultTable } from '../../../src/model/result.ts';

export interface LatticeOptions {
  /** Half-axes. */
  readonly a?: number;
  readonly b?: number;
  readonly z?: (id: number) => number;
  readonly status?: (id: number) => string;
}

/** Window row * nX + column at (column, row), turned by an angle around the origin. */
export function lattice(nX: number, nY: number, phiDeg = 0, options: LatticeOptions = {}): ResultTable {
  const { a = 1, b = 1, z = (id) => id / 10, status = () => 'ok' } = options;
  const [c, s] = [Math.cos((phiDeg * Math.PI) / 180), Math.sin((phiDeg * Math.PI) / 180)];
  const ids = Array.from({ length: nX * nY }, (_, id) => id);
  const real = (name: string, of: (id: number) => number): ResultColumn => ({
    type: 'f64',
    name,
    values: Float64Array.from(ids, of),
    description: name,
  });
  return {
    rowCount: ids.length,
    columns: [
      real('x', (id) => (id % nX) * c - Math.floor(id / nX) * s),
      real('y', (id) => (id % nX) * s + Math.floor(id / nX) * c),
      real('a', () => a),
      real('b', () => b),
      real('phi_deg', () => phiDeg),
      {
        type: 'i32',
        name: 'n',
        values: Int32Array.from(ids, (id) => (status(id) === 'blind' ? -1 : id % 4)),
        description: 'n',
      },
      real('bkg', () => 1.5),
      real('ln_p0', (id) => (status(id) === 'ok' ? -Math.max(0, z(id)) : NaN)),
      real('z', (id) => (status(id) === 'ok' && z(id) > 0 ? z(id) : NaN)),
      { type: 'string', name: 'status', values: ids.map(status), description: 'status' },
    ],
  };
}

/** Intervals as a table of a scan of one mass. */
export function intervals(places: readonly (readonly [x: number, halfWidth: number])[]): ResultTable {
  const real = (name: string, of: (i: number) => number): ResultColumn => ({
    type: 'f64',
    name,
    values: Float64Array.from(places, (_, i) => of(i)),
    description: name,
  });
  return { rowCount: places.length, columns: [real('x', (i) => places[i][0]), real('a', (i) => places[i][1])] };
}
