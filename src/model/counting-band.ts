/** Events of a side band around every window: annulus, region, blind regions and condition, by the `exact` rule. */
import { ConditionPoints, isAllowed, type BandShape } from './band-shape.ts';
import type { Events } from './columns.ts';
import { annulusShapes } from './counting.ts';
import { quadraticForm } from './ellipse.ts';
import { makeEventGrid, visitRuns } from './event-grid.ts';
import type { WindowSet } from './windows.ts';

/** Events of a block. */
const WAITING = 4096;

/**
 * [windows.count] events with inner^2 < r <= outer^2, r the squared distance to the centre in units of the resolution
 * (of the half-axes where windows came from a table), that are allowed there and not inside the window itself.
 * Error (kind card) where the condition of the band has no value at an event.
 */
export function countBand(windows: WindowSet, events: Events, band: BandShape): Uint32Array {
  const { x: ex, y: ey, visit } = eventsNear(windows, allowedEvents(events, band), band.outer);
  const counts = new Uint32Array(windows.count);
  const hasCondition = band.condition !== undefined;
  // the region was asked already, event by event
  const points = new ConditionPoints({ ...band, regionCondition: undefined }, hasCondition ? WAITING : 0);
  const { x: px, y: py, x0, y0, held } = points;
  const windowOf = new Uint32Array(points.capacity);
  let waiting = 0;
  const flush = (): void => {
    for (let j = 0; j < waiting; j++) x0[j] = windows.x[windowOf[j]];
    for (let j = 0; j < waiting; j++) y0[j] = windows.y[windowOf[j]];
    points.evaluate(waiting);
    for (let j = 0; j < waiting; j++) counts[windowOf[j]] += held[j];
    waiting = 0;
  };
  const passed = new Uint32Array(ex.length);
  for (let i = 0; i < windows.count; i++) {
    const annulus = annulusOf(windows, i, band.inner, band.outer);
    visit(i, (from, to) => {
      const n = passAnnulus(ex, ey, from, to, annulus, passed);
      if (!hasCondition) counts[i] += n;
      for (let k = 0; hasCondition && k < n;) {
        const some = Math.min(n - k, WAITING - waiting);
        gather(ex, passed, k, some, px, waiting);
        gather(ey, passed, k, some, py, waiting);
        windowOf.fill(i, waiting, waiting + some);
        k += some;
        waiting += some;
        if (waiting === WAITING) flush();
      }
    });
  }
  flush();
  return counts;
}

interface Annulus {
  readonly cx: number;
  readonly cy: number;
  /** Forms of one standard deviation and of the window. */
  readonly r: readonly [number, number, number];
  readonly q: readonly [number, number, number];
  readonly low: number;
  readonly high: number;
}

function annulusOf(
  { x, y, rxx, rxy, ryy, qxx, qxy, qyy }: WindowSet,
  i: number,
  inner: number,
  outer: number,
): Annulus {
  const r = [rxx[i], rxy[i], ryy[i]] as const;
  return { cx: x[i], cy: y[i], r, q: [qxx[i], qxy[i], qyy[i]], low: inner * inner, high: outer * outer };
}

/**
 * Writes which of the events from <= j < to are in the annulus and not in the window; how many. A function of its own
 * with nothing captured: several times as fast as inside the closure that calls it.
 */
function passAnnulus(
  x: Float64Array,
  y: Float64Array,
  from: number,
  to: number,
  { cx, cy, r: [rxx, rxy, ryy], q: [qxx, qxy, qyy], low, high }: Annulus,
  passed: Uint32Array,
): number {
  // Beyond rounding, inner >= edge keeps the window out; at the edge the inside test itself decides.
  const clear = low * (1 + 1e-9);
  let n = 0;
  for (let j = from; j < to; j++) {
    const dx = x[j] - cx;
    const dy = y[j] - cy;
    const r = quadraticForm(rxx, rxy, ryy, dx, dy);
    if (!(r > low && r <= high)) continue;
    if (r <= clear && quadraticForm(qxx, qxy, qyy, dx, dy) <= 1) continue;
    passed[n++] = j;
  }
  return n;
}

/** to[at + k] = values[index[first + k]] for k < n. */
function gather(
  values: Float64Array,
  index: Uint32Array,
  first: number,
  n: number,
  to: Float64Array,
  at: number,
): void {
  for (let k = 0; k < n; k++) to[at + k] = values[index[first + k]];
}

function allowedEvents(events: Events, band: BandShape): Events {
  const keep: number[] = [];
  for (let j = 0; j < events.x.length; j++) if (isAllowed(band, events.x[j], events.y?.[j] ?? 0)) keep.push(j);
  const pick = (values: Float64Array) => Float64Array.from(keep, (j) => values[j]);
  return { x: pick(events.x), y: events.y && pick(events.y) };
}

/** Events of which `visit` names, for a window, runs that hold all within `outer`. */
function eventsNear(windows: WindowSet, events: Events, outer: number) {
  type Visit = (i: number, run: (from: number, to: number) => void) => void;
  if (outer === Infinity) {
    const finite = (j: number) => Number.isFinite(events.x[j]) && Number.isFinite(events.y?.[j] ?? 0);
    const x = events.x.filter((_, j) => finite(j));
    const y = events.y?.filter((_, j) => finite(j)) ?? new Float64Array(x.length);
    const visit: Visit = (_, run) => run(0, x.length);
    return { x, y, visit };
  }
  const shapes = annulusShapes(windows, outer);
  const grid = makeEventGrid(shapes, events);
  const visit: Visit = (i, run) => visitRuns(grid, shapes, i, run);
  return { x: grid.x, y: grid.y, visit };
}
