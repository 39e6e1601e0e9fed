/** The profile likelihood of one hypothesis in units of the POI. */
import type { ProfileCurve } from './profile-curve.ts';

export interface PoiLikelihood {
  /** POI^, at least 0. */
  readonly best: number;
  /** -ln L there less that of the best fit with POI < 0 allowed. */
  readonly lowest: number;
  /** A distance in POI over which -ln L changes by about 1/2. */
  readonly scale: number;
  /** -ln L less its lowest value for POI >= 0; undefined where a fit does not converge. */
  lossAt(poi: number): number | undefined;
}

/** @param sensitivity signal events per unit of the POI, > 0 */
export function exactYield(curve: ProfileCurve, sensitivity: number): PoiLikelihood | undefined {
  const best = Math.max(0, curve.best.signal);
  const lowest = curve.at(best);
  if (lowest === undefined) return undefined;
  const scale = distance(lowest.slope, lowest.curvature);
  return {
    best: best / sensitivity,
    lowest: lowest.value,
    scale: scale / sensitivity,
    lossAt(poi) {
      const loss = curve.at(poi * sensitivity);
      return loss && Math.max(0, loss.value - lowest.value);
    },
  };
}

/** h with slope h + curvature h^2/2 = 1/2. */
function distance(slope: number, curvature: number): number {
  const [rise, bend] = [Math.max(0, slope), Math.max(0, curvature)];
  const sum = rise + Math.sqrt(rise * rise + bend);
  return sum > 0 ? 1 / sum : 1;
}

/** sqrt(q~_mu) of arXiv:1007.1727, Eq. 16: 0 for POI up to POI^. */
export function rootOfQ(likelihood: PoiLikelihood, poi: number): number | undefined {
  if (poi <= likelihood.best) return 0;
  const loss = likelihood.lossAt(poi);
  return loss === undefined ? undefined : Math.sqrt(2 * loss);
}
