/**
 * Physics formulas that cards may use by name. Built on + - * / and sqrt only, so that every engine gives the same
 * bits. Outside their kinematic range the functions are 0: there is no such process.
 */

/** Fine-structure constant at low energy; the running to 10 GeV (4 %) is left out, as in the published conversion. */
const ALPHA = 1 / 137.036;
/** (hbar c)^2 in fb GeV^2 (PDG 2024: 0.3893793721 GeV^2 mb). */
const GEV2_TO_FB = 0.3893793721e12;
/** Lepton masses in GeV (PDG 2024). */
const M_E = 0.00051099895;
const M_MU = 0.1056583755;
const M_TAU = 1.77693;

/** Kallen triangle function a^2 + b^2 + c^2 - 2ab - 2ac - 2bc. */
export function kallen(a: number, b: number, c: number): number {
  return a * a + b * b + c * c - 2 * (a * b + a * c + b * c);
}

/**
 * Cross section of e+e- -> A' h' in fb for epsilon^2 alpha_D = 1; it is linear in that product
 * (Batell, Pospelov, Ritz, Phys. Rev. D 79 (2009) 115008):
 *   sigma = (pi alpha / 3s) (1 - x)^-2 sqrt(lambda) (lambda + 12 x),
 *   x = m_A'^2/s, y = m_h'^2/s, lambda = 1 + x^2 + y^2 - 2x - 2y - 2xy.
 * Check: epsilon^2 = 1e-4, alpha_D = alpha, sqrt(s) = 10 GeV, light masses: 22 fb (the paper's text says about 20 fb).
 * @param mA mass of the dark photon, GeV
 * @param mh mass of the dark Higgs boson, GeV
 * @param sqrtS centre-of-mass energy, GeV
 */
export function xsDarkHiggsstrahlung(mA: number, mh: number, sqrtS: number): number {
  if (!(sqrtS > 0) || !(mA >= 0) || !(mh >= 0) || mA + mh >= sqrtS) return 0;
  const s = sqrtS * sqrtS;
  const x = (mA * mA) / s;
  const lambda = kallen(1, x, (mh * mh) / s);
  if (!(lambda > 0)) return 0;
  const propagator = 1 / ((1 - x) * (1 - x));
  return ((Math.PI * ALPHA) / (3 * s)) * propagator * Math.sqrt(lambda) * (lambda + 12 * x) * GEV2_TO_FB;
}

/** Width of A' -> l+l- over alpha epsilon^2 M / 3: (1 + 2 m^2/M^2) sqrt(1 - 4 m^2/M^2), 0 below threshold. */
function leptonWidth(mass: number, lepton: number): number {
  const r = (lepton * lepton) / (mass * mass);
  return r < 0.25 ? (1 + 2 * r) * Math.sqrt(1 - 4 * r) : 0;
}

/**
 * R = sigma(e+e- -> hadrons) / sigma(e+e- -> mu+mu-, massless) as plateaus between thresholds: 3 sum q^2 (1 + alpha_s/pi)
 * rounded to the data of the PDG's R compilation, which they follow within 10 % away from resonances.
 * The narrow resonances (rho, omega, phi, J/psi, psi(2S), Upsilon) and the structure at the charm threshold are NOT drawn
 * in: near them, and anywhere below 1.8 GeV, the branching fraction is an orientation only.
 */
const R_PLATEAUS: readonly { readonly from: number; readonly r: number }[] = [
  { from: 10.56, r: 3.9 }, // u d s c b, from 2 m_B
  { from: 3.73, r: 3.6 }, // u d s c, from 2 m_D
  { from: 0.2791, r: 2.2 }, // u d s, from 2 m_pi
];

/** Hadronic R of the plateaus above at mass M in GeV; 0 below 2 m_pi. */
export function hadronicR(mass: number): number {
  for (const plateau of R_PLATEAUS) if (mass >= plateau.from) return plateau.r;
  return 0;
}

/**
 * Branching fraction of a dark photon to mu+mu-, decays to dark states closed:
 *   Gamma_mumu / (Gamma_ee + Gamma_mumu + Gamma_tautau + R Gamma_massless), Gamma_ll = (alpha eps^2 M/3)(1+2r)sqrt(1-4r).
 * 0.15 near 9 GeV. Error: that of R (10 % on plateaus, none near resonances, see R_PLATEAUS).
 * @param mass GeV
 */
export function brDarkPhotonMuMu(mass: number): number {
  if (!(mass > 2 * M_MU)) return 0;
  const muons = leptonWidth(mass, M_MU);
  return muons / (leptonWidth(mass, M_E) + muons + leptonWidth(mass, M_TAU) + hadronicR(mass));
}

/** Names of these functions in card expressions; the number of arguments is the function's `length`. */
export const physicsFunctions: Readonly<Record<string, (...values: number[]) => number>> = {
  kallen,
  xs_dark_higgsstrahlung: xsDarkHiggsstrahlung,
  br_dark_photon_mumu: brDarkPhotonMuMu,
  hadronic_r: hadronicR,
};
