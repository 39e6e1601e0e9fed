/**
 * Events sorted into the cells of a grid over all windows, so that a window looks only at events near it. The grid
 * decides nothing: whether an event is inside is decided by quadraticForm alone; the grid offers a superset.
 */
import type { Events } from './columns.ts';

/** Forms of many ellipses (or intervals): inside is quadraticForm(xx, xy, yy, dx, dy) <= limit. */
export interface Shapes {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: Float64Array;
  readonly limit: number;
  readonly is2D: boolean;
}

export interface EventGrid {
  /** [n] coordinates of the events that can be in a window, sorted by cell (row by row); n <= events. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** [n] where the event stands in the input. */
  readonly order: Uint32Array;
  /** [nx * ny + 1] first event of each cell. */
  readonly start: Uint32Array;
  readonly nx: number;
  readonly ny: number;
  readonly x0: number;
  readonly y0: number;
  /** Cells per unit. */
  readonly perX: number;
  readonly perY: number;
}

const MAX_CELLS_PER_SIDE = 2048;
/** Cells per mean half-extent of a window. */
const CELLS_PER_HALF_WIDTH = 3;
/** Widens every search: far above rounding, far below anything that costs time. */
const MARGIN = 1e-9;

/** Half-extents of an ellipse along x and y: square roots of the diagonal of the inverse form. */
function halfExtents(shapes: Shapes, i: number): readonly [number, number] {
  if (!shapes.is2D) return [Math.sqrt(shapes.limit / shapes.xx[i]) * (1 + MARGIN), 0];
  const det = shapes.xx[i] * shapes.yy[i] - shapes.xy[i] * shapes.xy[i];
  // The determinant cancels for needles; its relative error is the machine epsilon times xx yy / det.
  const margin = 1 + MARGIN + (1e-15 * shapes.xx[i] * shapes.yy[i]) / det;
  const scale = Math.sqrt(shapes.limit / det) * margin;
  return [scale * Math.sqrt(shapes.yy[i]), scale * Math.sqrt(shapes.xx[i])];
}

/** Events that are NaN, or outside the box around all shapes, are in no window and are left out. */
export function makeEventGrid(shapes: Shapes, events: Events): EventGrid {
  const box = boxAround(shapes);
  const nx = cells(box.x1 - box.x0, box.meanX);
  const ny = cells(box.y1 - box.y0, box.meanY);
  const perX = box.x1 > box.x0 ? nx / (box.x1 - box.x0) : 0;
  const perY = box.y1 > box.y0 ? ny / (box.y1 - box.y0) : 0;
  const total = events.x.length;
  const cellOf = new Int32Array(total);
  const start = new Uint32Array(nx * ny + 1);
  for (let j = 0; j < total; j++) {
    const x = events.x[j];
    const y = events.y === undefined ? 0 : events.y[j];
    if (!(x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1)) {
      cellOf[j] = -1;
      continue;
    }
    const cell =
      Math.min(ny - 1, Math.floor((y - box.y0) * perY)) * nx + Math.min(nx - 1, Math.floor((x - box.x0) * perX));
    cellOf[j] = cell;
    start[cell + 1]++;
  }
  for (let cell = 0; cell < nx * ny; cell++) start[cell + 1] += start[cell];
  const used = start[nx * ny];
  const grid = { x: new Float64Array(used), y: new Float64Array(used), order: new Uint32Array(used) };
  const next = start.slice(0, nx * ny);
  for (let j = 0; j < total; j++) {
    if (cellOf[j] < 0) continue;
    const at = next[cellOf[j]]++;
    grid.x[at] = events.x[j];
    grid.y[at] = events.y === undefined ? 0 : events.y[j];
    grid.order[at] = j;
  }
  return { ...grid, start, nx, ny, x0: box.x0, y0: box.y0, perX, perY };
}

/**
 * Runs of consecutive events (from <= j < to) that together hold every event of shape i: in each row of cells those
 * under the widest chord of the ellipse there.
 */
export function visitRuns(grid: EventGrid, shapes: Shapes, i: number, visit: (from: number, to: number) => void): void {
  const [hx, hy] = halfExtents(shapes, i);
  const { nx, ny, x0, y0, perX, perY, start } = grid;
  const cx = shapes.x[i] - x0;
  const cy = shapes.y[i] - y0;
  const rowFrom = cellAt((cy - hy) * perY, ny);
  const rowTo = cellAt((cy + hy) * perY, ny);
  if (rowFrom === rowTo) {
    visit(start[rowFrom * nx + cellAt((cx - hx) * perX, nx)], start[rowFrom * nx + cellAt((cx + hx) * perX, nx) + 1]);
    return;
  }
  const xx = shapes.xx[i];
  const xy = shapes.xy[i];
  const det = xx * shapes.yy[i] - xy * xy;
  const top = xx * shapes.limit;
  // The rightmost point of the ellipse is at dy = tilt, the leftmost at -tilt; chords are widest there.
  const tilt = (-xy / shapes.yy[i]) * hx;
  for (let row = rowFrom; row <= rowTo; row++) {
    const low = Math.max(-hy, row / perY - cy - MARGIN * hy);
    const high = Math.min(hy, (row + 1) / perY - cy + MARGIN * hy);
    const halfLow = Math.sqrt(Math.max(0, top - det * low * low));
    const halfHigh = Math.sqrt(Math.max(0, top - det * high * high));
    const right = low <= tilt && tilt <= high ? hx : Math.max(halfLow - xy * low, halfHigh - xy * high) / xx;
    const left = low <= -tilt && -tilt <= high ? -hx : Math.min(-halfLow - xy * low, -halfHigh - xy * high) / xx;
    // Near the ends of a chord a root loses half of its digits: one more cell than MARGIN asks for.
    const from = Math.max(0, cellAt((cx + left) * perX, nx) - 1);
    const to = Math.min(nx - 1, cellAt((cx + right) * perX, nx) + 1);
    visit(start[row * nx + from], start[row * nx + to + 1]);
  }
}

/** Cell of a position in units of cells, clamped to the grid. */
function cellAt(position: number, n: number): number {
  return position <= 0 ? 0 : position >= n ? n - 1 : Math.floor(position);
}

function boxAround(shapes: Shapes) {
  const box = { x0: Infinity, x1: -Infinity, y0: Infinity, y1: -Infinity, meanX: 0, meanY: 0 };
  for (let i = 0; i < shapes.count; i++) {
    const [hx, hy] = halfExtents(shapes, i);
    box.x0 = Math.min(box.x0, shapes.x[i] - hx);
    box.x1 = Math.max(box.x1, shapes.x[i] + hx);
    box.y0 = Math.min(box.y0, shapes.y[i] - hy);
    box.y1 = Math.max(box.y1, shapes.y[i] + hy);
    box.meanX += hx / shapes.count;
    box.meanY += hy / shapes.count;
  }
  return box;
}

function cells(extent: number, meanHalfWidth: number): number {
  if (!(extent > 0)) return 1;
  return Math.max(1, Math.min(MAX_CELLS_PER_SIDE, Math.ceil((CELLS_PER_HALF_WIDTH * extent) / meanHalfWidth)));
}
