/**
 * Lattice of window centres. With V = L L^T the signal at (x, y) is round in u = L^-1 d, and the lattice is a square one
 * of spacing `step` in u: columns `step * sigma_x` apart and, because what remains of y at given x is
 * sigma_y sqrt(1 - rho^2), windows `step * sigma_y * sqrt(1 - rho^2)` apart inside a column. The cells are sheared
 * along the regression line of y on x like the ellipses, so every point between two columns is at most step/sqrt(2)
 * from a centre whatever the phase of the columns; only at the edges of the region, where centres outside are left out,
 * it can be more (coverage.ts reports it).
 *
 * Columns start at the low edge of the region, each column at the low end of each stretch that is inside. Windows are
 * numbered column by column, x then y ascending. Only + - * / sqrt and portable functions: same centres everywhere.
 */
import { DarkscanError } from '../errors.ts';
import type { Region } from './region.ts';
import type { Resolution, ResolutionAt } from './resolution.ts';

/** Points of a column where the condition of the region is tried; a stretch shorter than 1/256 of it can be missed. */
const PROBES = 256;
/** Points of a column where the resolution in x is tried; the smallest one sets the step to the next column. */
const STEP_PROBES = 16;
/** Grid of the estimate that refuses huge lattices at once. */
const ESTIMATE_GRID = 48;

/** Columns cost a search of the region each, so a plane of very many of them is refused as well. */
const MAX_COLUMNS = 100_000;
/** Above this many windows a scan is refused before anything is allocated. */
export const MAX_WINDOWS = 5_000_000;

export interface Centres {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export function latticeCentres(region: Region, resolution: Resolution, step: number, limit = MAX_WINDOWS): Centres {
  const estimate = estimateCount(region, resolution, step);
  if (!(estimate <= 1.5 * limit)) throw tooMany(estimate);
  const x: number[] = [];
  const y: number[] = [];
  let visits = 0;
  const [low, high] = region.x;
  const blank = (high - low) / 2048;
  for (let column = low; column <= high;) {
    const stretches = resolution.is2D ? insideStretches(region, column) : inside1D(region, column);
    for (const [from, to] of stretches) {
      for (let row = from; row <= to;) {
        const at = resolution.at(column, row);
        if (region.contains(column, row)) {
          x.push(column);
          y.push(row);
        }
        if (!resolution.is2D) break;
        row = advance(row, step * Math.sqrt(at.sigma.det / at.sigma.xx));
        if (++visits > 2 * limit || x.length > limit) throw tooMany(Math.max(estimate, x.length));
      }
    }
    if (resolution.is2D) visits += (2 * limit) / MAX_COLUMNS;
    const width = columnStep(resolution, column, stretches);
    column = advance(column, width === undefined ? blank : step * width);
    if (++visits > 2 * limit || x.length > limit) throw tooMany(Math.max(estimate, x.length));
  }
  if (x.length === 0) {
    const message = 'card: windows.region holds no window centre, expected at least one; check its ranges and `where`';
    throw new DarkscanError('card', message, { where: 'windows.region' });
  }
  return { x, y };
}

/** Integral of 1 / (area of a cell) over the region: the number of windows to a few percent. */
function estimateCount(region: Region, resolution: Resolution, step: number): number {
  const rows = resolution.is2D ? ESTIMATE_GRID : 1;
  const dx = (region.x[1] - region.x[0]) / ESTIMATE_GRID;
  const dy = resolution.is2D ? (region.y[1] - region.y[0]) / rows : 1;
  let sum = 0;
  for (let i = 0; i < ESTIMATE_GRID; i++) {
    for (let j = 0; j < rows; j++) {
      const x = region.x[0] + (i + 0.5) * dx;
      const y = resolution.is2D ? region.y[0] + (j + 0.5) * dy : 0;
      if (!region.contains(x, y)) continue;
      const { sigma } = resolution.at(x, y);
      sum += resolution.is2D ? (dx * dy) / (step * step * Math.sqrt(sigma.det)) : dx / (step * Math.sqrt(sigma.xx));
    }
  }
  return sum;
}

/** A step that does not move the number at all would never end: the lattice is endless. */
function advance(from: number, by: number): number {
  const to = from + by;
  if (!(to > from)) throw tooMany(Infinity);
  return to;
}

/** Smallest resolution in x along a column, undefined when the column is outside the region. */
function columnStep(resolution: Resolution, x: number, stretches: readonly (readonly [number, number])[]) {
  let smallest: number | undefined;
  for (const [from, to] of stretches) {
    for (let j = 0; j <= STEP_PROBES; j++) {
      const at: ResolutionAt = resolution.at(x, from + ((to - from) * j) / STEP_PROBES);
      const sigma = Math.sqrt(at.sigma.xx);
      if (smallest === undefined || sigma < smallest) smallest = sigma;
      if (from === to) break;
    }
  }
  return smallest;
}

function inside1D(region: Region, x: number): readonly (readonly [number, number])[] {
  return region.contains(x, 0) ? [[0, 0]] : [];
}

/** Stretches of a column inside the region, their ends found by bisection and lying inside. */
function insideStretches(region: Region, x: number): readonly (readonly [number, number])[] {
  const [low, high] = region.y;
  if (!region.hasCondition) return [[low, high]];
  const stretches: [number, number][] = [];
  let start: number | undefined;
  let before = low;
  for (let j = 0; j <= PROBES; j++) {
    const y = j === PROBES ? high : low + ((high - low) * j) / PROBES;
    const inside = region.contains(x, y);
    if (inside && start === undefined) start = j === 0 ? low : edge(region, x, y, before);
    if (!inside && start !== undefined) {
      stretches.push([start, edge(region, x, before, y)]);
      start = undefined;
    }
    before = y;
  }
  if (start !== undefined) stretches.push([start, high]);
  return stretches;
}

/** Last point inside on the way from a point inside to one outside. */
function edge(region: Region, x: number, inside: number, outside: number): number {
  for (let i = 0; i < 60; i++) {
    const middle = (inside + outside) / 2;
    if (middle === inside || middle === outside) break;
    if (region.contains(x, middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** Refusal of a scan with too many windows. */
export function tooMany(count: number): DarkscanError {
  const found = count < 1e15 ? `${Math.round(count)} windows` : 'an endless number of windows';
  const message = `card: windows: ${found}, at most ${MAX_WINDOWS} are allowed; take a larger step or a smaller region`;
  return new DarkscanError('resource', message, { where: 'windows' });
}
