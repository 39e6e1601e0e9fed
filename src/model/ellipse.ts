/**
 * One ellipse, three ways to say it: covariance matrix V, quadratic form Q = V^-1 (inside: d^T Q d <= 1), principal
 * half-axes with the angle of the first one. All angles counter-clockwise from +x, in the numerical units of the columns.
 */
import { atan2, cos, sin } from '../stats/portable.ts';

/** Symmetric 2 x 2 matrix with its determinant carried along: computed from factors, it does not cancel. */
export interface Symmetric {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
  readonly det: number;
}

export interface PrincipalAxes {
  readonly a: number;
  readonly b: number;
  readonly phiDeg: number;
}

/**
 * The one inside test of the project: d^T Q d in f64, exactly these operations in this order; inside means <= 1.
 * Every count by the `exact` rule is made by this line.
 */
export function quadraticForm(qxx: number, qxy: number, qyy: number, dx: number, dy: number): number {
  return qxx * dx * dx + 2 * qxy * dx * dy + qyy * dy * dy;
}

/** V = [[sx^2, rho sx sy], [rho sx sy, sy^2]] from marginal resolutions and their correlation, |rho| < 1. */
export function covarianceFromCorrelation(sx: number, sy: number, rho: number): Symmetric {
  return { xx: sx * sx, xy: rho * sx * sy, yy: sy * sy, det: sx * sx * (sy * sy) * ((1 - rho) * (1 + rho)) };
}

/** V = R diag(s1^2, s2^2) R^T: resolutions along axes rotated by an angle with the given cosine and sine. */
export function covarianceFromRotation(s1: number, s2: number, c: number, s: number): Symmetric {
  const v1 = s1 * s1;
  const v2 = s2 * s2;
  return { xx: c * c * v1 + s * s * v2, xy: c * s * (v1 - v2), yy: s * s * v1 + c * c * v2, det: v1 * v2 };
}

/** Inverse of V. */
export function invert(v: Symmetric): Symmetric {
  return { xx: v.yy / v.det, xy: -v.xy / v.det, yy: v.xx / v.det, det: 1 / v.det };
}

/**
 * Principal half-axes of d^T V^-1 d <= 1: a >= b, square roots of the eigenvalues of V, the smaller one as det/larger;
 * tan 2 phi = 2 Vxy/(Vxx - Vyy), phi in (-90, 90] degrees, 0 for a circle.
 */
export function principalAxes(v: Symmetric): PrincipalAxes {
  const half = (v.xx - v.yy) / 2;
  const larger = (v.xx + v.yy) / 2 + Math.sqrt(half * half + v.xy * v.xy);
  const phiDeg = half === 0 && v.xy === 0 ? 0 : (atan2(v.xy, half) * 90) / Math.PI;
  return { a: Math.sqrt(larger), b: Math.sqrt(v.det / larger), phiDeg };
}

/** Covariance-like matrix of the ellipse with half-axes a, b and the angle of a in degrees. */
export function covarianceFromAxes(a: number, b: number, phiDeg: number): Symmetric {
  const [c, s] = cosSinDegrees(phiDeg);
  return covarianceFromRotation(a, b, c, s);
}

/** The "ellipse" of one dimension: only xx counts. */
export function interval(halfWidth: number): Symmetric {
  return { xx: halfWidth * halfWidth, xy: 0, yy: 0, det: 0 };
}

/** Cosine and sine of an angle in degrees, exact at multiples of 90 (tables are full of those). */
export function cosSinDegrees(degrees: number): readonly [number, number] {
  const turn = ((degrees % 360) + 360) % 360;
  const quarter = Math.floor(turn / 90 + 0.5);
  const rest = ((turn - 90 * quarter) * Math.PI) / 180;
  const c = cos(rest);
  const s = sin(rest);
  switch (quarter % 4) {
    case 0:
      return [c, s];
    case 1:
      return [-s, c];
    case 2:
      return [-c, -s];
    default:
      return [s, -c];
  }
}
