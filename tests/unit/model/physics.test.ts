import { describe, expect, it } from 'vitest';
import {
  brDarkPhotonMuMu,
  hadronicR,
  kallen,
  physicsFunctions,
  xsDarkHiggsstrahlung,
} from '../../../src/model/physics.ts';

const ALPHA = 1 / 137.036;

describe('physics formulas of cards', () => {
  it('the cross section is 22 fb at epsilon^2 = 1e-4, alpha_D = alpha, sqrt(s) = 10 GeV and light masses', () => {
    // Batell, Pospelov, Ritz (2009): "20 fb"; at zero masses pi alpha^2 1e-4 / (3 * 100 GeV^2) = 5.576e-11 GeV^-2.
    const fb = 1e-4 * ALPHA * xsDarkHiggsstrahlung(0, 0, 10);
    expect(fb).toBeCloseTo(5.5763e-11 * 0.38938e12, 2);
    expect(1e-4 * ALPHA * xsDarkHiggsstrahlung(0.5, 0.2, 10)).toBeCloseTo(22, 0);
  });

  it('vanishes at and above the kinematic limit and for impossible masses', () => {
    expect(xsDarkHiggsstrahlung(6, 4, 10)).toBe(0);
    expect(xsDarkHiggsstrahlung(6, 4.1, 10)).toBe(0);
    expect(xsDarkHiggsstrahlung(-1, 1, 10)).toBe(0);
    expect(xsDarkHiggsstrahlung(1, NaN, 10)).toBe(0);
    expect(xsDarkHiggsstrahlung(6, 3.999999, 10)).toBeGreaterThan(0);
  });

  it('the branching fraction is 0.15 near 9 GeV and one of two leptons below the pion threshold', () => {
    expect(brDarkPhotonMuMu(9)).toBeGreaterThan(0.145);
    expect(brDarkPhotonMuMu(9)).toBeLessThan(0.155);
    const phaseSpace = (1 + 2 * (0.10566 / 0.27) ** 2) * Math.sqrt(1 - 4 * (0.10566 / 0.27) ** 2);
    expect(brDarkPhotonMuMu(0.27)).toBeCloseTo(phaseSpace / (1 + phaseSpace), 4);
    expect(brDarkPhotonMuMu(0.2)).toBe(0);
    expect(brDarkPhotonMuMu(NaN)).toBe(0);
  });

  it('a limit of 1.7 fb on sigma times branching at M_A = 9 GeV is the published best epsilon^2 alpha_D', () => {
    // Belle II, Phys. Rev. Lett. 130 (2023) 071804: 1.7e-8, the smallest value, goes with 1.7 fb.
    for (const mh of [0.05, 0.5, 1]) {
      const coupling = 1.7 / (xsDarkHiggsstrahlung(9, mh, 10.58) * brDarkPhotonMuMu(9));
      expect(coupling).toBeGreaterThan(1.2e-8);
      expect(coupling).toBeLessThan(1.8e-8);
    }
  });

  it('R rises by plateaus at the thresholds', () => {
    expect([0.2, 2, 9, 11].map(hadronicR)).toEqual([0, 2.2, 3.6, 3.9]);
  });

  it('Kallen function of a decay at rest gives four s p^2', () => {
    // m = 5, daughters 3 and 1: p^2 = (25 - 16)(25 - 4) / 100
    expect(kallen(25, 9, 1)).toBeCloseTo((4 * 25 * (25 - 16) * (25 - 4)) / 100, 9);
  });

  it('every function declares its arguments', () => {
    expect(Object.entries(physicsFunctions).map(([name, f]) => [name, f.length])).toEqual([
      ['kallen', 3],
      ['xs_dark_higgsstrahlung', 3],
      ['br_dark_photon_mumu', 1],
      ['hadronic_r', 1],
    ]);
  });
});
