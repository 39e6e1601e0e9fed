/**
 * Distribution of a background factor (the product of its normalisation nuisances) as nodes for toys: portable
 * functions only, so that every engine makes the same tables. The trapezoid rule in z converges faster than any power of
 * the step for smooth integrands (model/constraints uses it too); the step is chosen for Poisson counts of `mean`.
 */
import { exp, log1p } from '../../stats/portable.ts';
import { DarkscanError } from '../../errors.ts';
import { lnGamma } from '../../stats/gamma.ts';
import { log } from '../../stats/portable.ts';
import type { ConstraintKind } from '../counting-model.ts';

/** [n] factors > 0 and their probabilities, which add up to 1. */
export interface FactorNodes {
  readonly factors: Float64Array;
  readonly weights: Float64Array;
}

/** One nuisance on the factor, in relative sizes. */
export interface FactorNuisance {
  readonly constraint: ConstraintKind;
  readonly up: number;
  readonly down: number;
}

export const CERTAIN: FactorNodes = { factors: Float64Array.of(1), weights: Float64Array.of(1) };

const Z_REACH = 8.5;
const WIDEST_STEP = 0.25;
/** Steps in z over which the mean of a Poisson count moves by this part of its own width. */
const STEP_OF_WIDTH = 0.5;
const MOST_NODES = 20_000;

/**
 * Normals of a factor add (1 + sum r z, cut at 0), lognormals and gammas multiply (methods.md section 2).
 * @param mean expected events the factor multiplies: the larger, the finer the nodes
 * Error (kind resource): more nuisances with sizes of their own than nodes can hold.
 */
export function factorNodes(nuisances: readonly FactorNuisance[], mean: number): FactorNodes {
  const isPlain = (n: FactorNuisance) => n.constraint !== 'gamma' && n.up === n.down;
  const width = (kind: ConstraintKind, size: (n: FactorNuisance) => number) =>
    Math.sqrt(
      nuisances.filter((n) => isPlain(n) && n.constraint === kind).reduce((sum, n) => sum + size(n) * size(n), 0),
    );
  const normal = width('normal', (n) => n.up);
  const lognormal = width('lognormal', (n) => log1p(n.up));
  let sum: FactorNodes = normal > 0 ? normalNodes(normal, mean) : CERTAIN;
  let product: FactorNodes = lognormal > 0 ? zNodes(lognormal, mean, (z) => exp(lognormal * z)) : CERTAIN;
  for (const { constraint, up, down } of nuisances.filter((n) => !isPlain(n))) {
    const size = Math.max(Math.abs(up), Math.abs(down));
    if (constraint === 'normal') {
      sum = combine(
        sum,
        zNodes(size, mean, (z) => z * (z > 0 ? up : down)),
        (a, b) => a + b,
      );
    } else if (constraint === 'lognormal') {
      const [lnUp, lnDown] = [log1p(up), log1p(down)];
      product = combine(
        product,
        zNodes(size, mean, (z) => exp(z * (z > 0 ? lnUp : lnDown))),
        (a, b) => a * b,
      );
    } else product = combine(product, gammaNodes(1 / (up * up), mean), (a, b) => a * b);
  }
  return positive(combine(sum, product, (a, b) => a * b));
}

function zNodes(size: number, mean: number, factor: (z: number) => number): FactorNodes {
  const { z, weights } = zTrapezoid(stepFor(size, mean));
  return { factors: z.map(factor), weights };
}

/**
 * 1 + size z, cut at 0. Where the cut is inside the reach of z the integrand ends there with a jump, which the trapezoid
 * rule does not like: panels of four points each (Gauss-Legendre) begin at it.
 */
