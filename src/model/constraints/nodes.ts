/**
 * One-dimensional rules for the constraints of methods.md section 2, placed where the integrand is.
 *
 * Trapezoidal sums converge exponentially for analytic integrands that vanish at both ends (Trefethen, Weideman 2014),
 * so every constraint is mapped to such a line: normal and lognormal in z itself; a normal cut at F = 0 and the gamma
 * through F = r ln(1 + e^u), u = x - exp(x0 - x): linear in F above r, logarithmic below it, and double exponential
 * below the lowest scale F* that matters (1/s, a likelihood with n << b, the edge POI_max). A kink (r+ != r-) is cut at
 * z = 0 and integrated by Gauss-Legendre panels.
 */
import { lnGamma } from '../../stats/gamma.ts';
import { gaussHermite, gaussLegendre } from './gauss.ts';
import { prune, UNIT_RULE, type Rule } from './rule.ts';

/** Where and how finely an integrand needs one constraint. */
export interface Reach {
  /** Interval of z that must be covered (at least +-8.3). */
  readonly zLow: number;
  readonly zHigh: number;
  /** Width in z of the integrand relative to the constraint, in (0, 1]. */
  readonly width: number;
  /** The integrand may grow like F^-power towards F = 0 (1 where 1/s stands, else 0). */
  readonly power: 0 | 1;
  /** Lowest scale of F that matters. */
  readonly lowest: number;
  /** > 0: the integrand is nearly linear in z, so this many Gauss-Hermite nodes suffice. */
  readonly hermite: number;
  /** Narrower factors that multiply F: the rule is then that of the product, at the cost of one factor. */
  readonly smear?: Rule;
}

type LnDensity = (f: number) => number;

/** ln density of F g, where g has the rule `smear`: sum_j v_j p(F / g_j) / g_j. */
function smeared(lnDensity: LnDensity, smear: Rule | undefined): LnDensity {
  if (!smear) return lnDensity;
  return (f) => {
    let top = -Infinity;
    for (const g of smear.factors) top = Math.max(top, lnDensity(f / g));
    let sum = 0;
    smear.factors.forEach((g, j) => (sum += Math.exp(lnDensity(f / g) - top + smear.lnWeights[j]) / g));
    return top + Math.log(sum);
  };
}

/** Beyond 8.3 sigma a normal holds less than 1e-16. */
export const Z_REACH = 8.3;
const LINE_STEP = 0.7;
const HALF_LINE_STEP = 0.6;
const LN_2PI_HALF = 0.5 * Math.log(2 * Math.PI);

/** ln density of N(0, 1). */
export function lnGauss(z: number): number {
  return -0.5 * z * z - LN_2PI_HALF;
}

/** F = 1 + r z, z ~ N(0, 1), cut at F > 0. The mass lost below 0 is not divided out (the plan does). */
export function normalRule(r: number, reach: Reach): Rule {
  if (r === 0) return UNIT_RULE;
  const nearZero = 1 + r * reach.zLow < r;
  if (!nearZero && r < 1 / Z_REACH) {
    if (reach.hermite > 0) return hermiteRule(reach.hermite, (z) => 1 + r * z);
    const lnDensity = smeared((f) => lnGauss((f - 1) / r) - Math.log(r), reach.smear);
    return lineRule(reach, (z) => 1 + r * z, reach.smear && ((f) => lnDensity(f) + Math.log(r)));
  }
  const lnLow = reach.zLow < -11 ? 0 : (reach.lowest < r * 1e-3 ? 0.25 : 0.5) / (r * r);
  return halfLineRule(
    r,
    1 / r + reach.zHigh,
    1,
    lnLow,
    reach,
    smeared((f) => lnGauss((f - 1) / r) - Math.log(r), reach.smear),
  );
}

/** F = exp(sigma z): median 1. */
export function lognormalRule(sigma: number, reach: Reach): Rule {
  if (sigma === 0) return UNIT_RULE;
  if (reach.hermite > 0) return hermiteRule(reach.hermite, (z) => Math.exp(sigma * z));
  const lnDensity = smeared((f) => lnGauss(Math.log(f) / sigma) - Math.log(sigma * f), reach.smear);
  return lineRule(reach, (z) => Math.exp(sigma * z), reach.smear && ((f) => lnDensity(f) + Math.log(sigma * f)));
}

/** F ~ Gamma(shape k, rate k): mean 1, relative width 1/sqrt(k). */
export function gammaRule(shape: number, reach: Reach): Rule {
  const r = 1 / Math.sqrt(shape);
  const fHigh = gammaUpper(shape, 1 + Math.max(0, reach.zHigh - Z_REACH) * r);
  const lnNorm = shape * Math.log(shape) - lnGamma(shape);
  // towards F = 0 the integrand goes like F^shape, or F^(shape - 1) where 1/s is not cut off by the edge of the prior
  const exponent = Math.max(0.02, Math.min(1, reach.lowest < 1 ? shape : shape - reach.power));
  const lnDensity = (f: number) => lnNorm + (shape - 1) * Math.log(f) - shape * f;
  return halfLineRule(r, fHigh / r, exponent, 0, reach, smeared(lnDensity, reach.smear));
}

