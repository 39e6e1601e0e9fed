/**
 * One unbinned fit as rows: -ln L = sum_k theta_k A_k - sum_e ln(sum_k theta_k f_k(x_e)), A_k the integral of f_k over the
 * range. An event is a row with n = 1 and the densities f_k(x_e); the sums of the columns are the A_k; rows with n = 0 at
 * points of a grid keep the density from becoming negative between events. The unit of a density is a constant of ln L.
 *
 * A background with a linear logarithm is integrated by the fit itself: rows with n = 0 are then panels of the grid with
 * their integrals, and densities of events have so small a unit that they add nothing to the sum over all rows.
 */
import { countParams, fitColumns, isLogBackground, type Background, type FitModel } from './fit-model.ts';
import { problemOf } from './fit-plan.ts';
import type { Hypothesis } from './hypotheses.ts';
import { logNodes } from './log-backgrounds.ts';
import { SETTINGS, type OnePlan, type PlanStatus } from './plan-layout.ts';
import type { Interval } from './ranges.ts';

/** Distance of grid points in sigmas; no more than about MOST_POINTS in a range. */
const SPACING = 1 / 8;
const MOST_POINTS = 2000;
/** nu of a flat density at an event (beside panels), and at a grid point: there it pulls at no least squares start. */
const UNIT = { event: 1, eventBesidePanels: 1e-10, point: 1e-3 } as const;
const NONE = new Float64Array(0);

/**
 * @param events ascending
 * @param intervals of the range, ascending
 */
export function unbinnedPlan(
  events: Float64Array,
  intervals: readonly Interval[],
  hypothesis: Hypothesis,
  background: Background,
  model: FitModel,
): OnePlan {
  const [nCoefficients, nParams] = countParams(background, model);
  const isLog = isLogBackground(background);
  const nLog = isLog ? nCoefficients : 0;
  const own = Uint32Array.from(events.keys()).filter((e) => isInside(events[e], intervals));
  const [low, high] = [intervals[0]?.[0] ?? hypothesis.mass, intervals.at(-1)?.[1] ?? hypothesis.mass];
  const range = { bins: own, low, high, status: own.length > 0 ? 'ok' : 'empty-range' } as const;
  const unfit = (status: PlanStatus): OnePlan => {
    const settings = Array.from({ length: SETTINGS }, () => new Float64Array(nParams));
    return { nParams, nLog, range, bins: own, status, design: NONE, nodes: NONE, settings };
  };
  if (intervals.length === 0) return unfit('signal-outside');
  if (own.length === 0) return unfit('empty-range');

  const width = intervals.reduce((sum, [from, to]) => sum + to - from, 0);
  const grid = intervals.map((interval) => gridOf(interval, hypothesis, width));
  const panels = isLog ? grid.flatMap((points) => points.slice(1).map((to, i): Interval => [points[i], to])) : [];
  const points = isLog ? [] : grid.flat();
  const at = Float64Array.from(own, (e) => events[e]);
  const [lows, highs] = [0, 1].map((end) => Float64Array.from(panels, (panel) => panel[end]));
  const nodes = isLog ? logNodes(background, lows, highs, at, UNIT.eventBesidePanels / own.length) : NONE;
  if (nodes === undefined) return unfit('outside-domain');

  const { integrals, densities, settings } = fitColumns(background, model, hypothesis, [low, high]);
  const nEmpty = panels.length + points.length;
  const nRows = nEmpty + own.length;
  const design = new Float64Array(nParams * nRows);
  const row = new Float64Array(nParams);
  const put = (i: number, unit: number) => row.forEach((value, k) => (design[k * nRows + i] = unit * value));
  const putDensities = (i: number, x: number, unit: number) => {
    densities(row, x);
    put(i, (unit * width) / own.length);
  };
  panels.forEach(([from, to], i) => {
    integrals(row, from, to);
    put(i, 1);
  });
  points.forEach((x, i) => putDensities(i, x, UNIT.point));
  at.forEach((x, i) => putDensities(nEmpty + i, x, isLog ? UNIT.eventBesidePanels : UNIT.event));
  for (const [from, to] of intervals) {
    integrals(row, from, to);
    row.forEach((value, k) => (settings[0][k] += value));
  }
  const bins = new Uint32Array(nRows).fill(events.length);
  bins.set(own, nEmpty);
  const status = problemOf(design, nRows, nEmpty, nLog, settings);
  return { nParams, nLog, range, bins, status, design, nodes, settings };
}

function isInside(x: number, intervals: readonly Interval[]): boolean {
  return intervals.some(([from, to]) => x >= from && x <= to);
}

/** The ends of an interval, and mass + j SPACING sigma between them. */
function gridOf([from, to]: Interval, { mass, sigma }: Hypothesis, width: number): number[] {
  const step = Math.max(SPACING * sigma, width / MOST_POINTS);
  const first = Math.ceil((from - mass) / step);
  const last = Math.floor((to - mass) / step);
  const inner = Array.from({ length: Math.max(0, last - first + 1) }, (_, j) => mass + (first + j) * step);
  return [from, ...inner.filter((x) => x > from && x < to), to];
}
