/** Fields of Z over the hypotheses of a scan: of toys, refitted, and Gaussian ones with the covariance of the fits. */
import { fillNormals } from '../../stats/normal-draws.ts';
import type { FieldSource } from '../estimators/toy-field.ts';
import type { SignalResponse } from './signal-response.ts';

/** Philox stream of the Gaussian fields: beyond those of bins. */
const FIELD_STREAM = 0xfffe0002;

/**
 * Z_h = mean_h + sum_i w_hi sqrt(mu_i) epsilon_i: one normal number per bin, the same for all hypotheses that look at it.
 * @param expected [nBins] mu
 */
export function gaussianZFields(
  responses: readonly SignalResponse[],
  expected: Float64Array,
  seed: number,
  count: number,
): FieldSource {
  const spread = expected.map((mean) => Math.sqrt(mean));
  const noise = new Float64Array(expected.length);
  return {
    nWindows: responses.length,
    count,
    at(i, out) {
      fillNormals(noise, noise.length, seed, FIELD_STREAM, i);
      for (let bin = 0; bin < noise.length; bin++) noise[bin] *= spread[bin];
      responses.forEach(({ bins, weights, mean }, h) => {
        let z = mean;
        for (let k = 0; k < bins.length; k++) z += weights[k] * noise[bins[k]];
        out[h] = z;
      });
    },
  };
}

/** Correlations of pairs [nPairs][2] of hypotheses; 0 where one has no response. */
export function zCorrelations(
  responses: readonly SignalResponse[],
  expected: Float64Array,
  pairs: Uint32Array,
): Float64Array {
  const covariance = covariances(responses, expected);
  const variances = responses.map((_, h) => covariance(h, h));
  return Float64Array.from({ length: pairs.length / 2 }, (_, p) => {
    const [h, g] = [pairs[2 * p], pairs[2 * p + 1]];
    const scale = Math.sqrt(variances[h] * variances[g]);
    return scale > 0 ? Math.max(-1, Math.min(1, covariance(h, g) / scale)) : 0;
  });
}

/** Whether no two hypotheses have a negative covariance. */
export function neverNegative(responses: readonly SignalResponse[], expected: Float64Array): boolean {
  const covariance = covariances(responses, expected);
  return responses.every((_, h) => responses.every((__, g) => g >= h || covariance(h, g) >= 0));
}

function covariances(responses: readonly SignalResponse[], expected: Float64Array) {
  const onBins = new Float64Array(expected.length);
  let loaded = -1;
  return (h: number, g: number): number => {
    if (h !== loaded) {
      onBins.fill(0);
      responses[h].bins.forEach((bin, k) => (onBins[bin] = responses[h].weights[k] * expected[bin]));
      loaded = h;
    }
    const { bins, weights } = responses[g];
    let sum = 0;
    for (let k = 0; k < bins.length; k++) sum += weights[k] * onBins[bins[k]];
    return sum;
  };
}
