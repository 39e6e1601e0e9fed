/** Gamma function family in one place. */
export { lnGamma, lnGammaOnePlus } from './ln-gamma.ts';
export { stirlingError } from './deviance.ts';
export { gammaP, gammaQ, lnGammaP, lnGammaQ } from './incomplete-gamma.ts';
export { gammaPInverse, gammaPInverseLn, gammaQInverse, gammaQInverseLn } from './gamma-inverse.ts';
