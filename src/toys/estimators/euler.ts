/**
 * Euler characteristic in two dimensions (O. Vitells, E. Gross 2011, arXiv:1105.4355): for the excursion set A_u of
 * q0 > u,
 *   p_global ~ E[phi(A_u)] = phi(M) P + exp(-u/2) (N1 + sqrt(u) N2),   P = P(chi2_1 > u), half of it for one-sided q0
 * phi(M) of the scanned lattice. N1 and N2 from the mean phi of toys at two levels; a third level checks them.
 */
import { lnNormalTail, zFromLnP } from '../../stats/normal.ts';
import { exp, log } from '../../stats/portable.ts';
import { makeEstimator, normalIntervals, withoutNumber, type Estimator } from './estimator.ts';
import { meanAndError } from './field-mean.ts';
import type { FieldSource } from './toy-field.ts';
import { eulerCharacteristic, type Complex } from './window-complex.ts';

export interface EulerCoefficients {
  readonly n1: number;
  readonly n2: number;
  /** phi of the whole lattice. */
  readonly phi: number;
  /** False: q0 counts deficits as well, P is the whole P(chi2_1 > u). */
  readonly oneSided: boolean;
}

/** Levels of q0: two that decide, and one that checks them on the way up. */
export const EULER_LEVELS = [1, 4, 6.25] as const;
/** Above this E[phi] counts several separate excesses of one toy and is no longer a probability. */
const LARGEST_P = 0.35;
/** The check may miss by this part and by this many standard deviations. */
const CHECK_PART = 0.2;
const CHECK_SIGMAS = 3;

/** N1 and N2 from two mean Euler characteristics at levels u1 < u2. */
export function solveEuler(
  [u1, u2]: readonly [number, number],
  [e1, e2]: readonly [number, number],
  phi: number,
  oneSided: boolean,
): EulerCoefficients {
  const left1 = exp(u1 / 2) * (e1 - phi * tailOfQ0(u1, oneSided));
  const left2 = exp(u2 / 2) * (e2 - phi * tailOfQ0(u2, oneSided));
  const n2 = (left2 - left1) / (Math.sqrt(u2) - Math.sqrt(u1));
  return { n1: left1 - Math.sqrt(u1) * n2, n2, phi, oneSided };
}

/** ln E[phi(A_u)]; -Infinity where the coefficients give none. */
export function lnExpectedEuler({ n1, n2, phi, oneSided }: EulerCoefficients, u: number): number {
  // relative to exp(-u/2): 40 standard deviations are as good as 4
  const sum = phi * exp(lnTailOfQ0(u, oneSided) + u / 2) + n1 + Math.sqrt(u) * n2;
  return sum > 0 ? log(sum) - u / 2 : -Infinity;
}

/** ln P(q0 > u): P(chi2_1 > u) = 2 P(X > sqrt(u)). */
function lnTailOfQ0(u: number, oneSided: boolean): number {
  return lnNormalTail(Math.sqrt(u)) + (oneSided ? 0 : 0.6931471805599453);
}

function tailOfQ0(u: number, oneSided: boolean): number {
  return exp(lnTailOfQ0(u, oneSided));
}

export interface EulerInput {
  readonly complex: Complex | string;
  readonly fields: FieldSource;
  readonly lnPLocal: number;
  readonly levels?: readonly [number, number, number];
  /** Why the fields are not Gaussian enough, or their lattice not fine enough. */
  readonly reason?: (complex: Complex, z0: number, z: number) => string | undefined;
}

export interface EulerEstimator extends Estimator {
  readonly coefficients?: EulerCoefficients;
  /** Mean phi at the third level: measured, its error, and as N1 and N2 have it. */
  readonly check?: { readonly u: number; readonly measured: number; readonly error: number; readonly expected: number };
}

export function euler({ complex, fields, lnPLocal, levels = EULER_LEVELS, reason }: EulerInput): EulerEstimator {
  if (typeof complex === 'string') return withoutNumber('euler', complex);
  const z = lnPLocal < 0 ? zFromLnP(lnPLocal) : -Infinity;
  const [u1, u2, u3] = levels;
  if (!(z > Math.sqrt(u2))) {
    const found = `local Z ${z.toFixed(2)} is not above the level ${Math.sqrt(u2).toFixed(2)} of the excursions`;
    return withoutNumber('euler', found);
  }
  const { mean, covariance } = meanEuler(complex, fields, levels);
  const phi = eulerCharacteristic(complex, new Uint8Array(complex.vertices).fill(1));
  const solve = (e1: number, e2: number) => solveEuler([u1, u2], [e1, e2], phi, true);
  const coefficients = solve(mean[0], mean[1]);
  const predict = (u: number) => exp(lnExpectedEuler(coefficients, u));
  // E[phi] at u is linear in both means
  const weights = (u: number) => {
    const t = (Math.sqrt(u) - Math.sqrt(u1)) / (Math.sqrt(u2) - Math.sqrt(u1));
    return [(1 - t) * exp((u1 - u) / 2), t * exp((u2 - u) / 2)];
  };
  const [a1, a2] = weights(u3);
  const check = { u: u3, measured: mean[2], error: Math.sqrt(covariance[2][2]), expected: predict(u3) };
  const checkError = Math.sqrt(quadratic([a1, a2, -1], covariance));
  const offBy = check.measured - check.expected;
  const u = z * z;
  const [b1, b2] = weights(u);
  const statistical = Math.sqrt(quadratic([b1, b2, 0], covariance));
  const lnPGlobal = Math.max(lnPLocal, lnExpectedEuler(coefficients, u));
  const pGlobal = exp(lnPGlobal);
  // what the check leaves beyond its own error is carried up as a part of p
  const unexplained = Math.sqrt(Math.max(0, offBy * offBy - checkError * checkError));
  const systematic = check.expected > 0 ? (pGlobal * unexplained) / check.expected : 0;
  const found = [
    reason?.(complex, Math.sqrt(u2), z),
    Math.abs(offBy) > Math.max(CHECK_SIGMAS * checkError, CHECK_PART * Math.abs(check.measured))
      ? `the check at Z ${Math.sqrt(u3).toFixed(2)} has mean phi ${check.measured.toFixed(3)}, N1 and N2 give ${check.expected.toFixed(3)}`
      : undefined,
    pGlobal > LARGEST_P
      ? `p_global is ${pGlobal.toFixed(2)}: the expected phi is a probability only when small`
      : undefined,
  ].find((text) => text !== undefined);
  const estimator = makeEstimator({
    name: 'euler',
    lnPGlobal,
    lnPLocal,
    ...normalIntervals(pGlobal, Math.sqrt(statistical ** 2 + systematic ** 2), exp(lnPLocal)),
    reason: found,
  });
  return { ...estimator, coefficients, check };
}

/** Mean Euler characteristics of the excursion sets q0 > u of fields, and their covariance. */
export function meanEuler(complex: Complex, fields: FieldSource, levels: readonly number[]) {
  const inside = new Uint8Array(complex.vertices);
  return meanAndError(fields, levels.length, (field, out) => {
    levels.forEach((u, k) => {
      const z = Math.sqrt(u);
      for (let w = 0; w < inside.length; w++) inside[w] = field[w] >= z ? 1 : 0;
      out[k] = eulerCharacteristic(complex, inside);
    });
  });
}

function quadratic(a: readonly number[], covariance: readonly Float64Array[]): number {
  let sum = 0;
  a.forEach((ai, i) => a.forEach((aj, j) => (sum += ai * aj * covariance[i][j])));
  return Math.max(0, sum);
}
