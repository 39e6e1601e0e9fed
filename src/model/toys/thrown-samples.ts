/**
 * Simulation statistics in the ensemble `auxiliary`: the expected background of toys is the nominal one, and the
 * simulated sample, an auxiliary measurement of it, is thrown again: event i is there m_i times, m ~ Poisson(1), in all
 * windows that contain it (bootstrap: B. Efron, Ann. Stat. 7 (1979) 1; Poisson form: J. A. Hanley, B. MacGibbon,
 * Comput. Methods Programs Biomed. 83 (2006) 57). p0 of a toy uses the b0 and sum w^2 of its thrown sample.
 */
import { exp } from '../../stats/portable.ts';
import type { BackgroundComponent } from '../counting-model.ts';
import { windowSums, type ScenarioPlane } from './atom-sizes.ts';
import { visitReplicas, type SimulatedAtoms } from './replica-maps.ts';

/** Streams of thrown samples: this one and those after it, one per sample. */
const THROWN_STREAM = 0xfffa0000;

/** P(m <= j) of Poisson(1); what lies beyond has less than 2^-53. */
const CUMULATIVE = cumulativeOfOne(19);

/**
 * [nSteps] the component as it comes out of each thrown sample: b0 = sum m w, sumW2 = sum m w^2, entries = sum m. Where
 * nothing is left, or b0 is not above 0, a window is one without simulated events.
 * @param sample number of the sample in the card, for its stream
 */
export function thrownSamples(
  component: BackgroundComponent,
  { atoms, weights }: SimulatedAtoms,
  plane: ScenarioPlane,
  nSteps: number,
  seed: number,
  sample: number,
): BackgroundComponent[] {
  const [sumW, sumW2, entries] = [0, 1, 2].map(() =>
    Array.from({ length: nSteps }, () => new Float64Array(plane.atoms.count)),
  );
  visitReplicas(atoms, nSteps, seed, THROWN_STREAM + sample, (k, i, u) => {
    let m = 0;
    while (m < CUMULATIVE.length && u >= CUMULATIVE[m]) m++;
    if (m === 0) return;
    sumW[k][atoms[i]] += m * weights[i];
    sumW2[k][atoms[i]] += m * weights[i] * weights[i];
    entries[k][atoms[i]] += m;
  });
  return sumW.map((_, k) => {
    const b0 = windowSums(sumW[k], plane);
    const isLeft = b0.map((b) => (b > 0 ? 1 : 0));
    const kept = (sums: Float64Array) => windowSums(sums, plane).map((value, w) => isLeft[w] * value);
    return {
      ...component,
      b0: b0.map((b) => Math.max(0, b)),
      sumW2: kept(sumW2[k]),
      entries: Uint32Array.from(kept(entries[k])),
    };
  });
}

function cumulativeOfOne(n: number): Float64Array {
  const cumulative = new Float64Array(n);
  let [term, sum] = [exp(-1), 0];
  for (let j = 0; j < n; j++) {
    cumulative[j] = sum += term;
    term /= j + 1;
  }
  return cumulative;
}
