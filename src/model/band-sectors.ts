/**
 * What is known of a piece of a band before any ray is walked: bounds of the conditions over a box around the piece, and
 * the boxes of region and blind regions. What is said here holds everywhere in the piece (formula-bounds.ts), however
 * thin what a condition could cut off; only `open` pieces need points along rays.
 */
import type { Frame } from './band-rays.ts';
import type { Cut } from './band-shape.ts';
import { truth } from './formula-bounds.ts';

/**
 * empty: nothing is allowed; whole: everything is; boxed: the conditions hold, boxes may cut; open: the conditions must
 * be asked.
 */
export type Piece = 'empty' | 'whole' | 'boxed' | 'open';

/** [low, high] along x and along y. */
export type Box = readonly [readonly [number, number], readonly [number, number]];

/** Of the part of a cut inside a box, for the window centred at (x0, y0). */
export function pieceOf(cut: Cut, [x, y]: Box, x0: number, y0: number): Piece {
  const { is2D, region, blind, regionBounds, conditionBounds } = cut;
  const limits = region === undefined ? [] : is2D ? [region.x, region.y] : [region.x];
  const inside = [x, y].map((range, k) => (limits[k] === undefined ? range : overlap(range, limits[k])));
  const [inX, inY] = inside;
  if (inX[0] > inX[1] || inY[0] > inY[1]) return 'empty';
  const variables = is2D ? [inX, inY] : [inX];
  const centre = is2D ? [at(x0), at(y0)] : [at(x0)];
  const inRegion = regionBounds === undefined || truth(regionBounds(variables.map(bounded)));
  if (inRegion === false) return 'empty';
  const inBand = conditionBounds === undefined || truth(conditionBounds([...variables, ...centre].map(bounded)));
  if (inBand === false) return 'empty';
  if (!inRegion || !inBand) return 'open';
  const isCut = inX[0] > x[0] || inX[1] < x[1] || inY[0] > y[0] || inY[1] < y[1];
  const isUnbounded = x[0] === -Infinity || x[1] === Infinity;
  const meetsBlind = blind.some((b) => meets(b.x, x) && (!is2D || meets(b.y, y)));
  return isCut || isUnbounded || meetsBlind ? 'boxed' : 'whole';
}

/** outer, or the r beyond which nothing of the region is left. */
export function reachOf({ region, is2D }: Cut, x: number, y: number, [lxx, lyx, lyy]: Frame, outer: number): number {
  if (outer < Infinity || region === undefined) return outer;
  const corners = region.x.flatMap((px) => (is2D ? region.y : [y]).map((py) => [(px - x) / lxx, py - y] as const));
  return Math.max(...corners.map(([u, dy]) => Math.sqrt(u * u + ((dy - lyx * u) / lyy) ** 2)));
}

/** Around the ellipse (or interval) |L^-1 d| <= outer. */
export function boxAround(x: number, y: number, [lxx, lyx, lyy]: Frame, outer: number): Box {
  const [hx, hy] = [outer * lxx, outer * Math.sqrt(lyx * lyx + lyy * lyy)];
  return [
    [x - hx, x + hx],
    [y - hy, y + hy],
  ];
}

/**
 * Around inner <= r <= outer between two directions u = (cos, sin) less than half a turn apart: the box of the corners
 * and of the point where the tangents of the outer arc at its ends meet. outer is finite.
 */
export function boxOfSector(
  x: number,
  y: number,
  [lxx, lyx, lyy]: Frame,
  inner: number,
  outer: number,
  [c0, s0]: readonly [number, number],
  [c1, s1]: readonly [number, number],
): Box {
  const tangent = outer / (1 + c0 * c1 + s0 * s1);
  const cs = [inner * c0, inner * c1, outer * c0, outer * c1, tangent * (c0 + c1)];
  const ss = [inner * s0, inner * s1, outer * s0, outer * s1, tangent * (s0 + s1)];
  let [xLow, xHigh, yLow, yHigh] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 0; k < cs.length; k++) {
    const px = x + lxx * cs[k];
    const py = y + lyx * cs[k] + lyy * ss[k];
    xLow = Math.min(xLow, px);
    xHigh = Math.max(xHigh, px);
    yLow = Math.min(yLow, py);
    yHigh = Math.max(yHigh, py);
  }
  return [
    [xLow, xHigh],
    [yLow, yHigh],
  ];
}

type Range = readonly [number, number];

/** Infinite ends say nothing. */
function bounded([low, high]: Range): Range | undefined {
  return low > -Infinity && high < Infinity ? [low, high] : undefined;
}

function at(value: number): Range {
  return [value, value];
}

function overlap([a, b]: Range, [low, high]: Range): Range {
  return [Math.max(a, low), Math.min(b, high)];
}

function meets(range: readonly number[] | undefined, [low, high]: Range): boolean {
  return range === undefined || (high >= range[0] && low <= range[1]);
}
