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
  const flush = (n: number): void => {
    for (let j = 0; j < n; j++) x0[j] = windows.x[windowOf[j]];
    for (let j = 0; j < n; j++) y0[j] = windows.y[windowOf[j]];
    points.evaluate(n);
    for (let j = 0; j < n; j++) counts[windowOf[j]] += held[j];
  };
  const [low, high] = [band.inner * band.inner, band.outer * band.outer];
  // Beyond rounding, inner >= edge keeps the window out; at the edge the inside test itself decides.
  const clear = low * (1 + 1e-9);
  for (let i = 0; i < windows.count; i++) {
    const [cx, cy, rxx, rxy, ryy] = [windows.x[i], windows.y[i], windows.rxx[i], windows.rxy[i], windows.ryy[i]];
    const [qxx, qxy, qyy] = [windows.qxx[i], windows.qxy[i], windows.qyy[i]];
    visit(i, (from, to) => {
      let n = 0;
      let last = waiting;
      for (let j = from; j < to; j++) {
        const dx = ex[j] - cx;
        const dy = ey[j] - cy;
        const r = quadraticForm(rxx, rxy, ryy, dx, dy);
        if (!(r > low && r <= high)) continue;
        if (r <= clear && quadraticForm(qxx, qxy, qyy, dx, dy) <= 1) continue;
        if (!hasCondition) {
          n++;
          continue;
        }
        px[last] = ex[j];
        py[last] = ey[j];
        windowOf[last++] = i;
        if (last < WAITING) continue;
        flush(last);
        last = 0;
      }
      counts[i] += n;
      waiting = last;
    });
  }
  flush(waiting);
  return counts;
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