/** F above which gamma times any Poisson likelihood with its joint mode at `mode` is below 1e-16 of its peak. */
function gammaUpper(shape: number, mode: number): number {
  const drop = (f: number) => shape * (f / mode - 1 - Math.log(f / mode));
  let high = mode + 1;
  while (drop(high) < 38) high = mode + 1.3 * (high - mode);
  return high;
}

/** Kinked exponent or slope: z in two halves, F(z) given; nodes with F <= 0 are cut away. */
export function kinkedRule(factor: (z: number) => number, zCut: number, reach: Reach): Rule {
  const factors: number[] = [];
  const lnWeights: number[] = [];
  const { nodes, weights } = gaussLegendre(12);
  const addHalf = (from: number, to: number) => {
    const panels = Math.max(1, Math.ceil((to - from) / (1.6 * reach.width)));
    const half = (to - from) / panels / 2;
    for (let i = 0; i < panels; i++) {
      for (let j = 0; j < nodes.length; j++) {
        const z = from + half * (2 * i + 1 + nodes[j]);
        const f = factor(z);
        if (!(f > 0)) continue;
        factors.push(f);
        lnWeights.push(Math.log(weights[j] * half) + lnGauss(z));
      }
    }
  };
  addHalf(Math.max(reach.zLow, zCut), 0);
  addHalf(0, reach.zHigh);
  return prune({ factors: Float64Array.from(factors), lnWeights: Float64Array.from(lnWeights) }, reach.power);
}

/** Standard normal z itself as a rule (factors hold z): for nuisances shared by several targets. */
export function zRule(reach: Reach, kinked: boolean): Rule {
  if (kinked) return shiftedKink(reach);
  if (reach.hermite > 0) return hermiteRule(reach.hermite, (z) => z);
  return lineRule(reach, (z) => z);
}

function shiftedKink(reach: Reach): Rule {
  const positive = kinkedRule((z) => z + 1e3, -1e3, { ...reach, power: 0 });
  return { factors: positive.factors.map((f) => f - 1e3), lnWeights: positive.lnWeights };
}

/** Gauss-Hermite in z. */
export function hermiteRule(m: number, factor: (z: number) => number): Rule {
  const { nodes, weights } = gaussHermite(m);
  return { factors: nodes.map(factor), lnWeights: weights.map(Math.log) };
}

/**
 * Trapezoid in z; the grid passes through 0, so that rules of equal step coincide.
 * @param lnPerZ ln of the probability per unit z at F where it is not that of z ~ N(0, 1)
 */
function lineRule(reach: Reach, factor: (z: number) => number, lnPerZ?: LnDensity): Rule {
  const step = LINE_STEP * reach.width;
  const first = Math.floor(reach.zLow / step);
  const count = Math.ceil(reach.zHigh / step) - first + 1;
  const factors = new Float64Array(count);
  const lnWeights = new Float64Array(count);
  const lnStep = Math.log(step);
  for (let i = 0; i < count; i++) {
    const z = (first + i) * step;
    factors[i] = factor(z);
    lnWeights[i] = lnStep + (lnPerZ ? lnPerZ(factors[i]) : lnGauss(z));
  }
  return { factors, lnWeights };
}

/**
 * Trapezoid in x of the map above. The strip in which the integrand is analytic is about pi/2 wide where F is
 * logarithmic, so the step is pi^2 / ln(1/error) there, relaxed by what the low region weighs (exp(-lnLow)).
 */
function halfLineRule(
  r: number,
  xHigh: number,
  exponent: number,
  lnLow: number,
  reach: Reach,
  lnDensity: LnDensity,
): Rule {
  const x0 = Math.min(0, Math.log(Math.min(1, reach.lowest) / r)) - 1;
  const xLow = x0 - Math.log(38 / Math.min(1, exponent));
  const step = reach.width * Math.min(HALF_LINE_STEP, (Math.PI * Math.PI) / Math.max(10, 27 - lnLow));
  const count = Math.ceil((xHigh - xLow) / step) + 1;
  const factors = new Float64Array(count);
  const lnWeights = new Float64Array(count);
  const lnStep = Math.log(step);
  for (let i = 0; i < count; i++) {
    const x = xLow + i * step;
    const inner = Math.exp(x0 - x);
    const u = x - inner;
    const grown = Math.exp(-Math.abs(u));
    const softplus = Math.max(u, 0) + Math.log1p(grown);
    const lnSigmoid = u - softplus;
    factors[i] = u < -36 ? r * Math.exp(u) : r * softplus;
    lnWeights[i] = lnStep + Math.log(r) + (u < -36 ? u : lnSigmoid) + Math.log1p(inner) + lnDensity(factors[i]);
  }
  return prune({ factors, lnWeights }, reach.power);
}
