/**
 * Expected counts of a polynomial density: linear in its coefficients. The basis are the Legendre polynomials of
 * t = -1..1 over everything the fit touches, bins and window: monomials of x lose the minimum from degree 7 on.
 */
import { gaussLegendre } from '../constraints/gauss.ts';
import type { BandFit } from './band-fit.ts';

/** Exact to degree 7: as good as primitives, without their cancellation in narrow bins. */
const QUADRATURE = gaussLegendre(4);

export interface Design {
  /** degree + 1 */
  readonly nCoefficients: number;
  /** [nBins][nCoefficients] events of a bin per unit of each coefficient. */
  readonly bins: Float64Array;
  /** [nCoefficients] the same of the window. */
  readonly window: Float64Array;
}

export function makeDesign(fit: BandFit): Design {
  const { degree, edges, window } = fit;
  const nCoefficients = degree + 1;
  let [low, high] = window;
  for (const edge of edges) {
    low = Math.min(low, edge);
    high = Math.max(high, edge);
  }
  const bins = new Float64Array((edges.length / 2) * nCoefficients);
  for (let i = 0; 2 * i < edges.length; i++) {
    const row = bins.subarray(i * nCoefficients, (i + 1) * nCoefficients);
    if (fit.binContent === 'centre')
      addValues(row, (edges[2 * i] + edges[2 * i + 1]) / 2, edges[2 * i + 1] - edges[2 * i]);
    else addIntegral(row, edges[2 * i], edges[2 * i + 1]);
  }
  const windowRow = new Float64Array(nCoefficients);
  addIntegral(windowRow, window[0], window[1]);
  return { nCoefficients, bins, window: windowRow };

  function addIntegral(row: Float64Array, from: number, to: number): void {
    const [middle, half] = [(from + to) / 2, (to - from) / 2];
    const { nodes, weights } = QUADRATURE;
    nodes.forEach((node, k) => addValues(row, middle + half * node, half * weights[k]));
  }

  /** (k+1) P_{k+1} = (2k+1) t P_k - k P_{k-1} */
  function addValues(row: Float64Array, x: number, weight: number): void {
    const t = (2 * x - low - high) / (high - low);
    let [before, value] = [0, 1];
    for (let k = 0; k <= degree; k++) {
      row[k] += weight * value;
      [before, value] = [value, ((2 * k + 1) * t * value - k * before) / (k + 1)];
    }
  }
}
