/**
 * The weights W_k of ../bayes_limit.ts where signal leaks into the side band of a lane's first component:
 *
 *   W_k = sum_c B(c; k, q) M^(c)_{n-k+c},   q = l/(1 + l),  B: binomial probability,  c of the events in the band signal.
 *
 * Every term is positive. The posterior of c has one maximum, so the sum starts near it and ends on both sides where
 * terms no longer count; for each c only the counts a = k - c of signal in the window where B and M matter are visited.
 * B starts at its largest there, in logarithms (l^c alone underflows from c = 500 on), and runs by ratios in a.
 * Far from the best c the largest product lies in the tails of both: M is tilted until it is largest there.
 */
import { countMixture, LANE_VALUE_STRIDE, NODE_STRIDE, type PlanArrays } from './count-mixture.ts';
import { lnPmf } from './count-pmf.ts';

/** A c that adds less than this part of the sum ends it: those behind add less still. */
const LAST_TERM = 1e-18;
/** What may be lost where C ends the sum early. */
const LOST = 1e-15;
/** Terms of B below this fraction of the largest are not followed. */
const NEGLIGIBLE = 1e-22;
/** The sum is scaled again only when its terms have grown by e^this. */
const LN_ROOM = 200;
/** Terms left out are below 1e-22 of the largest B times the largest M: that must not be far above the sum. */
const LN_OVERLAP = -14;

export interface LeakedWeights {
  /** ln of what the weights have to be multiplied with. */
  readonly lnScale: number;
  /** No weight beyond this k. */
  readonly top: number;
  /** Whether the terms left out are below 1e-15 of the sum. */
  readonly complete: boolean;
}

/**
 * out[m + k] = W_k exp(-ln scale), k = 0 .. n + most.
 * @param most largest c there is room for (C)
 * @param a room for n + 1 words; `work`: the same, where the lane has several components
 * Error: 1e-12 relative against direct integration, n to 1e5 (tests/unit/scan/leak.test.ts)
 */
export function leakedWeights(
  plan: PlanArrays,
  lane: number,
  n: number,
  most: number,
  out: Float64Array,
  a: number,
  m: number,
  work: number,
): LeakedWeights {
  const leak = plan.laneValues[LANE_VALUE_STRIDE * lane + 2];
  const background = laneBackground(plan, lane);
  let lnScale = -Infinity;
  let lnLargest = -Infinity;
  let total = 0;
  let top = 0;
  out.fill(0, m, m + n + most + 1);

  /** Adds the terms of c; returns their sum. */
  const addTerms = (c: number): number => {
    const tilt = tiltFor(background, leak, n, c);
    const lnTilt = tilt === 1 ? 0 : Math.log(tilt);
    const lnMixture = countMixture(plan, lane, out, a, n + 1, work, tilt, c);
    let low = 0; // first and last a = n - j with M_j > 0
    while (low < n && out[a + n - low] === 0) low++;
    let high = n;
    while (high > low && out[a + n - high] === 0) high--;
    // B(c; a + c, q) tilt^a by a grows until (a + 1 + c) tilt = (a + 1)(1 + l)
    const peak = tilt < 1 + leak ? Math.floor((c * tilt) / (1 + leak - tilt)) : high;
    const start = Math.min(high, Math.max(low, peak));
    const lnTop = lnPmf(start, 1 / leak, c + 1) - (n - start) * lnTilt + lnMixture;
    lnLargest = Math.max(lnLargest, lnTop);
    if (lnTop > lnScale + LN_ROOM || lnScale === -Infinity) {
      const shrink = Math.exp(lnScale - lnTop);
      for (let k = 0; k <= top; k++) out[m + k] *= shrink;
      total *= shrink;
      lnScale = lnTop;
    }
    const largest = Math.exp(lnTop - lnScale);
    let added = 0;
    let factor = largest;
    for (let i = start; i >= low && factor > NEGLIGIBLE * largest; i--) {
      const term = factor * out[a + n - i];
      out[m + i + c] += term;
      added += term;
      factor *= (i * (1 + leak)) / ((i + c) * tilt);
    }
    factor = largest;
    let last = start;
    for (let i = start + 1; i <= high; i++) {
      factor *= ((i + c) * tilt) / (i * (1 + leak));
      if (factor <= NEGLIGIBLE * largest) break;
      const term = factor * out[a + n - i];
      out[m + i + c] += term;
      added += term;
      last = i;
    }
    top = Math.max(top, last + c);
    total += added;
    return added;
  };

  const first = Math.min(most, likeliestLeak(background, leak, n));
  const nOff = plan.componentValues[2 * plan.lanes[4 * lane] + 1] - 1;
  let c = first;
  let added = addTerms(c);
  while (c < most && added > LAST_TERM * total) added = addTerms(++c);
  const lastAdded = c < nOff ? added : 0;
  for (c = first - 1; c >= 0; c--) if (addTerms(c) <= LAST_TERM * total) break;

  const complete = lastAdded <= LOST * total && Math.log(total) + lnScale > lnLargest + LN_OVERLAP;
  return { lnScale: lnScale - Math.log(leak / (1 + leak)), top, complete };
}

