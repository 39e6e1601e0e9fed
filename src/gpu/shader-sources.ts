/**
 * Kernel name -> WGSL text: shared pure functions (shaders/shared/) in front of the kernel's own file. The declarations
 * of bindings and params are not here; src/gpu/layout.ts derives them from the Kernel descriptor.
 */
import { DarkscanError } from '../errors.ts';
import bayesLimit from '../../shaders/bayes_limit.wgsl';
import marginalP0 from '../../shaders/marginal_p0.wgsl';
import onOffP0 from '../../shaders/on_off_p0.wgsl';
import predictiveQuantiles from '../../shaders/predictive_quantiles.wgsl';
import profileLimit from '../../shaders/profile_limit.wgsl';
import profileP0 from '../../shaders/profile_p0.wgsl';
import selfTest from '../../shaders/self_test.wgsl';
import spectrumBest from '../../shaders/spectrum_best.wgsl';
import spectrumQuick from '../../shaders/spectrum_quick.wgsl';
import spectrumThrow from '../../shaders/spectrum_throw.wgsl';
import toyScan from '../../shaders/toy_scan.wgsl';
import countMixture from '../../shaders/shared/count_mixture.wgsl';
import countPmf from '../../shaders/shared/count_pmf.wgsl';
import countTail from '../../shaders/shared/count_tail.wgsl';
import deviance from '../../shaders/shared/deviance.wgsl';
import exp from '../../shaders/shared/exp.wgsl';
import log1p from '../../shaders/shared/log1p.wgsl';
import philox from '../../shaders/shared/philox.wgsl';
import profile from '../../shaders/shared/profile.wgsl';
import profileFit from '../../shaders/shared/profile_fit.wgsl';
import totals from '../../shaders/shared/totals.wgsl';

const COUNTS = [exp, log1p, deviance, countPmf];
const PROFILE = [exp, deviance, profile, profileFit];

const PIECES: Readonly<Record<string, readonly string[]>> = {
  bayes_limit: [...COUNTS, countMixture, bayesLimit],
  marginal_p0: [...COUNTS, countMixture, countTail, marginalP0],
  on_off_p0: [...COUNTS, countTail, onOffP0],
  predictive_quantiles: [...COUNTS, countMixture, predictiveQuantiles],
  profile_limit: [...PROFILE, profileLimit],
  profile_p0: [...PROFILE, profileP0],
  self_test: [selfTest],
  spectrum_best: [spectrumBest],
  spectrum_quick: [spectrumQuick],
  spectrum_throw: [philox, totals, spectrumThrow],
  toy_scan: [philox, totals, toyScan],
};

export const shaderNames: readonly string[] = Object.keys(PIECES);

export function shaderSource(kernelName: string): string {
  const pieces = PIECES[kernelName];
  if (pieces === undefined) {
    throw new DarkscanError(
      'internal',
      `gpu: kernel ${kernelName} has no shader; run it on a CPU backend, or list it in src/gpu/shader-sources.ts`,
    );
  }
  return pieces.join('\n');
}
