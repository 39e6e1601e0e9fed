/**
 * Windows of a scan: ellipses of the plane or intervals of a line, from a lattice or a table, as flat parallel arrays.
 * Code after counting never looks at them.
 */
import { DarkscanError } from '../errors.ts';
import type { Card, WindowTable } from './card.ts';
import { columnOf, type Columns } from './columns.ts';
import { covarianceFromAxes, interval, invert, principalAxes, type Symmetric } from './ellipse.ts';
import type { Scope } from './expression.ts';
import { latticeCentres, MAX_WINDOWS, tooMany } from './lattice.ts';
import { makeRegion } from './region.ts';
import { makeResolution } from './resolution.ts';

export interface WindowSet {
  readonly kind: 'ellipses' | 'intervals';
  readonly count: number;
  /** [count] centres, in the units of the two columns; y is 0 in 1D. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** [count] principal half-axes and the angle of a from +x in degrees; in 1D a is the half-width, b and phi are 0. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly phiDeg: Float64Array;
  /** [count] inside: qxx dx^2 + 2 qxy dx dy + qyy dy^2 <= 1 (ellipse.ts quadraticForm); in 1D only qxx is not 0. */
  readonly qxx: Float64Array;
  readonly qxy: Float64Array;
  readonly qyy: Float64Array;
  /** [count] the same form for ONE standard deviation of the resolution; for tables that is the window itself. */
  readonly rxx: Float64Array;
  readonly rxy: Float64Array;
  readonly ryy: Float64Array;
  /** False for tables: distances are then in half-axes, not in units of a resolution. */
  readonly hasResolution: boolean;
}

/** Needles thinner than this lose the inside test to rounding. */
const MAX_AXIS_RATIO = 1e6;

/**
 * The windows of a card.
 * @param table the file of `windows.table`, when the card has one
 * Errors: kind card (bad resolution, with the point; no window inside the region), resource (more than MAX_WINDOWS),
 * data (bad row of a table).
 */
export function makeWindows(card: Card, scope: Scope, table?: Columns): WindowSet {
  const is2D = card.y !== undefined;
  if ('table' in card.windows) {
    if (table === undefined) throw new DarkscanError('internal', 'windows: the table of the card was not read');
    return windowsFromTable(card.windows.table, is2D, table);
  }
  const region = makeRegion(card.windows.region, is2D, scope, 'windows.region');
  const resolution = makeResolution(card.windows, is2D, scope);
  const centres = latticeCentres(region, resolution, card.windows.step);
  const windows = emptyWindows(is2D ? 'ellipses' : 'intervals', centres.x.length, true);
  for (let i = 0; i < windows.count; i++) {
    const at = resolution.at(centres.x[i], centres.y[i]);
    setWindow(windows, i, centres.x[i], centres.y[i], at.window, at.sigma);
  }
  return windows;
}

function windowsFromTable(spec: WindowTable, is2D: boolean, table: Columns): WindowSet {
  const names = spec.columns;
  if (is2D !== 'a' in names) {
    const wanted = is2D ? 'x, y, a, b, phi_deg' : 'x, half_width';
    const where = 'windows.table.columns';
    throw new DarkscanError('card', `card: ${where} does not fit the axes, expected ${wanted}; correct it`, { where });
  }
  if (table.rowCount > MAX_WINDOWS) throw tooMany(table.rowCount);
  if (table.rowCount === 0) throw new DarkscanError('data', `${spec.file}: no rows, expected one per window`);
  const column = (name: string) => columnOf(table, name, spec.file);
  const windows = emptyWindows(is2D ? 'ellipses' : 'intervals', table.rowCount, false);
  const [xs, as] = [column(names.x), column('a' in names ? names.a : names.half_width)];
  const [ys, bs, phis] = 'a' in names ? [column(names.y), column(names.b), column(names.phi_deg)] : [];
  for (let i = 0; i < windows.count; i++) {
    const [a, b, phi] = [as[i], bs?.[i] ?? 0, phis?.[i] ?? 0];
    const good = Number.isFinite(xs[i]) && (ys === undefined || Number.isFinite(ys[i])) && Number.isFinite(phi);
    const ratio = is2D ? Math.max(a / b, b / a) : 1;
    if (!good || !(a > 0 && a < Infinity) || (is2D && !(b > 0 && b < Infinity)) || !(ratio <= MAX_AXIS_RATIO)) {
      const found = is2D ? `x ${xs[i]}, y ${ys?.[i]}, a ${a}, b ${b}, phi_deg ${phi}` : `x ${xs[i]}, half_width ${a}`;
      const allowed = 'finite numbers, half-axes above 0 and within a factor 1e6 of each other';
      throw new DarkscanError('data', `${spec.file}: window ${i} has ${found}, expected ${allowed}; correct the row`);
    }
    const v = is2D ? covarianceFromAxes(a, b, phi) : interval(a);
    setWindow(windows, i, xs[i], ys?.[i] ?? 0, v, v);
    windows.a[i] = a;
    windows.b[i] = b;
    windows.phiDeg[i] = phi;
  }
  return windows;
}

function emptyWindows(kind: WindowSet['kind'], count: number, hasResolution: boolean): WindowSet {
  const make = () => new Float64Array(count);
  const [x, y, a, b, phiDeg] = [make(), make(), make(), make(), make()];
  const [qxx, qxy, qyy, rxx, rxy, ryy] = [make(), make(), make(), make(), make(), make()];
  return { kind, count, x, y, a, b, phiDeg, qxx, qxy, qyy, rxx, rxy, ryy, hasResolution };
}

function setWindow(windows: WindowSet, i: number, x: number, y: number, window: Symmetric, sigma: Symmetric): void {
  windows.x[i] = x;
  windows.y[i] = y;
  if (windows.kind === 'intervals') {
    windows.a[i] = Math.sqrt(window.xx);
    windows.qxx[i] = 1 / window.xx;
    windows.rxx[i] = 1 / sigma.xx;
    return;
  }
  const axes = principalAxes(window);
  [windows.a[i], windows.b[i], windows.phiDeg[i]] = [axes.a, axes.b, axes.phiDeg];
  const q = invert(window);
  [windows.qxx[i], windows.qxy[i], windows.qyy[i]] = [q.xx, q.xy, q.yy];
  const r = invert(sigma);
  [windows.rxx[i], windows.rxy[i], windows.ryy[i]] = [r.xx, r.xy, r.yy];
}