function normalNodes(size: number, mean: number): FactorNodes {
  if (1 / size > Z_REACH) return zNodes(size, mean, (z) => 1 + size * z);
  const panels = Math.ceil((Z_REACH + 1 / size) / (2 * stepFor(size, mean)));
  const half = (Z_REACH + 1 / size) / panels / 2;
  const z = new Float64Array(4 * panels);
  const weights = new Float64Array(4 * panels);
  for (let i = 0; i < z.length; i++) {
    const [x, weight] = FOUR_POINTS[i % 4];
    z[i] = -1 / size + half * (2 * Math.floor(i / 4) + 1 + x);
    weights[i] = weight * exp(-0.5 * z[i] * z[i]);
  }
  return { factors: z.map((value) => 1 + size * value), weights: normalised(weights) };
}

/** Gauss-Legendre on [-1, 1]: x^2 = 3/7 -+ 2/7 sqrt(6/5), weights (18 +- sqrt(30))/36. */
const [NEAR, FAR] = [-1, 1].map((sign) => Math.sqrt(3 / 7 + (sign * 2 * Math.sqrt(6 / 5)) / 7));
const [HEAVY, LIGHT] = [1, -1].map((sign) => (18 + sign * Math.sqrt(30)) / 36);
const FOUR_POINTS = [
  [-FAR, LIGHT],
  [-NEAR, HEAVY],
  [NEAR, HEAVY],
  [FAR, LIGHT],
] as const;

/** Nodes of z ~ N(0,1) out to 8.5, and their probabilities. */
export function zTrapezoid(step: number): { readonly z: Float64Array; readonly weights: Float64Array } {
  const half = Math.ceil(Z_REACH / step);
  // half a step off 0, where asymmetric sizes have a kink
  const z = Float64Array.from({ length: 2 * half }, (_, i) => (i - half + 0.5) * step);
  return { z, weights: normalised(z.map((value) => exp(-0.5 * value * value))) };
}

/** Gamma(shape, rate shape), trapezoid in ln g. */
function gammaNodes(shape: number, mean: number): FactorNodes {
  const size = 1 / Math.sqrt(shape);
  const step = stepFor(size, mean) * size;
  const factors: number[] = [];
  const weights: number[] = [];
  // density in u = ln g: shape^shape / Gamma(shape) exp(shape (u - e^u))
  const lnNorm = shape * log(shape) - lnGamma(shape);
  for (const sign of [-1, 1]) {
    for (let i = 0; ; i++) {
      const u = sign * (i + 0.5) * step;
      const g = exp(u);
      const lnDensity = lnNorm + shape * (u - g);
      if (lnDensity < -80 || factors.length > MOST_NODES) break;
      factors.push(g);
      weights.push(exp(lnDensity));
    }
  }
  return { factors: Float64Array.from(factors), weights: normalised(Float64Array.from(weights)) };
}

/** Step in z for a Poisson count of `mean` events whose mean moves by the part `size` of itself per unit of z. */
export function stepFor(size: number, mean: number): number {
  return Math.min(WIDEST_STEP, STEP_OF_WIDTH / (size * Math.sqrt(mean + 1)));
}

function combine(a: FactorNodes, b: FactorNodes, join: (a: number, b: number) => number): FactorNodes {
  const n = a.factors.length * b.factors.length;
  if (n > MOST_NODES) {
    const message = `toys: ${n} nodes for the nuisances of one background, at most ${MOST_NODES}; use equal up and down`;
    throw new DarkscanError('resource', `${message} sizes, which are combined`);
  }
  const factors = new Float64Array(n);
  const weights = new Float64Array(n);
  a.factors.forEach((fa, i) =>
    b.factors.forEach((fb, j) => {
      factors[i * b.factors.length + j] = join(fa, fb);
      weights[i * b.factors.length + j] = a.weights[i] * b.weights[j];
    }),
  );
  return { factors, weights };
}

/** Cut at 0, renormalised; weights that cannot matter are dropped. */
function positive({ factors, weights }: FactorNodes): FactorNodes {
  const keep = (_: number, i: number) => factors[i] > 0 && weights[i] > 1e-30;
  return { factors: factors.filter(keep), weights: normalised(weights.filter(keep)) };
}

export function normalised(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}
