/** Gauss-Hermite (weight of a standard normal) and Gauss-Legendre nodes from Newton iterations on the polynomials. */
import { cos } from '../../stats/portable.ts';

export interface GaussRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const hermiteRules = new Map<number, GaussRule>();
const legendreRules = new Map<number, GaussRule>();

/** E[f(z)], z ~ N(0,1), exact for polynomials of degree 2m - 1; m <= 40. Error of nodes below 1e-14. */
export function gaussHermite(m: number): GaussRule {
  let rule = hermiteRules.get(m);
  if (!rule) hermiteRules.set(m, (rule = makeHermite(m)));
  return rule;
}

/** Roots of the orthonormal Hermite polynomial by bisection between sign changes, then weights 1 / sum p_k^2. */
function makeHermite(m: number): GaussRule {
  const nodes = new Float64Array(m);
  const weights = new Float64Array(m);
  const edge = 2 * Math.sqrt(m) + 1;
  const steps = 400 * m;
  let found = 0;
  let left = -edge;
  let fLeft = hermite(m, left).value;
  for (let i = 1; i <= steps && found < m; i++) {
    const right = -edge + (2 * edge * i) / steps;
    const fRight = hermite(m, right).value;
    if (fLeft === 0 || fLeft * fRight < 0) {
      const z = fLeft === 0 ? left : bisect((x) => hermite(m, x).value, left, right);
      nodes[found] = z;
      weights[found++] = 1 / hermite(m, z).sumOfSquares;
    }
    left = right;
    fLeft = fRight;
  }
  return { nodes, weights };
}

/** Orthonormal (probabilists') Hermite polynomial p_m(z) and sum of p_0^2 .. p_{m-1}^2. */
function hermite(m: number, z: number): { value: number; sumOfSquares: number } {
  let previous = 0;
  let value = 1;
  let sumOfSquares = 0;
  for (let k = 0; k < m; k++) {
    sumOfSquares += value * value;
    const next = (z * value - Math.sqrt(k) * previous) / Math.sqrt(k + 1);
    previous = value;
    value = next;
  }
  return { value, sumOfSquares };
}

function bisect(f: (x: number) => number, left: number, right: number): number {
  const sign = Math.sign(f(left));
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (left + right);
    if (middle === left || middle === right) break;
    if (Math.sign(f(middle)) === sign) left = middle;
    else right = middle;
  }
  return 0.5 * (left + right);
}

/** Nodes on [-1, 1]. */
export function gaussLegendre(m: number): GaussRule {
  let rule = legendreRules.get(m);
  if (!rule) legendreRules.set(m, (rule = makeLegendre(m)));
  return rule;
}

function makeLegendre(m: number): GaussRule {
  const nodes = new Float64Array(m);
  const weights = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let x = cos((Math.PI * (i + 0.75)) / (m + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let previous = 1;
      let value = x;
      for (let k = 2; k <= m; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
      slope = (m * (x * value - previous)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    nodes[m - 1 - i] = x;
    weights[m - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}
