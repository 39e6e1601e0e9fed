/** All kernels by name: what workers and the WebGPU backend look a kernel up in. */
import { bayesLimit } from './bayes_limit.ts';
import type { Kernel } from './kernel.ts';
import { marginalP0 } from './marginal_p0.ts';
import { onOffP0 } from './on_off_p0.ts';
import { predictiveQuantiles } from './predictive_quantiles.ts';
import { spectrumBest } from './spectrum_best.ts';
import { spectrumFit } from './spectrum_fit.ts';
import { spectrumQuick } from './spectrum_quick.ts';
import { spectrumRepeat } from './spectrum_repeat.ts';
import { spectrumThrow } from './spectrum_throw.ts';
import { toyScan } from './toy_scan.ts';
import { profileLimit } from './profile_limit.ts';
import { profileP0 } from './profile_p0.ts';

export const kernels: Readonly<Record<string, Kernel>> = {
  [bayesLimit.name]: bayesLimit,
  [marginalP0.name]: marginalP0,
  [onOffP0.name]: onOffP0,
  [predictiveQuantiles.name]: predictiveQuantiles,
  [spectrumBest.name]: spectrumBest,
  [spectrumFit.name]: spectrumFit,
  [spectrumQuick.name]: spectrumQuick,
  [spectrumRepeat.name]: spectrumRepeat,
  [spectrumThrow.name]: spectrumThrow,
  [toyScan.name]: toyScan,
  [profileLimit.name]: profileLimit,
  [profileP0.name]: profileP0,
};
