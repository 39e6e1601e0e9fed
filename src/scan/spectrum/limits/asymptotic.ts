/** Upper limits from profile likelihoods with the asymptotic formulae of arXiv:1007.1727 (CCGV). */
import { lnNormalTail, zFromLnP } from '../../../stats/normal.ts';
import { log, log1p } from '../../../stats/portable.ts';
import { rootOfQ, type PoiLikelihood } from './poi-likelihood.ts';
import { crossing } from './root.ts';

/** Farther than this many distances over which -ln L changes there is no limit. */
const FARTHEST = 1e7;

/** The POI where 2 [ln L(POI^) - ln L(POI)] = z^2, POI^ >= 0; undefined where there is none. */
export function limitAtRoot(likelihood: PoiLikelihood, z: number): number | undefined {
  const { best, scale } = likelihood;
  const excess = (poi: number) => {
    const root = rootOfQ(likelihood, poi);
    return root === undefined ? undefined : root - z;
  };
  return crossing(excess, best, best + z * scale, best + FARTHEST * scale);
}

/** One-sided limit at a confidence level: P(X > z) = 1 - level. */
export function profileLimit(likelihood: PoiLikelihood, level: number): number | undefined {
  return limitAtRoot(likelihood, Math.max(0, zFromLnP(log1p(-level))));
}

/**
 * ln CLs of the POI whose q~ is observed as r^2 and is a^2 in the Asimov spectrum of the background (Eqs. 64 to 67):
 * p_mu = P(X > t + a), 1 - p_b = P(X > t), t = r - a up to r = a and (r^2 - a^2)/(2 a) above.
 */
export function lnCls(r: number, a: number): number {
  if (a === 0) return r === 0 ? 0 : -Infinity;
  const t = r <= a ? r - a : ((r - a) * (r + a)) / (2 * a);
  return lnNormalTail(t + a) - lnNormalTail(t);
}

/** The POI with CLs = 1 - level. */
export function clsLimit(observed: PoiLikelihood, asimov: PoiLikelihood, level: number): number | undefined {
  const lnAlpha = log1p(-level);
  const excess = (poi: number) => {
    const [r, a] = [rootOfQ(observed, poi), rootOfQ(asimov, poi)];
    return r === undefined || a === undefined ? undefined : lnAlpha - lnCls(r, a);
  };
  const guess = observed.best + 2 * observed.scale;
  return crossing(excess, 0, guess, guess + FARTHEST * (asimov.scale + observed.scale));
}

/**
 * CLs = 1 - level where the background has fluctuated by N standard deviations (Eq. 89 with CLs):
 * a = N + Phi^-1(1 - alpha Phi(N)).
 * @param quantile of the background-only distribution, Phi(N)
 */
export function expectedClsLimit(asimov: PoiLikelihood, level: number, quantile: number): number | undefined {
  return limitAtRoot(asimov, zFromLnP(log1p(-level) + log(quantile)) + deviationsAt(quantile));
}

/** N of a quantile Phi(N). */
export function deviationsAt(quantile: number): number {
  return -zFromLnP(log(quantile));
}
