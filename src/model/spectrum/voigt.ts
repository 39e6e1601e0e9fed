/** Voigt profile: a Breit-Wigner (Lorentz) line seen with a Gaussian resolution. */
import { DarkscanError } from '../../errors.ts';
import { cos, exp, tan } from '../../stats/portable.ts';
import { gaussLegendre } from '../constraints/gauss.ts';
import { gaussian, type SignalShape } from './signal-shapes.ts';

const N = 48;
const L = Math.sqrt(N / Math.SQRT2);
const COEFFICIENTS = weidemanCoefficients();
const QUADRATURE = gaussLegendre(8);
const INVERSE_SQRT_PI = 0.5641895835477563;
const MOST_PANELS = 1e5;

/**
 * Re w((m - mass + i width/2)/(sigma sqrt 2)) / (sigma sqrt(2 pi)), w the Faddeeva function; normalised over all m.
 * @param width full width at half maximum of the line, >= 0
 * Absolute error of an integral below 1e-12 (tests/unit/spectrum/signal-shapes.test.ts).
 */
export function voigt(mass: number, sigma: number, width: number): SignalShape {
  if (width === 0) return gaussian(mass, sigma);
  if (!(sigma > 0 && sigma < Infinity && width > 0 && width < Infinity))
    throw new DarkscanError(
      'card',
      `signal: sigma ${sigma} and width ${width}, expected finite numbers, sigma above 0`,
    );
  const scale = 1 / (sigma * Math.SQRT2);
  const y = 0.5 * width * scale;
  const norm = INVERSE_SQRT_PI * scale;
  // The profile is analytic, its nearest feature this far from the real axis.
  const panel = 0.5 * Math.max(sigma, 0.5 * width);
  return {
    integral(low, high) {
      const nPanels = Math.min(MOST_PANELS, Math.max(1, Math.ceil((high - low) / panel)));
      const half = (0.5 * (high - low)) / nPanels;
      let sum = 0;
      for (let i = 0; i < nPanels; i++) {
        const middle = low - mass + (2 * i + 1) * half;
        QUADRATURE.nodes.forEach((node, k) => {
          sum += QUADRATURE.weights[k] * realFaddeeva((middle + half * node) * scale, y);
        });
      }
      return norm * half * sum;
    },
    density: (m) => norm * realFaddeeva((m - mass) * scale, y),
  };
}

/** Re w(x + iy), y > 0: w = 2 p(Z)/(L - iz)^2 + 1/(sqrt(pi) (L - iz)), Z = (L + iz)/(L - iz) (Weideman 1994, Eq. 38). */
function realFaddeeva(x: number, y: number): number {
  const [br, bi] = [L + y, -x]; // L - iz
  const [ar, ai] = [L - y, x]; // L + iz
  const norm = 1 / (br * br + bi * bi);
  const [zr, zi] = [(ar * br + ai * bi) * norm, (ai * br - ar * bi) * norm];
  let pr = 0;
  let pi = 0;
  for (let k = N - 1; k >= 0; k--) {
    const next = pr * zr - pi * zi + COEFFICIENTS[k];
    pi = pr * zi + pi * zr;
    pr = next;
  }
  // 1/(L - iz) = (br - i bi) norm
  const [cr, ci] = [br * norm, -bi * norm];
  const [sr, si] = [cr * cr - ci * ci, 2 * cr * ci];
  return 2 * (pr * sr - pi * si) + INVERSE_SQRT_PI * cr;
}

/** Fourier coefficients of exp(-t^2)(L^2 + t^2), t = L tan(theta/2). */
function weidemanCoefficients(): Float64Array {
  const nAngles = 2 * N;
  return Float64Array.from({ length: N }, (_, n) => {
    let sum = 0;
    for (let k = -nAngles + 1; k < nAngles; k++) {
      const theta = (k * Math.PI) / nAngles;
      const t = L * tan(0.5 * theta);
      sum += exp(-t * t) * (L * L + t * t) * cos((n + 1) * theta);
    }
    return sum / (2 * nAngles);
  });
}

/** Full width at half maximum of a normal distribution of standard deviation 1. */
const NORMAL_FWHM = 2.3548200450309493;

/**
 * Standard deviation of the normal distribution with the full width at half maximum of the Voigt profile, to 2e-4
 * (J. Olivero, R. Longbothum, J. Quant. Spectrosc. Radiat. Transfer 17, 233 (1977)).
 */
export function voigtWidth(sigma: number, width: number): number {
  const normal = NORMAL_FWHM * sigma;
  return (0.5346 * width + Math.sqrt(0.2166 * width * width + normal * normal)) / NORMAL_FWHM;
}
