/**
 * Covariance of the counts of windows under the ensemble of the toys, by atoms and nuisances instead of a dense matrix:
 *   cov(n_i, n_j) = sum over shared atoms of v_a + sum_k d_ik d_jk
 * With source s of b_si events in window i, factors F_s (own) and C (common), all independent:
 *   v_a = E[C] sum_s E[F_s] e_sa,   d_i0 = sd(C) sum_s E[F_s] b_si,   d_is = sqrt(E[C^2]) sd(F_s) b_si
 * which is the exact covariance of the toys, not an approximation. With bands, n is the excess n - n_off / tau (excess.ts).
 */
import type { Atoms } from '../../model/toys/atoms.ts';
import type { FactorNodes } from '../../model/toys/factor-nodes.ts';
import type { ToyScenarios } from '../../model/toys/scenarios.ts';
import type { ToySources } from '../../model/toys/toy-sources.ts';
import { regionMeans } from '../region-means.ts';
import type { Excess } from './excess.ts';

export interface YieldMoments {
  readonly nWindows: number;
  /** [atoms] Poisson variance of an atom: its expected events. */
  readonly atomVariance: Float64Array;
  /** Per nuisance factor [nWindows] the shift of the expected count by one standard deviation. */
  readonly shifts: readonly Float64Array[];
  /** [nWindows] variance of the count. */
  readonly variance: Float64Array;
  /** Largest relative standard deviation among the nuisance factors. */
  readonly largestFactor: number;
}

export function yieldMoments(
  { sources, still = [], common, scenarios }: ToySources,
  atoms: Atoms,
  excess: Excess,
): YieldMoments {
  const { nWindows, nRegions } = excess;
  const ofWindows = (events: Float64Array): Float64Array => {
    const out = new Float64Array(nWindows);
    excess.ofRegions(regionMeans(events, atoms, nRegions), out);
    return out;
  };
  const c = factorMoments(common);
  const atomVariance = new Float64Array(atoms.count);
  const shifts: Float64Array[] = [];
  const together = new Float64Array(nWindows);
  let largestFactor = c.sd / c.mean;
  const maps = scenarios && scenarioShifts(scenarios, sources, ofWindows);
  for (const [s, source] of sources.entries()) {
    const f = factorMoments(source.nodes);
    largestFactor = Math.max(largestFactor, f.sd / f.mean);
    const inWindows = ofWindows(source.atoms);
    source.atoms.forEach((events, a) => (atomVariance[a] += c.mean * f.mean * events));
    inWindows.forEach((b, w) => (together[w] += c.sd * f.mean * b));
    const size = Math.sqrt(c.mean * c.mean + c.sd * c.sd) * f.sd;
    if (size > 0) shifts.push(inWindows.map((b) => size * b));
    maps?.ofSource[s].forEach((shift, k) => shift.forEach((d, w) => (maps.together[k][w] += c.mean * f.mean * d)));
  }
  for (const { atoms: events } of still) events.forEach((b, a) => (atomVariance[a] += b));
  if (c.sd > 0) shifts.push(together);
  shifts.push(...(maps?.together ?? []));
  const variance = new Float64Array(nWindows);
  excess.variances(regionMeans(atomVariance, atoms, nRegions), variance);
  for (const shift of shifts) shift.forEach((d, w) => (variance[w] += d * d));
  if (maps !== undefined) largestFactor = Math.max(largestFactor, largestShare(maps.together, sources, ofWindows));
  return { nWindows, atomVariance, shifts, variance, largestFactor };
}

/** Per scenario k the shift sqrt(P_k) (b_k - b): their squares add up to the covariance over scenarios. */
function scenarioShifts(
  { weights, atoms }: ToyScenarios,
  sources: ToySources['sources'],
  ofWindows: (events: Float64Array) => Float64Array,
) {
  const ofSource = sources.map((source, s) => {
    const nominal = ofWindows(source.atoms);
    return atoms[s].map((map, k) => {
      if (map === source.atoms) return new Float64Array(nominal.length);
      return ofWindows(map).map((b, w) => Math.sqrt(weights[k]) * (b - nominal[w]));
    });
  });
  return { ofSource, together: Array.from(weights, () => new Float64Array(ofSource[0][0].length)) };
}

/** Largest standard deviation over scenarios relative to the expected events, over windows. */
function largestShare(
  shifts: readonly Float64Array[],
  sources: ToySources['sources'],
  ofWindows: (events: Float64Array) => Float64Array,
): number {
  const expected = sources.map(({ atoms }) => ofWindows(atoms));
  return shifts[0].reduce((most, _, w) => {
    const b = expected.reduce((sum, means) => sum + means[w], 0);
    const sd = Math.sqrt(shifts.reduce((sum, shift) => sum + shift[w] * shift[w], 0));
    return b > 0 ? Math.max(most, sd / b) : most;
  }, 0);
}

/**
 * Correlation of the counts of pairs of windows.
 * @param pairs [nPairs][2] windows. Windows without variance correlate 0.
 */
export function pairCorrelations(moments: YieldMoments, atoms: Atoms, pairs: Uint32Array): Float64Array {
  const { nWindows, atomVariance, shifts, variance } = moments;
  const nPairs = pairs.length / 2;
  const covariance = new Float64Array(nPairs);
  const first = new Uint32Array(nWindows + 1);
  for (let p = 0; p < nPairs; p++) first[pairs[2 * p] + 1]++;
  for (let w = 0; w < nWindows; w++) first[w + 1] += first[w];
  const next = first.slice();
  const ofWindow = new Uint32Array(nPairs);
  for (let p = 0; p < nPairs; p++) ofWindow[next[pairs[2 * p]]++] = p;
  const seenIn = new Uint32Array(nWindows);
  for (let a = 1; a < atoms.count; a++) {
    const [from, to] = [atoms.first[a], atoms.first[a + 1]];
    for (let k = from; k < to; k++) seenIn[atoms.windows[k]] = a;
    for (let k = from; k < to; k++) {
      const w = atoms.windows[k];
      for (let i = first[w]; i < first[w + 1]; i++) {
        if (seenIn[pairs[2 * ofWindow[i] + 1]] === a) covariance[ofWindow[i]] += atomVariance[a];
      }
    }
  }
  return covariance.map((value, p) => {
    const [i, j] = [pairs[2 * p], pairs[2 * p + 1]];
    const scale = Math.sqrt(variance[i] * variance[j]);
    const whole = shifts.reduce((sum, d) => sum + d[i] * d[j], value);
    return scale > 0 ? Math.min(1, whole / scale) : 0;
  });
}

function factorMoments({ factors, weights }: FactorNodes): { mean: number; sd: number } {
  let mean = 0;
  factors.forEach((f, i) => (mean += weights[i] * f));
  let square = 0;
  factors.forEach((f, i) => (square += weights[i] * (f - mean) * (f - mean)));
  return { mean, sd: factors.length === 1 ? 0 : Math.sqrt(square) };
}
