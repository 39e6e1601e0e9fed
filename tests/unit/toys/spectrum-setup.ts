/** Spectra for tests of toys: parts as the card makes them, without a card. */
import { makeFitPlan, type FitModel } from '../../../src/model/spectrum/fit-plan.ts';
import type { Hypothesis } from '../../../src/model/spectrum/hypotheses.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import type { Spectrum } from '../../../src/model/spectrum/spectrum.ts';
import type { SpectrumPart } from '../../../src/scan/spectrum/part.ts';
import {
  prepareSpectrumToys,
  type SpectrumToyOptions,
  type SpectrumToySetup,
} from '../../../src/toys/spectrum/prepare-spectrum-toys.ts';
import { unitSpectrum } from '../../support/spectra.ts';

export const gaussianAt = ({ mass, sigma }: Hypothesis) => gaussian(mass, sigma);

export function partOf(
  spectrum: Spectrum,
  hypotheses: readonly Hypothesis[],
  model: Partial<FitModel> = {},
  place: Partial<Pick<SpectrumPart, 'name' | 'first'>> = {},
): SpectrumPart {
  const whole: FitModel = {
    signalAt: gaussianAt,
    background: { kind: 'chebyshev', degree: 1 },
    range: { halfWidth: 1000 },
    ...model,
  };
  return {
    name: '',
    first: 0,
    ...place,
    spectrum,
    hypotheses,
    model: whole,
    plan: makeFitPlan(spectrum, hypotheses, whole),
  };
}

export const masses = (from: number, to: number, step: number, sigma: number): Hypothesis[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => ({ mass: from + i * step, sigma }));

export function setupOf(
  parts: readonly SpectrumPart[],
  options: Partial<SpectrumToyOptions> = {},
): Promise<SpectrumToySetup> {
  return prepareSpectrumToys(parts, { card: { name: 'lines', hash: 'of the card' }, seed: 1, ...options });
}

/** Two spectra of a falling background, 60 and 30 bins, with an excess in the first one; sliding ranges of 10 sigma. */
export function twoParts(): SpectrumPart[] {
  const counts = Array.from({ length: 60 }, (_, i) => Math.round(90 * Math.exp(-i / 40)) + ((7 * i) % 11) - 5);
  [11, 18, 11].forEach((more, k) => (counts[29 + k] += more));
  const others = Array.from({ length: 30 }, (_, i) => 40 - i + ((5 * i) % 7) - 3);
  const model: Partial<FitModel> = { range: { halfWidth: 10 } };
  return [
    partOf(unitSpectrum(counts), masses(5, 55, 1, 1.5), model, { name: 'low' }),
    partOf(unitSpectrum(others), masses(4, 26, 1, 1.5), model, { name: 'high', first: 51 }),
  ];
}
