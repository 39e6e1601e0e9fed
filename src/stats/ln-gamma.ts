/** ln Gamma(x) for x > 0: Taylor series around 2, recurrence up to 10, Stirling's series above. */
import { domainError } from './domain.ts';
import { log, log1p } from './portable.ts';

export const LN_SQRT_2PI = 0.9189385332046728;

/** (-1)^k (zeta(k) - 1)/k for k = 2 .. 28: ln Gamma(2 + z) = (1 - gamma) z + sum_k c_k z^k, |z| < 2. */
const ZETA_COEFFICIENTS = [
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234,
  -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-5, -4.492623673813314e-5,
  2.050721277567069e-5, -9.439488275268397e-6, 4.374866789907488e-6, -2.039215753801366e-6, 9.55141213040742e-7,
  -4.492469198764566e-7, 2.1207184805554665e-7, -1.0043224823968099e-7, 4.7698101693639804e-8, -2.2711094608943164e-8,
  1.0838659214896955e-8, -5.183475041970047e-9, 2.4836745438024785e-9, -1.1921401405860912e-9, 5.731367241678862e-10,
  -2.7595228851242334e-10, 1.330476437424449e-10,
];
const ONE_MINUS_EULER = 0.42278433509846713;

/** ln Gamma(x), x > 0. Relative error below 1e-15, also next to the zeros at 1 and 2. */
export function lnGamma(x: number): number {
  if (!(x > 0)) throw domainError(`lnGamma(${x})`, 'x > 0');
  if (x >= 10) return x === Infinity ? x : x * (log(x) - 1) - 0.5 * log(x) + (LN_SQRT_2PI + stirlingSeries(x));
  if (x < 0.5) return lnGammaOnePlus(x) - log(x);
  if (x < 1.5) return lnGammaOnePlus(x - 1);
  let product = 1;
  while (x > 2.5) {
    x -= 1;
    product *= x;
  }
  return lnGammaNearTwo(x - 2) + log(product);
}

/** ln Gamma(1 + x) for x > -1/2, without the rounding of 1 + x. */
export function lnGammaOnePlus(x: number): number {
  return x <= 0.5 ? lnGammaNearTwo(x) - log1p(x) : lnGamma(1 + x);
}

/** ln Gamma(2 + z) for |z| <= 1/2. */
function lnGammaNearTwo(z: number): number {
  let sum = 0;
  for (let k = ZETA_COEFFICIENTS.length - 1; k >= 0; k--) sum = sum * z + ZETA_COEFFICIENTS[k];
  return z * (ONE_MINUS_EULER + z * sum);
}

/** sum_k B_2k / (2k (2k-1) x^(2k-1)), the correction to Stirling's formula; to 1e-18 for x >= 10. */
export function stirlingSeries(x: number): number {
  const z = 1 / (x * x);
  const head =
    0.08333333333333333 + z * (-0.002777777777777778 + z * (0.0007936507936507937 + z * -0.0005952380952380953));
  if (x > 500) return head / x;
  const tail =
    0.0008417508417508417 +
    z *
      (-0.0019175269175269176 +
        z * (0.00641025641025641 + z * (-0.029550653594771242 + z * (0.17964437236883057 + z * -1.3924322169059011))));
  return (head + z * z * z * z * tail) / x;
}
