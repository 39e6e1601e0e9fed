/**
 * Predictive distribution of the background count in one lane: M_j = E_b[Poisson(j; b)] for j = 0 .. size - 1.
 * Twin of shaders/shared/count_mixture.wgsl.
 *
 * A component with nodes (F_f, w_f) is sum_f w_f Poisson(j; scale F_f), or the negative binomial where its gamma is
 * analytic. Each node starts at its largest term below `size`, in logarithms relative to the largest of all nodes, and
 * runs down and up by ratios: every term is positive, nothing cancels, and n << b never underflows. Counts of
 * independent components add, so their distributions are convolved.
 */
import { lnPmf } from './count-pmf.ts';

/** Words per node: factor F, ln weight, weight. */
export const NODE_STRIDE = 3;
/** Words per lane in laneValues: ln weight, signal events per unit POI, leak. */
export const LANE_VALUE_STRIDE = 3;

/** The flat arrays of model/plan/flat-plan.ts a kernel sees. */
export interface PlanArrays {
  readonly lanes: Uint32Array;
  readonly laneValues: Float64Array;
  readonly components: Uint32Array;
  readonly componentValues: Float64Array;
  readonly nodes: Float64Array;
}

/** Terms below this fraction of the largest are not followed further. */
const NEGLIGIBLE = 1e-22;

/**
 * out[at .. at + size) = M_j tilt^j exp(-ln scale); returns ln scale. Several components: `work` is room for `size`
 * more. A tilt other than 1 (exponential tilting, which commutes with convolution) brings far tails into range.
 * `leaked` events of the first component's side band are signal: they are taken off its shape.
 */
export function countMixture(
  plan: PlanArrays,
  lane: number,
  out: Float64Array,
  at: number,
  size: number,
  work: number,
  tilt = 1,
  leaked = 0,
): number {
  const first = plan.lanes[4 * lane];
  const count = plan.lanes[4 * lane + 1];
  let lnScale = componentMixture(plan, first, out, at, size, tilt, leaked);
  for (let c = 1; c < count; c++) {
    lnScale += componentMixture(plan, first + c, out, work, size, tilt, 0);
    convolveInto(out, at, work, size);
  }
  return lnScale;
}

/**
 * out[at + j] <- sum_i out[at + j - i] out[other + i], from the top down so that no entry is needed after it changed.
 * Only what is not 0 is visited.
 */
function convolveInto(out: Float64Array, at: number, other: number, size: number): void {
  let last = size - 1;
  while (last > 0 && out[other + last] === 0) last--;
  let first = 0;
  while (first < last && out[other + first] === 0) first++;
  let end = size - 1;
  while (end > 0 && out[at + end] === 0) end--;
  let begin = 0;
  while (begin < end && out[at + begin] === 0) begin++;
  for (let j = size - 1; j >= 0; j--) {
    const lowest = Math.max(first, j - end);
    let sum = 0;
    for (let i = Math.min(j - begin, last); i >= lowest; i--) sum += out[at + j - i] * out[other + i];
    out[at + j] = sum;
  }
}

function componentMixture(
  plan: PlanArrays,
  component: number,
  out: Float64Array,
  at: number,
  size: number,
  tilt: number,
  leaked: number,
): number {
  const first = plan.components[2 * component];
  const last = first + plan.components[2 * component + 1];
  const scale = plan.componentValues[2 * component];
  const shape = plan.componentValues[2 * component + 1] - leaked;
  const { nodes } = plan;
  let lnScale = -Infinity;
  for (let f = first; f < last; f++) {
    lnScale = Math.max(lnScale, lnTopTerm(nodes, f, scale, shape, tilt, size));
  }
  out.fill(0, at, at + size);
  for (let f = first; f < last; f++) {
    const mean = tilted(scale * nodes[NODE_STRIDE * f], shape, tilt);
    const start = startOf(mean, shape, size);
    const top = Math.exp(lnTopTerm(nodes, f, scale, shape, tilt, size) - lnScale);
    if (shape > 0) addNegativeBinomial(out, at, size, start, top, shape, mean / (1 + mean));
    else addPoisson(out, at, size, start, top, mean);
  }
  return lnScale;
}

/** ln of the largest term below `size` of one node, constraint weight and tilt included. */
function lnTopTerm(nodes: Float64Array, f: number, scale: number, shape: number, tilt: number, size: number): number {
  const mean = scale * nodes[NODE_STRIDE * f];
  const moved = tilted(mean, shape, tilt);
  const start = startOf(moved, shape, size);
  const lnNorm = tilt === 1 ? 0 : shape > 0 ? shape * Math.log((1 + moved) / (1 + mean)) : moved - mean;
  return nodes[NODE_STRIDE * f + 1] + lnNorm + lnPmf(start, moved, shape);
}

/** Mean (odds) of the tilted distribution, itself Poisson (negative binomial). */
export function tilted(mean: number, shape: number, tilt: number): number {
  if (shape === 0) return mean * tilt;
  const q = (mean / (1 + mean)) * tilt;
  return tilt === 1 ? mean : q / (1 - q);
}

/** The largest term below `size`; `mean` is the mean of Poisson, the odds of the negative binomial. */
function startOf(mean: number, shape: number, size: number): number {
  const mode = shape > 0 ? (shape - 1) * mean : mean;
  return Math.min(size - 1, Math.max(0, Math.floor(mode)));
}

function addPoisson(out: Float64Array, at: number, size: number, start: number, top: number, mean: number): void {
  let term = top;
  for (let j = start; j >= 0 && term > NEGLIGIBLE; j--) {
    out[at + j] += term;
    term *= j / mean;
  }
  term = top;
  for (let j = start + 1; j < size && term > NEGLIGIBLE; j++) {
    term *= mean / j;
    out[at + j] += term;
  }
}

function addNegativeBinomial(
  out: Float64Array,
  at: number,
  size: number,
  start: number,
  top: number,
  shape: number,
  q: number,
): void {
  let term = top;
  for (let j = start; j >= 0 && term > NEGLIGIBLE; j--) {
    out[at + j] += term;
    term *= j / ((shape + j - 1) * q);
  }
  term = top;
  for (let j = start + 1; j < size && term > NEGLIGIBLE; j++) {
    term *= ((shape + j - 1) * q) / j;
    out[at + j] += term;
  }
}