/** Mean background of a lane: per event of the band, of its other components, and what a tilt must stay below. */
interface LaneBackground {
  readonly nOff: number;
  readonly perOff: number;
  readonly others: number;
  readonly mostTilt: number;
}

function laneBackground(plan: PlanArrays, lane: number): LaneBackground {
  const first = plan.lanes[4 * lane];
  let others = 0;
  let perOff = 0;
  let odds = 0;
  for (let component = first; component < first + plan.lanes[4 * lane + 1]; component++) {
    const scale = plan.componentValues[2 * component];
    const shape = plan.componentValues[2 * component + 1];
    const begin = plan.components[2 * component];
    let sum = 0;
    let weights = 0;
    for (let f = begin; f < begin + plan.components[2 * component + 1]; f++) {
      const mean = scale * plan.nodes[NODE_STRIDE * f];
      const weight = plan.nodes[NODE_STRIDE * f + 2];
      sum += weight * mean;
      weights += weight;
      if (shape > 0) odds = Math.max(odds, mean);
    }
    if (component === first) perOff = sum / weights;
    else others += (sum / weights) * (shape > 0 ? shape : 1);
  }
  // the negative binomial with odds o exists up to the tilt (1 + o)/o
  const nOff = plan.componentValues[2 * first + 1] - 1;
  return { nOff, perOff, others, mostTilt: odds > 0 ? (0.999 * (1 + odds)) / odds : Infinity };
}

/**
 * What B loses per event more of signal at the largest product B M: tilted by it M is largest there, too. M is taken for
 * a negative binomial (s, r) of its mean and variance: (A + c)(N - A) = A (1 + l) r (s - 1 + N - A), A = a + 1, N = n + 1.
 */
function tiltFor({ nOff, perOff, others, mostTilt }: LaneBackground, leak: number, n: number, c: number): number {
  const mean = perOff * (nOff - c + 1) + others;
  const excess = perOff * perOff * (nOff - c + 1); // of the variance over the mean
  const r = excess / (mean + excess);
  const g = (1 + leak) * r;
  const N = n + 1;
  const half = g * ((mean * mean) / excess - 1 + N) + c - N;
  const root = Math.sqrt(half * half + 4 * (1 - g) * c * N);
  const A = half > 0 ? (2 * c * N) / (half + root) : (root - half) / (2 * (1 - g));
  const tilt = Math.min(mostTilt, c === 0 ? 1 + leak : ((1 + leak) * A) / (A + c));
  return Math.abs(tilt - 1) > 0.003 ? tilt : 1;
}

/** c at the maximum of the likelihood n ~ T + b + others, n_off ~ (b + l perOff T)/perOff; b is not below 0. */
function likeliestLeak({ nOff, perOff, others }: LaneBackground, leak: number, n: number): number {
  const most = (n + nOff) / (1 + leak);
  const ratio = leak * perOff;
  const t = ratio < 1 ? Math.min(most, (n - others - nOff * perOff) / (1 - ratio)) : most;
  return Math.min(nOff, Math.max(0, Math.floor(leak * t)));
}
