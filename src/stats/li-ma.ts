/** Significance of an excess against a side band by the likelihood ratio: T.-P. Li, Y.-Q. Ma, ApJ 272 (1983) 317, Eq. 17. */
import { bd0 } from './deviance.ts';

/**
 * Z = sqrt(q0), q0 = 2 [n_on ln(n_on (1+tau)/(n_on+n_off)) + n_off ln(n_off (1+tau)/(tau (n_on+n_off)))], 0 ln 0 = 0, as
 * the sum of two Poisson deviances from the common best fit (n_on + n_off)/(1 + tau): all terms are positive, so that an
 * excess of 1 event in 1e7 keeps its digits. 0 without an excess (n_on <= n_off/tau).
 * @param nOn events in the window
 * @param nOff events in the side band; any real number >= 0
 * @param tau background in the band over background in the window, > 0
 * Error: |dZ| below 1e-11 for counts up to 1e7 (tests/unit/stats/li-ma.test.ts).
 */
export function liMaZ(nOn: number, nOff: number, tau: number): number {
  if (!(tau * nOn > nOff)) return 0;
  const mean = (nOn + nOff) / (1 + tau);
  return Math.sqrt(2 * (bd0(nOn, mean) + bd0(nOff, tau * mean)));
}
