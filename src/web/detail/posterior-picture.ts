/** The posterior of a window as lines in the units of an SVG picture; knows no elements. */
import type { PosteriorCurve } from '../../scan/posterior-curve.ts';
import { labelText } from '../../report/svg/label.ts';
import { linearScale } from '../../report/svg/scale.ts';

export const PICTURE = { width: 360, height: 138, left: 8, right: 352, top: 8, bottom: 104 } as const;

export interface PosteriorPicture {
  /** Paths: the density, and the area under it up to the limit (empty without one). */
  readonly line: string;
  readonly area: string;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  readonly minorTicks: readonly number[];
  /** Positions of the limits; absent where there is none. */
  readonly observed?: number;
  readonly expected?: number;
}

/** @param limits observed and median expected, of the first Bayesian limit or of the first one */
export function posteriorPicture(
  { poi, density }: PosteriorCurve,
  { observed, expected }: { readonly observed?: number; readonly expected?: number },
): PosteriorPicture {
  const { left, right, top, bottom } = PICTURE;
  const last = Math.max(poi.at(-1)!, 1.05 * (observed ?? 0), 1.05 * (expected ?? 0));
  const x = linearScale([0, last], [left, right], 5);
  const y = linearScale([0, Math.max(...density)], [bottom, top]);
  const place = (u: number, value: number): string => `${x.position(u).toFixed(2)},${y.position(value).toFixed(2)}`;
  const inside = observed === undefined ? [] : poi.map((_, i) => i).filter((i) => poi[i] <= observed);
  const edge =
    observed === undefined || inside.length === 0 ? [] : [place(observed, densityAt(poi, density, observed))];
  const corners = [...inside.map((i) => place(poi[i], density[i])), ...edge];
  const base = `${x.position(observed ?? 0).toFixed(2)},${bottom}`;
  return {
    line: `M${poi.map((u, i) => place(u, density[i])).join('L')}`,
    area: corners.length === 0 ? '' : `M${left},${bottom}L${corners.join('L')}L${base}Z`,
    ticks: x.major.map(({ value, label }) => ({ x: x.position(value), label: labelText(label) })),
    minorTicks: x.minor.map((value) => x.position(value)),
    ...(observed === undefined ? {} : { observed: x.position(observed) }),
    ...(expected === undefined ? {} : { expected: x.position(expected) }),
  };
}

/** Between two points by a straight line; 0 beyond the last one. */
function densityAt(poi: readonly number[], density: readonly number[], at: number): number {
  const i = poi.findIndex((u) => u >= at);
  if (i <= 0) return i === 0 ? density[0] : 0;
  return density[i - 1] + ((density[i] - density[i - 1]) * (at - poi[i - 1])) / (poi[i] - poi[i - 1]);
}
