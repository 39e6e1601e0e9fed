/** The spectrum that toys of a measurement of bias are thrown from: fits of the card itself, or of another one on the same data. */
import { DarkscanError } from '../../errors.ts';
import type { SpectrumPart } from '../../scan/spectrum/part.ts';
import { expectedBackground } from './expected-background.ts';

/**
 * [all bins] the stitched background of the other card. Errors (kind card): it has other spectra, other bins, other counts.
 * @param name of the other card, for messages
 */
export function truthBackground(
  parts: readonly SpectrumPart[],
  truth: readonly SpectrumPart[],
  name: string,
): Float64Array {
  const refuse = (found: string) => {
    throw new DarkscanError('card', `bias: ${name} has ${found}; --truth needs a card on the same data`, {
      where: name,
    });
  };
  if (truth.length !== parts.length) refuse(`${truth.length} spectra, not ${parts.length}`);
  parts.forEach(({ spectrum }, p) => {
    const other = truth[p].spectrum;
    if (other.nBins !== spectrum.nBins) refuse(`${other.nBins} bins in spectra[${p}], not ${spectrum.nBins}`);
    for (let bin = 0; bin < spectrum.nBins; bin++) {
      if (other.low[bin] !== spectrum.low[bin] || other.high[bin] !== spectrum.high[bin])
        refuse(`other edges in spectra[${p}], bin ${bin}`);
      if (other.counts[bin] !== spectrum.counts[bin]) refuse(`other counts in spectra[${p}], bin ${bin}`);
    }
  });
  return expectedBackground(truth);
}

/**
 * Error (kind card) where a range of the hypothesis reaches into bins that no fit of the truth sees: it would expect 0 there.
 * @param h hypothesis of the part
 */
export function checkSeen(
  { plan, spectrum, hypotheses }: SpectrumPart,
  h: number,
  truth: SpectrumPart,
  name: string,
): void {
  const seen = new Uint8Array(spectrum.nBins);
  for (const bin of truth.plan.bins) seen[bin] = 1;
  const bin = plan.ranges[h].bins.find((one) => seen[one] === 0);
  if (bin === undefined) return;
  const place = `the bin at ${spectrum.low[bin]}, in the range of the hypothesis at ${hypotheses[h].mass}`;
  throw new DarkscanError('card', `bias: no fit of ${name} reaches ${place}; widen its ranges`, { where: name });
}
